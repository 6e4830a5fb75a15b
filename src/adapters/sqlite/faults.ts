/**
 * What SQLite and the file system throw, turned into failures that say what to do.
 */
import type { StoreFailure } from '../../application/failures';

/** Thrown inside the adapter only: a failure that is already worded. */
export class Fault extends Error {
  constructor(readonly failure: StoreFailure) {
    super(failure.message);
  }
}

const PRIMARY = {
  busy: 5,
  locked: 6,
  readOnly: 8,
  corrupt: 11,
  full: 13,
  cantOpen: 14,
  constraint: 19,
};
const NOT_A_DATABASE = 26;
/** SQLite could not lengthen its shared index beside the file: in practice, a full disk. */
const IO_SHARED_MEMORY_SIZE = 4874;
/** A reader met a file whose last writer died, and may not roll it back. */
const READ_ONLY_ROLLBACK = 776;

/**
 * SQLite's own words for its codes. The package leaves the code out of what `all` throws, and the
 * words have not changed since SQLite 3.0.
 */
const CODE_OF_MESSAGE = new Map([
  ['database is locked', PRIMARY.busy],
  ['database table is locked', PRIMARY.locked],
  ['attempt to write a readonly database', PRIMARY.readOnly],
  ['database disk image is malformed', PRIMARY.corrupt],
  ['database or disk is full', PRIMARY.full],
  ['unable to open database file', PRIMARY.cantOpen],
  ['file is not a database', NOT_A_DATABASE],
]);

/** SQLite's extended result code; matched by shape, because Jest breaks `instanceof Error`. */
const resultCode = (error: unknown): number | undefined => {
  if (typeof error !== 'object' || error === null) return undefined;
  if ('errcode' in error) return Number(error.errcode);
  return CODE_OF_MESSAGE.get(messageOf(error));
};

const primaryCode = (error: unknown): number => (resultCode(error) ?? 0) & 0xff;

/** Somebody else holds the lock: worth trying again. */
export const isBusy = (error: unknown): boolean =>
  primaryCode(error) === PRIMARY.busy || primaryCode(error) === PRIMARY.locked;

/** The connection may only read, and the file needs its last writer's leftovers rolled back. */
export const needsRollback = (error: unknown): boolean => resultCode(error) === READ_ONLY_ROLLBACK;

/** Thrown while opening: SQLite may not read the file, or not keep beside it what it needs to read. */
export const mayNotOpen = (error: unknown): boolean =>
  primaryCode(error) === PRIMARY.cantOpen || primaryCode(error) === PRIMARY.readOnly;

/** A failed COMMIT after which SQLite alone cannot say whether the commit will be found later. */
export const leavesDoubt = (error: unknown): boolean =>
  ![PRIMARY.busy, PRIMARY.locked, PRIMARY.readOnly, PRIMARY.full].includes(primaryCode(error));

/** What to give in the place of a file that is no ledger: to read, a new one is of no use. */
export const pathAdvice = (readOnly: boolean): string =>
  readOnly ? 'Give the path of a ledger.' : 'Give the path of a ledger or of a new file.';

/** The failure behind anything thrown while working on a store. */
export const toFailure =
  ({ name, readOnly = false }: { readonly name: string; readonly readOnly?: boolean }) =>
  (error: unknown): StoreFailure => {
    if (error instanceof Fault) return error.failure;

    if (resultCode(error) === IO_SHARED_MEMORY_SIZE) return storeFull(name);

    switch (primaryCode(error)) {
      case PRIMARY.readOnly:
        return notWritable(name);
      case PRIMARY.full:
        return storeFull(name);
      case PRIMARY.corrupt:
        return unreadable(`${name} is damaged. Restore it from a backup.`);
      case PRIMARY.constraint:
        // Whatever is written was looked up before, within the same transaction.
        return damaged(
          name,
          `something stands in it twice that may stand there once (${messageOf(error)})`,
        ).failure;
      case NOT_A_DATABASE:
        return unreadable(`${name} is not a ledger. ${pathAdvice(readOnly)}`);
      default:
        return unavailable(
          `${name} answered: ${messageOf(error)}. Check the disk and the permissions, then try again.`,
          codeOf(error),
        );
    }
  };

export const notWritable = (name: string): StoreFailure => ({
  type: 'StoreReadOnly',
  message: `${name} can be read but not written. Make the file and its folder writable, or open it elsewhere for writing.`,
});

const storeFull = (name: string): StoreFailure => ({
  type: 'StoreFull',
  message: `The disk of ${name} is full, and nothing was kept. Make room and try again.`,
});

export const storeBusy = (name: string, waitedMs: number): StoreFailure => ({
  type: 'StoreBusy',
  message: `Another process held the lock of ${name} for ${waitedMs} ms. Try again, or raise busyTimeoutMs.`,
  waitedMs,
});

export const unreadable = (message: string): StoreFailure => ({ type: 'StoreUnreadable', message });

/** @param what is wrong, behind a colon */
export const damaged = (name: string, what: string): Fault =>
  new Fault(unreadable(`${name} is damaged: ${what}. Restore it from a backup.`));

export const unavailable = (message: string, code: string | undefined): StoreFailure => ({
  type: 'StoreUnavailable',
  message,
  code,
});

export const codeOf = (error: unknown): string | undefined => {
  const sqlite = resultCode(error);
  if (sqlite !== undefined) return String(sqlite);

  return typeof error === 'object' && error !== null && 'code' in error
    ? String(error.code)
    : undefined;
};

export const messageOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'message' in error
    ? String(error.message)
    : String(error);
