/** The thread that commits groups of appends while others are decided. */
import { commitGroupWith, EVENTS_IN_A_GROUP, type Group } from './commit-group';
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
  return async (first, next) => {
    const parts = [first];
    let events = eventsIn(first);
    for (let part; events < EVENTS_IN_A_GROUP && (part = next()) !== undefined;) {
      parts.push(part);
      events += eventsIn(part);
    }
    const answers = await commit(parts.flat(), performance.now());
    let end = 0;
    return parts.map(({ length }) => ({ answer: answers.slice(end, (end += length)) }));
  };
};

const eventsIn = (group: Group): number => {
  let count = 0;
  for (const request of group) for (const { events } of request) count += events.length;
  return count;
};

serve(groups);
