/** The thread that commits groups of appends while others are decided. */
import { commitGroupWith, type Group } from './commit-group';
import { makeDurable } from './connection';
import { type Answer, ledgerWriter } from './ledger-writer';
import { type Opened, serve, type Service } from './thread-service';

const groups = ({ driver, place, inDriver }: Opened): Service<Group, ReadonlyArray<Answer>> => {
  const database = new driver.DatabaseSync(place.path, { readOnly: false });
  database.exec('PRAGMA busy_timeout = 0');
  makeDurable(database, place.name);
  const writer = ledgerWriter(database);
  const commit = commitGroupWith(
    {
      write: (group) => inDriver(() => writer.write(group)),
      settle: (id) => inDriver(() => writer.settle(id)),
    },
    place,
  );
  return async (group) => ({ answer: await commit(group, performance.now()) });
};

serve(groups);
