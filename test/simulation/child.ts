/** Simulates some worlds in a process of its own, and prints what came of them as one line of JSON. */
import { simulateMany } from './many';

const [first = 1, seeds = 1, mostFailed = 1] = process.argv.slice(2).map(Number);

void simulateMany(first, seeds, mostFailed).then((tally) => {
  process.stdout.write(`${JSON.stringify(tally)}\n`);
});
