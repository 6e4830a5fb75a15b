/** A whole log as a file of lines, out and in. */
export { exportEvents, type Exported, type ExportOptions, type Sink } from './export';
export { type Imported, importInto, type ImportFailure, type ImportOptions } from './import';
export type { LineProblem } from './line';
