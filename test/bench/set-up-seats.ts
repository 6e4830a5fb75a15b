/** Makes a ledger with seats in it: `set-up-seats.ts PATH SEATS`, as a process of its own. */
import { sqliteStore } from '../../src/adapters/sqlite';
import { openLedger } from '../../src/application/open-ledger';
import { setUpSeats } from './activity';
import { SECRET } from './plausible-file';

const main = async (path: string, seats: number): Promise<void> => {
  const ledger = await openLedger({ store: sqliteStore(path), addressSecret: SECRET });
  await setUpSeats(ledger, seats);
  await ledger.close();
};

const [path = '', seats = '0'] = process.argv.slice(2);
void main(path, Number(seats));
