/** The checker of logs against a late writer, a large organization and a long log. */
import { describe, expect, it } from '@jest/globals';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { EventStore, RecordedEvent } from '../../src';
import { EVENTS_A_PAGE } from '../../src/application/ports';
import { storedAddress, violations, violationsIn } from '../../src/testing';
import { first } from './cast';

interface Said {
  readonly stream: string;
  readonly type: string;
  readonly data: object;
}

/** These events as a log, each of a command of its own unless `command` says otherwise. */
const logOf = (
  said: ReadonlyArray<Said>,
  command: (place: number) => number = (place) => place,
): ReadonlyArray<RecordedEvent> => {
  const revisions = new Map<string, bigint>();
  return said.map((event, place) => {
    const revision = (revisions.get(event.stream) ?? -1n) + 1n;
    revisions.set(event.stream, revision);
    const metadata = {
      commandId: `c-${command(place)}`,
      commandType: 'Test',
      actor: { role: 'support', id: 'sam' },
      at: '2026-03-02T09:00:00.000Z',
      policyVersion: '1',
      fingerprint: 'f',
    };
    return { ...event, id: `e-${place}`, metadata, revision, position: BigInt(place) };
  });
};

const held = { userId: 'ann', requestId: 'add-1', address: storedAddress(first) };
const onSeat = (type: string, more: object = {}): Said => ({
  stream: 'seat-acme.ann',
  type,
  data: { ...held, ...more },
});
const claim: Said = { stream: 'address-acme.key', type: 'AddressClaimed', data: held };
const approval = onSeat('MailboxAddApproved', { evidence: 'Seen.' });

/** The claim and the mailbox stand in one append: the last two events. */
const addedAfter = (...before: ReadonlyArray<Said>): ReadonlyArray<RecordedEvent> =>
  logOf([...before, claim, onSeat('MailboxAdded')], (place) => Math.min(place, before.length));

describe('an approval that was given up', () => {
  it('counts as long as it stands', () => {
    expect(violations(addedAfter(approval))).toEqual([]);
  });

  it.each`
    fence                    | more
    ${'MailboxAddAbandoned'} | ${{}}
    ${'MailboxAddRejected'}  | ${{ reason: 'No.' }}
    ${'RequestWithdrawn'}    | ${{}}
  `('no longer lets a late writer add: $fence', ({ fence, more }: Record<string, unknown>) => {
    const log = addedAfter(approval, onSeat(fence as string, more as object));
    expect(violations(log)).toEqual([
      {
        invariant: 'approvedBeforeAdded',
        position: '3',
        detail: `${first} is added to ann without an approval`,
      },
    ]);
  });
});

const registered = (amount: number): ReadonlyArray<RecordedEvent> =>
  logOf(
    Array.from({ length: amount }, (_, place): ReadonlyArray<Said> => {
      const userId = `u-${place}`;
      const address = storedAddress(`${userId}@acme.example`);
      return [
        {
          stream: `account-acme.${userId}`,
          type: 'AddressClaimed',
          data: { userId, requestId: userId, address },
        },
        {
          stream: `seat-acme.${userId}`,
          type: 'SeatRegistered',
          data: { userId, accountEmail: address, profile: 'user' },
        },
      ];
    }).flat(),
    (place) => Math.floor(place / 2),
  );

describe('the checker of logs', () => {
  it('does not search every seat for every address', () => {
    const msFor = (log: ReadonlyArray<RecordedEvent>): number => {
      const start = performance.now();
      expect(violations(log)).toEqual([]);
      return performance.now() - start;
    };
    const few = registered(2_000);
    const many = registered(16_000);
    msFor(few);
    // Eight times the seats: eight times the work, not sixty-four times.
    expect(msFor(many) / msFor(few)).toBeLessThan(30);
  });

  it('judges a page before it asks for the next, and an append across pages as one', async () => {
    // The odd first event puts the end of every page inside an append.
    const log = logOf(
      [
        {
          stream: 'organization-acme',
          type: 'MailboxLimitGranted',
          data: { userId: 'u-1', limit: 3 },
        },
        ...registered(1_200).map(({ stream, type, data }) => ({
          stream,
          type,
          data: data as object,
        })),
      ],
      (place) => Math.ceil(place / 2),
    );
    let judged = 0;
    const watched = log.map((event) => ({
      ...event,
      get stream() {
        judged += 1;
        return event.stream;
      },
    }));
    const judgedAtPage: Array<boolean> = [];
    const readAll: EventStore['readAll'] = (position, maxCount) => {
      judgedAtPage.push(position < 0n || judged > 0);
      judged = 0;
      const start = Number(position) + 1;
      return TE.right(watched.slice(start, start + maxCount));
    };
    expect(await violationsIn({ readAll } as EventStore)).toEqual([]);
    const pages = Math.ceil(log.length / EVENTS_A_PAGE);
    expect(judgedAtPage).toEqual(Array(pages).fill(true));
  });
});
