/**
 * `npm run bench`: ratios of rates measured in one run, in interleaved rounds. Absolute figures drift with
 * the machine; the ratios are what counts. Names select benches, as in `npm run bench -- commands`; other
 * libraries are measured only by name, for they have to be installed first. The figures go to
 * `temp/bench.json` too.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { measureCommands } from './commands';
import { measureEventStoreDb } from './eventstoredb';
import { measurePeers } from './peers';
import { printed, type Ratio } from './ratio';
import { measureReplay } from './replay';

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 9);

type Bench = (rounds: number) => Promise<ReadonlyArray<Ratio>>;

const benches: Readonly<Record<string, Bench>> = {
  commands: measureCommands,
  replay: measureReplay,
  eventstoredb: measureEventStoreDb,
  peers: measurePeers,
};

/** What `npm run bench` runs when it is given no name. */
const usual: ReadonlyArray<string> = ['commands', 'replay', 'eventstoredb'];

const selected = (names: ReadonlyArray<string>): ReadonlyArray<readonly [string, Bench]> => {
  const unknown = names.find((name) => !Object.hasOwn(benches, name));
  if (unknown !== undefined) {
    throw new Error(`There is no bench ${unknown}. There are: ${Object.keys(benches).join(', ')}.`);
  }
  const wanted = names.length === 0 ? usual : names;
  return Object.entries(benches).filter(([name]) => wanted.includes(name));
};

const main = async (): Promise<void> => {
  const machine = { node: process.version, cores: cpus().length, model: cpus()[0]?.model };
  const results: Record<string, ReadonlyArray<Ratio>> = {};
  for (const [name, bench] of selected(process.argv.slice(2))) {
    process.stdout.write(`${name}, medians of ${ROUNDS} rounds\n`);
    const ratios = await bench(ROUNDS);
    for (const ratio of ratios) process.stdout.write(printed(ratio));
    results[name] = ratios;
  }
  const folder = join(__dirname, '../../temp');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'bench.json'), JSON.stringify({ machine, ...results }, null, 2));
};

void main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
