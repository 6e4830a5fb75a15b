/** Imports a file in a process of its own, a piece at a time, and says how far it is: it is there to be killed. */
import { readFileSync } from 'node:fs';
import { importSqlite } from '../../src/adapters/sqlite';

const [file = '', target = '', pieceBytes = ''] = process.argv.slice(2);

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

async function* pieces(): AsyncGenerator<Uint8Array> {
  const bytes = readFileSync(file);
  for (let start = 0; start < bytes.length; start += Number(pieceBytes)) {
    say(`from ${start}`);
    // A turn of the event loop, in which the process may be killed.
    await new Promise((resolve) => setImmediate(resolve));
    yield bytes.subarray(start, start + Number(pieceBytes));
  }
  say('all read');
}

const main = async (): Promise<void> => {
  const answer = await importSqlite(target, pieces());
  say(`ended ${JSON.stringify(answer)}`);
  // Until it is killed.
  setInterval(() => undefined, 1_000);
};

void main();
