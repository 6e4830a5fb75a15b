/** Histories of released versions: their events as they were stored, and what they fold to. */
import { isLeft } from 'fp-ts/lib/Either.js';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RecordedEvent } from '../../src';
import { address } from '../../src/address';
import { decodeWhole, type LedgerEvent } from '../../src/application/decode-event';
import { organization } from '../../src/organization';
import { seat } from '../../src/seat';

export const folder = join(__dirname, 'golden');

export const eventsFile = (release: string): string => join(folder, `${release}.jsonl`);
export const statesFile = (release: string): string => join(folder, `${release}.states.json`);

/** A line as it is exported: the place in the log is the place in the file. */
type Line = Omit<RecordedEvent, 'revision' | 'position'> & { readonly revision: string };

export const eventOf = (line: string, place: number): RecordedEvent => {
  const { revision, ...event } = JSON.parse(line) as Line;
  return { ...event, revision: BigInt(revision), position: BigInt(place) };
};

export const linesOf = (release: string): ReadonlyArray<string> =>
  readFileSync(eventsFile(release), 'utf8').trimEnd().split('\n');

/** Decodes an event, or throws what is wrong with it. */
export const decoded = (event: RecordedEvent): LedgerEvent => {
  const answer = decodeWhole(event);
  if (isLeft(answer)) throw new Error(answer.left.message);
  return answer.right;
};

/** Maps and sets as lists, so that JSON holds all of a state. */
const asJson = (_: string, value: unknown): unknown => {
  if (value instanceof Map) return [...(value as Map<unknown, unknown>)];
  if (value instanceof Set) return [...(value as Set<unknown>)];
  return typeof value === 'bigint' ? String(value) : value;
};

const deciders = { seat, address, account: address, organization } as const;

/** What every stream folds to. A digest: a state is compared, not read. */
export const statesOf = (events: ReadonlyArray<LedgerEvent>): Readonly<Record<string, string>> => {
  const states = new Map<string, unknown>();
  for (const event of events) {
    if (event.streamKind === 'answer' || event.streamKind === 'ledger') continue;
    const decider = deciders[event.streamKind];
    const evolve = decider.evolve as (state: unknown, event: unknown) => unknown;
    states.set(event.stream, evolve(states.get(event.stream) ?? decider.initialState, event));
  }
  return Object.fromEntries(
    [...states].map(([stream, state]) => [
      stream,
      createHash('sha256').update(JSON.stringify(state, asJson)).digest('base64url'),
    ]),
  );
};
