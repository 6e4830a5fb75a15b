/** The thread that commits groups of appends while others are decided. */
import { commitGroupWith, type Group, GroupSize } from './commit-group';
import { makeDurable } from './connection';
import { EventIds } from './event-ids';
import { ledgerWriter } from './ledger-writer';
import { packed, type PackedAnswers } from './packed-answers';
import { type Opened, serve, type Service } from './thread-service';

const groups = ({ place, database, inDriver }: Opened): Service<Group, PackedAnswers> => {
  database.exec('PRAGMA busy_timeout = 0');
  makeDurable(database, place.name);
  const writer = ledgerWriter(database, new EventIds(database, place.name), place.name);
  const commit = commitGroupWith(
    {
      write: (group) => inDriver(() => writer.write(group)),
      settle: (id) => inDriver(() => writer.settle(id)),
    },
    place,
  );
  return async (first, next) => {
    const parts = [first];
    const size = new GroupSize();
    first.forEach(size.add);
    // The last part that is taken may go beyond the bound, by no more than a part may have.
    for (let part; !size.isFull && (part = next()) !== undefined;) {
      parts.push(part);
      part.forEach(size.add);
    }
    // The time that they have waited until now was spent behind groups of our own.
    const answers = await commit(parts.flat(), performance.now());
    let end = 0;
    return parts.map(({ length }) => ({ answer: packed(answers.slice(end, (end += length))) }));
  };
};

serve(groups, { readOnly: false });
