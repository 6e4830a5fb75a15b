/** Exported files to import: the log of the first release, as it is, made larger, or with a fault in it. */
import { isLeft } from 'fp-ts/lib/Either.js';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StoreConnector } from '../../src';
import { exportEvents } from '../../src/application/transfer';

/** What was exported of the demonstration's log, by the first release. */
export const golden = readFileSync(join(__dirname, '../evolution/golden/0.1.0.jsonl'));

export const lines = golden.toString('utf8').trimEnd().split('\n');

export const fileOf = (some: ReadonlyArray<string>): Uint8Array =>
  Buffer.from(`${some.join('\n')}\n`);

const [settings = '', ...events] = lines;

const organizations = /northwind|harborlight/g;

/** The events again, under other ids and in other organizations. */
const copyOf = (line: string, copy: number): string => {
  const renamed = line.replace(organizations, (name) => `${name}${copy}`);
  return renamed.replace(/"id":"[^"]{8}/, (start) => {
    const hash = createHash('sha256').update(`${start}${copy}`).digest('hex');
    return `"id":"${hash.slice(0, 8)}`;
  });
};

/** A log so many times as long. */
export const enlarged = (copies: number): Uint8Array =>
  fileOf([
    settings,
    ...Array.from({ length: copies }, (_, copy) => events.map((line) => copyOf(line, copy))).flat(),
  ]);

export async function* inChunks(bytes: Uint8Array, size = 4096): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) {
    yield await Promise.resolve(bytes.subarray(start, start + size));
  }
}

/** Everything in the store, as it is exported. */
export const exported = async (store: StoreConnector, orgId?: string): Promise<string> => {
  const parts: Array<string> = [];
  const answer = await exportEvents(
    store,
    (text) => {
      parts.push(text);
    },
    orgId === undefined ? {} : { orgId },
  );
  if (isLeft(answer)) throw new Error(answer.left.message);
  return parts.join('');
};
