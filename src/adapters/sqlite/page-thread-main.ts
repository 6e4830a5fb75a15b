/** What the thread does that reads pages of a log. It ends when anything is not as it should be. */
import { parentPort, workerData } from 'node:worker_threads';
import { type Database, loadDriver, prepareQuery } from './driver';
import { LOG_PAGE, type LogPage, memoryOf } from './log-page';
import type { PageRequest, ThreadTask } from './page-thread';

/** Another file may have been put in its place since the ledger opened it. */
const isOf = (database: Database, { position, id }: ThreadTask): boolean =>
  prepareQuery(database, 'SELECT id FROM events WHERE position = ?')(position)[0]?.[0] === id;

const answerFrom = (database: Database): void => {
  const readPage = prepareQuery(database, LOG_PAGE);
  parentPort?.on('message', ({ start, limit }: PageRequest) => {
    const [page] = readPage(start, limit) as unknown as readonly [LogPage];
    parentPort?.postMessage(page, memoryOf(page));
  });
  // A statement does not keep its connection, which would be closed once nothing refers to it.
  parentPort?.on('close', () => {
    database.close();
  });
};

const task = workerData as ThreadTask;
const driver = loadDriver();
if (driver !== undefined) {
  const database = new driver.DatabaseSync(task.path, { readOnly: true });
  if (isOf(database, task)) answerFrom(database);
}
