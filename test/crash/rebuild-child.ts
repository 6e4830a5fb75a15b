/** Makes the views of a ledger that has none, says when it begins and ends, and may be killed in between. */
import { isLeft } from 'fp-ts/lib/Either.js';
import { openLedger } from '../../src';
import { sqliteReadModel, sqliteStore } from '../../src/adapters/sqlite';
import { admin } from '../../src/testing';

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const main = async (): Promise<void> => {
  const [log = '', views = '', addressSecret = ''] = process.argv.slice(2);
  const ledger = await openLedger({
    store: sqliteStore(log),
    readModel: sqliteReadModel(views),
    addressSecret,
  });
  say('begun');
  const answer = await ledger.views.seats.get(admin, 'user-1');
  if (isLeft(answer)) throw new Error(answer.left.message);
  await ledger.close();
  say('done');
};

void main();
