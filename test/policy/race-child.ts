/**
 * One of two processes on one file: `race-child.ts <path> <runner>` waits for `<path>.go`, which says
 * when the first round starts, approves its own request of every round at that round's instant, and
 * prints how it went.
 */
import { existsSync, readFileSync } from 'node:fs';
import { sqliteStore } from '../../src/adapters/sqlite';
import { openLedger } from '../../src/application/open-ledger';

import type { Answer } from '../../src/application/outcome';
import { agent, approveAdd } from '../../src/testing/builders';
import { addressSecret, contestants, roundMs, roundsOf } from './race-plan';

const told = (answer: Answer): unknown => {
  if (answer._tag === 'Right') return answer.right.events.map(({ type }) => type);
  return answer.left.type === 'Refused' ? answer.left.rejections : answer.left;
};

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const until = async (instant: number): Promise<void> => {
  if (instant - Date.now() > 2) await pause(instant - Date.now() - 2);
  while (Date.now() < instant);
};

const main = async (): Promise<void> => {
  const [, , path = '', runner = '0'] = process.argv;
  const ledger = await openLedger({ store: sqliteStore(path), addressSecret });
  process.stdout.write('ready\n');
  while (!existsSync(`${path}.go`)) await pause(5);
  const start = Number(readFileSync(`${path}.go`, 'utf8'));
  for (const [index, round] of roundsOf().entries()) {
    const { person, address } = contestants(round)[runner === '0' ? 0 : 1];
    await until(start + index * roundMs);
    const command = { ...approveAdd(person, address), commandId: `${round.name}-${runner}` };
    const answer = await ledger.execute(agent, command);
    process.stdout.write(`${JSON.stringify([round.name, told(answer)])}\n`);
  }
  await ledger.close();
  process.exit(0);
};

void main();
