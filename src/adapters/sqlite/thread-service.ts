/** What a thread with a connection of its own does. It ends when anything is not as it should be. */
import {
  type MessagePort,
  parentPort,
  receiveMessageOnPort,
  workerData,
} from 'node:worker_threads';
import type { Place } from './connection';
import { type Database, isBuiltIn, loadDriver, prepareQuery } from './driver';
import type { ThreadSays, ThreadTask } from './driver-thread';
import { Pause } from './pause';

/** How it ends when something went wrong; a thread that is ended ends with 1. */
const BROKEN = 2;

/** An answer, and the parts of it that are handed over instead of copied. */
export interface Said<Answer> {
  readonly answer: Answer | undefined;
  readonly memory?: ReadonlyArray<ArrayBuffer>;
}

/**
 * What answers requests: the first one, and as many of those that `next` gives as it takes together with it.
 *
 * @returns the answers in the order of the requests
 */
export type Service<Request, Answer> = (
  first: Request,
  next: () => Request | undefined,
) => ReadonlyArray<Said<Answer>> | Promise<ReadonlyArray<Said<Answer>>>;

/** What a service works with. The file is the one that the ledger opened. */
export interface Opened {
  readonly place: Place;
  readonly database: Database;
  /**
   * Does `work`, which calls the driver: the thread is not ended meanwhile.
   *
   * @throws Error when the thread is being ended
   */
  readonly inDriver: <A>(work: () => A) => A;
}

/** Opens the file if it is the one that the ledger opened, and changes nothing in it. */
const open = ({ place, known, ...task }: ThreadTask, readOnly: boolean): Database | undefined => {
  const driver = loadDriver();
  // Two libraries of SQLite in one process would undo each other's locks on the file.
  if (driver === undefined || isBuiltIn(driver) !== task.isBuiltIn) return undefined;
  const database = new driver.DatabaseSync(place.path, { readOnly });
  const idAt = prepareQuery(database, 'SELECT id FROM events WHERE position = ?');
  return idAt(known.position)[0]?.[0] === known.id ? database : undefined;
};

const say = (
  port: MessagePort,
  said: ThreadSays,
  memory: ReadonlyArray<ArrayBuffer> = [],
): void => {
  port.postMessage(said, memory);
};

/** Answers requests in their order until the thread is ended. */
export const serve = (
  prepare: (opened: Opened) => Service<never, unknown>,
  { readOnly }: { readonly readOnly: boolean },
): void => {
  const task = workerData as ThreadTask;
  const pause = new Pause(task.pause);
  const inDriver: Opened['inDriver'] = (work) => pause.whileFree(work);
  const service = inDriver(() => {
    const database = open(task, readOnly);
    // Together: a statement does not keep its connection, which is closed once nothing refers to it.
    return database && { database, answer: prepare({ place: task.place, database, inDriver }) };
  });
  const port = parentPort;
  if (service === undefined || port === null) return;
  const inbox: Array<unknown> = [];
  // What is on its way is there at once; the event loop would bring it one by one.
  const next = (): unknown =>
    inbox.length > 0
      ? inbox.shift()
      : (receiveMessageOnPort(port) as { readonly message: unknown } | undefined)?.message;
  let isAtWork = false;
  const work = async (): Promise<void> => {
    isAtWork = true;
    for (let first = next(); first !== undefined; first = next()) {
      const answers = await service.answer(first as never, next as () => never);
      for (const { answer, memory } of answers) say(port, { answer }, memory);
    }
    isAtWork = false;
  };
  port.on('message', (request: unknown) => {
    inbox.push(request);
    // Not left to what a host wants done with errors that nobody handles.
    if (!isAtWork) work().catch(() => process.exit(BROKEN));
  });
  say(port, 'ready');
};
