/**
 * What a released version stored can be read for ever, and says the same. A file in `golden` is never
 * changed: a new release adds its own.
 */
import { describe, expect, it } from '@jest/globals';
import { isLeft } from 'fp-ts/lib/Either.js';
import { readFileSync } from 'node:fs';
import { addressEvents } from '../../src/address';
import { answerEvents, ledgerEvents } from '../../src/application/answers';
import { decodeWhole } from '../../src/application/decode-event';
import { organizationEvents } from '../../src/organization';
import { seatEvents } from '../../src/seat';
import type { StoredVersion } from '../../src/stored-event';
import { decoded, eventOf, linesOf, statesOf, type Told, toldOf, viewsFile } from './golden';

const releases = ['0.1.0'];

const everyTag = [seatEvents, addressEvents, organizationEvents, answerEvents, ledgerEvents]
  .flatMap((events) => Object.values<{ readonly versions: ReadonlyArray<StoredVersion> }>(events))
  .flatMap(({ versions }) => versions.map(({ tag }) => tag));

const eventsOf = (release: string) =>
  linesOf(release).map((line, place) => decoded(eventOf(line, place)));

describe.each(releases)('the events of release %s', (release) => {
  it('can be read, every one', () => {
    expect(eventsOf(release)).toHaveLength(linesOf(release).length);
  });

  it('say what they said then', () => {
    const then = JSON.parse(readFileSync(viewsFile(release), 'utf8')) as Told;
    // Fields may be added to a row; none may go or say something else.
    expect(toldOf(eventsOf(release))).toMatchObject(then);
  });

  it('leave every seat, address and organization in the state that it had then', () => {
    const states = statesOf(eventsOf(release));
    expect(states.size).toBeGreaterThan(50);
    // The shape of a state is no contract. Who changes it reads in the snapshot that it still says the same.
    expect(states).toMatchSnapshot();
  });

  it('are caught with any field renamed, in the data of any type', () => {
    const tried = new Set<string>();
    const uncaught: Array<string> = [];
    for (const [place, line] of linesOf(release).entries()) {
      const event = eventOf(line, place);
      for (const field of Object.keys(event.data as object)) {
        const name = `${event.type}.${field}`;
        if (tried.has(name)) continue;
        tried.add(name);
        const data = Object.fromEntries(
          Object.entries(event.data as object).map(([key, kept]) => [
            key === field ? `${field}Renamed` : key,
            kept as unknown,
          ]),
        );
        if (!isLeft(decodeWhole({ ...event, data }))) uncaught.push(name);
      }
    }
    expect(uncaught).toEqual([]);
    expect(tried.size).toBeGreaterThan(100);
  });
});

it('there is a stored event of every version of every type', () => {
  const stored = new Set(
    releases.flatMap((release) => linesOf(release).map((line, place) => eventOf(line, place).type)),
  );
  expect(everyTag.filter((tag) => !stored.has(tag))).toEqual([]);
});
