/** Read models in a SQLite file of their own, which several processes may use at once. */
import { resolve } from 'node:path';
import type { ReadModel, Rebuilding, Shape } from '../../../../projections/read-model';
import { openFile } from './file';
import { Session } from './session';

/**
 * Read models kept in the SQLite file at `path`, made on first use: a ledger that is opened again goes
 * on where they were left, and reads only what is new. The file can be deleted at any time.
 *
 * @param path relative to the current folder of this call; another file than the ledger's
 */
export const sqliteReadModel = (path: string): ReadModel => {
  const name = `sqlite ${path}`;
  const file = resolve(path);
  return {
    name,
    connect: () => new Session(openFile(file, name), name),
    rebuild: (shape, afresh) => rebuilding(new Session(openFile(file, name), name), shape, afresh),
  };
};

const rebuilding = <Entries>(
  session: Session,
  shape: Shape<Entries>,
  afresh: boolean,
): Rebuilding<Entries> => {
  try {
    session.transact(() => {
      const left = session.generation(shape.name, false);
      if (left !== undefined && (afresh || left.version !== shape.version)) {
        session.drop(shape.name, false);
      }
      if (session.generation(shape.name, false) === undefined) session.create(shape);
    });
    const row = session.generation(shape.name, false);
    if (row === undefined) throw new Error('Defect: the tables have just been made.');
    const { begin, commit, end, close } = session;
    return {
      kept: session.keep(shape, false, row),
      begin,
      commit,
      end,
      close,
      finish: () => {
        session.replace(shape.name, row.generation);
      },
    };
  } catch (error) {
    session.close();
    throw error;
  }
};
