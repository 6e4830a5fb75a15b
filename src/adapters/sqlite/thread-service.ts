/** What a thread with a connection of its own does. It ends when anything is not as it should be. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Place } from './connection';
import { type Database, type Driver, isBuiltIn, loadDriver, prepareQuery } from './driver';
import type { ThreadSays, ThreadTask } from './driver-thread';
import { Pause } from './pause';

/** An answer, and the parts of it that are handed over instead of copied. */
export interface Said<Answer> {
  readonly answer: Answer | undefined;
  readonly memory?: ReadonlyArray<ArrayBuffer>;
}

/** What answers a request. */
export type Service<Request, Answer> = (request: Request) => Said<Answer> | Promise<Said<Answer>>;

/** What a service works with. The file is the one that the ledger opened. */
export interface Opened {
  readonly place: Place;
  readonly driver: Driver;
  /** Only reads. */
  readonly database: Database;
  /**
   * Does `work`, which calls the driver: the thread is not ended meanwhile.
   *
   * @throws Error when the thread is being ended
   */
  readonly inDriver: <A>(work: () => A) => A;
}

/** Opens the file only if it is the one that the ledger opened, and changes nothing in it. */
const open = ({ place, known, ...task }: ThreadTask): Omit<Opened, 'inDriver'> | undefined => {
  const driver = loadDriver();
  // Two libraries of SQLite in one process would undo each other's locks on the file.
  if (driver === undefined || isBuiltIn(driver) !== task.isBuiltIn) return undefined;
  const database = new driver.DatabaseSync(place.path, { readOnly: true });
  const idAt = prepareQuery(database, 'SELECT id FROM events WHERE position = ?');
  return idAt(known.position)[0]?.[0] === known.id ? { place, driver, database } : undefined;
};

const say = (said: ThreadSays, memory: ReadonlyArray<ArrayBuffer> = []): void => {
  parentPort?.postMessage(said, memory);
};

/** Answers requests in their order until the thread is ended. */
export const serve = (prepare: (opened: Opened) => Service<never, unknown>): void => {
  const task = workerData as ThreadTask;
  const pause = new Pause(task.pause);
  const inDriver: Opened['inDriver'] = (work) => pause.whileFree(work);
  const service = inDriver(() => {
    const opened = open(task);
    // Together: a statement does not keep its connection, which is closed once nothing refers to it.
    return opened && { opened, answer: prepare({ ...opened, inDriver }) };
  });
  if (service === undefined) return;
  let before: Promise<void> = Promise.resolve();
  const answered = async (request: unknown): Promise<void> => {
    const { answer, memory } = await service.answer(request as never);
    say({ answer }, memory);
  };
  parentPort?.on('message', (request: unknown) => {
    before = before.then(() => answered(request));
  });
  say('ready');
};
