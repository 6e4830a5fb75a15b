/** A whole log as a file of lines, out and in. */
export {
  exportEvents,
  exportedPages,
  type Exported,
  type ExportedPage,
  type ExportOptions,
  type Sink,
} from './export';
export {
  importEvents,
  importInto,
  type Imported,
  type ImportFailure,
  type ImportIncomplete,
  type ImportOptions,
} from './import';
export type { LineProblem } from './line';
