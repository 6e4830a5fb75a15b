/** What a file is, told by how it begins: one of another kind is then called by its name. */
import { printable } from './terminal';

/** What a command wants to read. */
export type InputKind = 'commands' | 'export';

export const LONGEST_START_BYTES = 64 * 1024;

const LEDGER_START = 'SQLite format 3\0';

export const nameOfKind: Readonly<Record<InputKind, string>> = {
  commands: 'a JSONL file of commands',
  export: 'a file that "seatledger export" wrote',
};

const has = (line: object, ...fields: ReadonlyArray<string>): boolean =>
  fields.every((field) => Object.hasOwn(line, field));

/** The first line that says something, where all of it is in `start`; else nothing is known of the file. */
const firstLineIn = (start: string): unknown => {
  const line = start
    .replace(/^\uFEFF/, '')
    .split('\n')
    .find((one) => one.trim() !== '');
  try {
    return JSON.parse(line ?? '');
  } catch {
    return undefined;
  }
};

const kindOf = (start: string): InputKind | 'ledger' | undefined => {
  if (start.startsWith(LEDGER_START)) return 'ledger';
  const line = firstLineIn(start);
  if (typeof line !== 'object' || line === null) return undefined;
  if (has(line, 'stream', 'revision', 'metadata')) return 'export';
  return has(line, 'principal', 'command') ? 'commands' : undefined;
};

const ofAnotherKind: Readonly<
  Record<InputKind, Partial<Record<InputKind | 'ledger', (file: string) => string>>>
> = {
  commands: {
    export: (file) => `${file} is an export: use seatledger import ${file} --db FILE.`,
    ledger: (file) =>
      `${file} is a ledger, not a file of commands. It is shown by seatledger replay --db ${file}.`,
  },
  export: {
    commands: (file) => `These are commands: use seatledger run ${file} --db FILE.`,
    ledger: (file) =>
      `${file} is a ledger, not an export. It is exported by seatledger export --db ${file} --output FILE.`,
  },
};

/** A sentence where the file is plainly of another kind than `wanted`. */
export const anotherKind = (
  wanted: InputKind,
  file: string,
  start: Uint8Array,
): string | undefined => {
  const found = kindOf(Buffer.from(start).toString('utf8'));
  return found === undefined ? undefined : ofAnotherKind[wanted][found]?.(printable(file));
};
