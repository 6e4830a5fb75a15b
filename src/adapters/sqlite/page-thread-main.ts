/** What the thread does that reads pages of a log. It ends when anything is not as it should be. */
import { parentPort, workerData } from 'node:worker_threads';
import { type Database, isBuiltIn, loadDriver, prepareQuery } from './driver';
import { LOG_PAGE, memoryOf, pageIn, sizeOf } from './log-page';
import type { PageRequest, ThreadAnswer, ThreadTask } from './page-thread';

/** In bytes. Larger pages would fill the memory of whoever takes them in one after the other. */
const MOST_BYTES = 2_000_000;

/** Another file may have been put in its place since the ledger opened it. */
const isOf = (database: Database, { position, id }: ThreadTask): boolean =>
  prepareQuery(database, 'SELECT id FROM events WHERE position = ?')(position)[0]?.[0] === id;

const say = (answer: ThreadAnswer, memory: ReadonlyArray<ArrayBuffer> = []): void => {
  parentPort?.postMessage(answer, memory);
};

const answerFrom = (database: Database): void => {
  // Held together: a statement does not keep its connection, which is closed once nothing refers to it.
  const reader = { database, read: prepareQuery(database, LOG_PAGE) };
  parentPort?.on('message', ({ start, limit }: PageRequest) => {
    const page = pageIn(reader.read(start, limit));
    if (page === undefined || sizeOf(page) > MOST_BYTES) say(undefined);
    else say(page, memoryOf(page));
  });
  say('ready');
};

const task = workerData as ThreadTask;
const driver = loadDriver();
// Two libraries of SQLite in one process would undo each other's locks on the file.
if (driver !== undefined && isBuiltIn(driver) === task.isBuiltIn) {
  const database = new driver.DatabaseSync(task.path, { readOnly: true });
  if (isOf(database, task)) answerFrom(database);
}
