/** What the thread does that reads pages of a log. It ends when anything is not as it should be. */
import { parentPort, workerData } from 'node:worker_threads';
import { type Database, isBuiltIn, loadDriver, prepareQuery } from './driver';
import { LOG_PAGE, memoryOf, pageIn, sizeOf } from './log-page';
import type { PageRequest, ThreadAnswer, ThreadTask } from './page-thread';
import { Pause } from './pause';

/** In bytes. Larger pages would fill the memory of whoever takes them in one after the other. */
const MOST_BYTES = 2_000_000;

const task = workerData as ThreadTask;
const pause = new Pause(task.pause);

/** Opens the file, if it is still the one that the ledger opened: another may have been put in its place. */
const open = (): Database | undefined => {
  const driver = loadDriver();
  // Two libraries of SQLite in one process would undo each other's locks on the file.
  if (driver === undefined || isBuiltIn(driver) !== task.isBuiltIn) return undefined;
  const database = new driver.DatabaseSync(task.path, { readOnly: true });
  const [known] = prepareQuery(database, 'SELECT id FROM events WHERE position = ?')(task.position);
  return known?.[0] === task.id ? database : undefined;
};

const readerOf = (database: Database | undefined) =>
  // Together: a statement does not keep its connection, which is closed once nothing refers to it.
  database && { database, read: prepareQuery(database, LOG_PAGE) };

const say = (answer: ThreadAnswer, memory: ReadonlyArray<ArrayBuffer> = []): void => {
  parentPort?.postMessage(answer, memory);
};

const reader = pause.whileFree(() => readerOf(open()));
if (reader !== undefined) {
  parentPort?.on('message', ({ start, limit }: PageRequest) => {
    const rows = pause.whileFree(() => reader.read(start, limit));
    const page = rows && pageIn(rows);
    if (page === undefined || sizeOf(page) > MOST_BYTES) say(undefined);
    else say(page, memoryOf(page));
  });
  say('ready');
}
