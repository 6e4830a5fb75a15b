/**
 * `npm run bench`: ratios of rates measured in one run, in interleaved rounds. Absolute figures drift with
 * the machine; the ratios are what counts. The figures go to `temp/bench.json` too.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { measureEventStoreDb } from './eventstoredb';

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 9);

const main = async (): Promise<void> => {
  const eventstoredb = await measureEventStoreDb(ROUNDS);
  process.stdout.write(
    `EventStoreDB adapter beside the bare client, medians of ${ROUNDS} rounds\n`,
  );
  for (const { work, client, adapter, ratio, atLeast } of eventstoredb) {
    const verdict = ratio >= atLeast ? 'reached' : 'missed';
    process.stdout.write(
      `${work.padEnd(30)} client ${String(client).padStart(6)}/s  adapter ${String(adapter).padStart(6)}/s  ` +
        `${ratio.toFixed(2)} of at least ${atLeast.toFixed(2)}: ${verdict}\n`,
    );
  }
  const folder = join(__dirname, '../../temp');
  mkdirSync(folder, { recursive: true });
  const machine = { node: process.version, cores: cpus().length, model: cpus()[0]?.model };
  writeFileSync(join(folder, 'bench.json'), JSON.stringify({ machine, eventstoredb }, null, 2));
  process.exit(0);
};

void main();
