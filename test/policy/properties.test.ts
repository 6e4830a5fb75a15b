/** What holds whatever is sent: over random commands, through the real ledger. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isLeft, isRight } from 'fp-ts/lib/Either.js';
import { foldInto, memoryTables, type ProjectedEvent, views } from '../../projections';
import type { Answer, Impact, RecordedEvent } from '../../src';
import { decodeWhole, type LedgerEvent } from '../../src/application/decode-event';
import { address } from '../../src/address';
import { organization } from '../../src/organization';
import { seat } from '../../src/seat';
import {
  acknowledging,
  addresses,
  admin,
  agent,
  ann,
  approveAdd,
  arbitraries,
  bob,
  grantPermission,
  holding,
  ledgerOn,
  people,
  requestAdd,
  seated,
  Stage,
  type Step,
  system,
  violations,
} from '../../src/testing';
import type { OrgId } from '../../src/values/ids';
import { first, second, yes } from './cast';
import { played, type Sent, toSend } from './play';

const { anyCommand, anyPrincipal, commandSequence } = arbitraries(fc);

/** Runs a property; a failure prints its seed and the shrunk counterexample, to be kept as an example. */
const holds = (
  property: fc.IAsyncProperty<[ReadonlyArray<Step>]>,
  numRuns = 60,
  kept: ReadonlyArray<ReadonlyArray<Step>> = [],
): Promise<void> => fc.assert(property, { numRuns, examples: kept.map((steps) => [steps]) });

const always = (judge: (...given: Parameters<Parameters<typeof played>[1]>) => Promise<void>) =>
  fc.asyncProperty(commandSequence, (steps) => played(steps, judge));

const decoded = (log: ReadonlyArray<RecordedEvent>): ReadonlyArray<LedgerEvent> =>
  log.map((event) => yes(decodeWhole(event)));

describe('the random sequences', () => {
  const reached = (log: ReadonlyArray<RecordedEvent>): ReadonlyArray<string> => {
    const events = decoded(log);
    const deleted = events.flatMap((event) =>
      event.type === 'MailboxDeleted' ? [event.data] : [],
    );
    const withLoss = deleted.filter((d) => d.draftsLost + d.scheduledLost + d.sequencesStopped > 0);
    return [
      ...new Set(events.map(({ type }) => type as string)),
      ...(withLoss.some(({ movedTo }) => movedTo === undefined) ? ['deletion with loss'] : []),
      ...(withLoss.some(({ movedTo }) => movedTo !== undefined) ? ['move with loss'] : []),
    ];
  };

  it('reach what is interesting often enough for the properties to mean something', async () => {
    const runs = 100;
    const counts = new Map<string, number>();
    for (const steps of fc.sample(commandSequence, { numRuns: runs, seed: 20261101 })) {
      await played(steps, ({ log, sent }) => {
        const refused = sent.flatMap(({ answer }) =>
          isLeft(answer) && answer.left.type === 'Refused'
            ? answer.left.rejections.map(({ type }) => type)
            : [],
        );
        for (const what of new Set([...reached(log), ...refused])) {
          counts.set(what, (counts.get(what) ?? 0) + 1);
        }
        return Promise.resolve();
      });
    }
    const atLeast = {
      MailboxAdded: 40,
      MailboxConfigured: 40,
      'deletion with loss': 10,
      'move with loss': 5,
      ProspectsReassigned: 3,
      ContractSet: 10,
      SeatLocked: 10,
      MailboxLimitReached: 10,
      SharedAddressNotPermitted: 10,
      AddressInUse: 5,
      NotOwnedByTargetUser: 10,
      RequestClosed: 5,
    };
    const tooSeldom = Object.entries(atLeast).filter(
      ([what, least]) => (counts.get(what) ?? 0) < (least * runs) / 100,
    );
    expect(tooSeldom.map(([what]) => `${what}: ${counts.get(what) ?? 0} of ${runs}`)).toEqual([]);
  });
});

describe('over any sequence of commands', () => {
  it('every invariant holds at every position', async () => {
    await holds(
      always(({ log }) => {
        expect(violations(log)).toEqual([]);
        return Promise.resolve();
      }),
      150,
    );
  });

  it('what is lost is exactly what the preview showed', async () => {
    const lost = ({ added }: Sent) => {
      const events = decoded(added);
      const drafts = events.flatMap(({ type, data }) => (type === 'DraftsLost' ? data.drafts : []));
      const scheduled = events.flatMap(({ type, data }) =>
        type === 'DraftsLost' ? data.scheduled : [],
      );
      const sequences = events.flatMap(({ type, data }) =>
        type === 'SequencesStopped' ? data.sequenceStateIds : [],
      );
      return { drafts, scheduled, sequences };
    };
    await holds(
      always(({ sent }) => {
        for (const one of sent) {
          const deletes = one.added.some(({ type }) => type === 'MailboxDeleted');
          const shown: Impact | null = isRight(one.preview) ? one.preview.right.impact : null;
          const { drafts, scheduled, sequences } =
            deletes && shown !== null ? shown : { drafts: [], scheduled: [], sequences: [] };
          expect(lost(one)).toEqual({ drafts, scheduled, sequences });
        }
        return Promise.resolve();
      }),
    );
  });

  const unplaced = (left: object): object => ({ ...left, position: undefined });

  /** What the dry run should have said: it decides as if the loss were acknowledged, so it never asks for that. */
  const asPreviewed = (answer: Answer): unknown => {
    if (isRight(answer)) return answer;
    const { left } = answer;
    if (left.type !== 'Refused') return unplaced(left);
    const rejections = left.rejections.filter(({ type }) => type !== 'ImpactNotAcknowledged');
    return unplaced({ ...left, rejections });
  };

  const moved = 'bob.sales@acme.example';
  /** Refused for the limit alone when it is looked at. So no impact is shown, and the answer asks for one too. */
  const refusedMove = [
    ...seated(ann, bob),
    ...holding(bob, moved),
    [ann, requestAdd(ann, moved)] as const,
    [bob, grantPermission(bob, moved, ann)] as const,
    ...holding(ann, first, second),
    [agent, acknowledging(approveAdd(ann, moved))] as const,
  ].map(([by, command], place): Step => {
    const commandId = `kept-${place}`;
    return 'acknowledging' in command
      ? [by, { acknowledging: { ...command.acknowledging, commandId } }]
      : [by, { ...command, commandId }];
  });

  it('a dry run appends nothing, and the command that follows does what it said', async () => {
    await holds(
      always(({ sent }) => {
        for (const { preview, answer, previewAdded } of sent) {
          expect(previewAdded).toBe(0);
          if (isLeft(preview)) {
            expect(unplaced(preview.left)).toEqual(asPreviewed(answer));
          } else {
            const events = yes(answer).events.map(({ type, data, stream }) => ({
              type,
              data,
              stream,
            }));
            expect(events).toEqual(preview.right.events);
          }
        }
        return Promise.resolve();
      }),
      60,
      [refusedMove],
    );
  });

  it('a command sent again gets the same answer and adds nothing, whatever was sent between', async () => {
    await holds(
      always(async ({ sent, log }, stage) => {
        for (const { by, command, answer } of sent) {
          expect(await stage.ledger.execute(by, command)).toEqual(answer);
        }
        expect(await stage.log()).toHaveLength(log.length);
      }),
    );
  });

  it('a ledger opened later gives the same answers', async () => {
    await holds(
      always(async ({ sent }, stage) => {
        const later = await ledgerOn(stage.connector);
        for (const { by, command, answer } of sent) {
          expect(await later.execute(by, command)).toEqual(answer);
        }
        await later.close();
      }),
      20,
    );
  });

  it('a command that is refused adds one answer and touches nothing else', async () => {
    await holds(
      always(({ sent }) => {
        for (const { answer, added, command } of sent) {
          if (isRight(answer)) continue;
          const streams = added.map(({ stream }) => stream);
          expect(answer.left.type).toBe('Refused');
          expect(streams).toHaveLength(1);
          expect(streams[0]).toMatch(/^answer-(acme|globex)\./);
          expect(streams[0]?.endsWith(`.${command.commandId}`)).toBe(true);
        }
        return Promise.resolve();
      }),
    );
  });

  it('every answer and every preview survives JSON unchanged', async () => {
    await holds(
      always(({ sent }) => {
        const all: ReadonlyArray<Answer | Sent['preview']> = sent.flatMap((one) => [
          one.answer,
          one.preview,
        ]);
        // Not `toEqual`, which would overlook a field that is undefined.
        for (const one of all) expect(JSON.parse(JSON.stringify(one))).toStrictEqual(one);
        return Promise.resolve();
      }),
    );
  });

  it('what the views show is the fold of the log', async () => {
    const names = Object.keys(views) as ReadonlyArray<keyof typeof views>;
    const isShown = (event: LedgerEvent): event is ProjectedEvent =>
      event.streamKind !== 'answer' && event.streamKind !== 'ledger';
    await holds(
      always(async ({ log }, { ledger }) => {
        const events = decoded(log).filter(isShown);
        for (const name of names) {
          const view = views[name] as typeof views.seats;
          const { projection } = view;
          const tables = foldInto(projection, memoryTables(projection.tables), events);
          const shown = await ledger.views[name].list(system);
          expect(shown).toEqual({ _tag: 'Right', right: view.list(tables, admin.orgId as OrgId) });
        }
      }),
      40,
    );
  });
});

describe('two ledgers on one store', () => {
  it('keep every invariant, whichever way their commands are interleaved', async () => {
    await fc.assert(
      fc.asyncProperty(
        commandSequence,
        fc.infiniteStream(fc.record({ second: fc.boolean(), together: fc.boolean() })),
        async (steps, ways) => {
          const stage = await Stage.open();
          const other = await ledgerOn(stage.connector);
          const underWay: Array<Promise<Answer>> = [];
          for (const step of steps) {
            const { second, together } = ways.next().value as {
              second: boolean;
              together: boolean;
            };
            const ledger = second ? other : stage.ledger;
            const { command } = await toSend(ledger, step);
            underWay.push(ledger.execute(step[0], command));
            if (!together) await Promise.all(underWay);
          }
          const failures = (await Promise.all(underWay)).filter(
            (answer) => isLeft(answer) && answer.left.type !== 'Refused',
          );
          expect(failures).toEqual([]);
          expect(violations(await stage.log())).toEqual([]);
          await other.close();
          await stage.close();
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('one command by anybody', () => {
  it('on an empty ledger is never more than a yes, a refusal or a bad input', async () => {
    const stage = await Stage.open();
    await fc.assert(
      fc.asyncProperty(anyPrincipal, anyCommand, async (by, command) => {
        const answer = await stage.dryRun(by, command);
        expect(isRight(answer) ? 'Preview' : answer.left.type).toMatch(/^(Preview|Refused)$/);
      }),
      { numRuns: 500 },
    );
    await stage.close();
  });
});

describe('evolve', () => {
  it('takes any valid events in any order, never throws, and changes nothing that it was given', async () => {
    const logs = await Promise.all(
      fc
        .sample(commandSequence, { numRuns: 30, seed: 7 })
        .map((steps) => played(steps, ({ log }) => Promise.resolve(decoded(log)))),
    );
    const all = logs.flat();
    const fold = (
      room: { readonly initialState: unknown; readonly evolve: unknown },
      kinds: ReadonlyArray<string>,
    ) => {
      const events = all.filter(({ streamKind }) => kinds.includes(streamKind));
      expect(new Set(events.map(({ type }) => type)).size).toBeGreaterThan(1);
      const evolve = room.evolve as (state: unknown, event: unknown) => unknown;
      fc.assert(
        fc.property(fc.array(fc.constantFrom(...events), { maxLength: 60 }), (some) => {
          const states = [room.initialState];
          const seen = [JSON.stringify(room.initialState)];
          for (const event of some) {
            const before = JSON.stringify(event.data);
            states.push(evolve(states.at(-1), event));
            seen.push(JSON.stringify(states.at(-1)));
            expect(JSON.stringify(event.data)).toBe(before);
          }
          // Asked at last: a state may share its parts with those that came before it.
          expect(states.map((state) => JSON.stringify(state))).toEqual(seen);
        }),
        { numRuns: 200 },
      );
    };
    fold(seat, ['seat']);
    fold(address, ['address', 'account']);
    fold(organization, ['organization']);
  });
});

describe('the small world', () => {
  it('has people and addresses enough to meet and few enough to meet often', () => {
    expect(people.map(({ userId }) => userId)).toEqual(['ann', 'bob', 'cyd', 'dee']);
    expect(addresses).toContain('sales@acme.example');
    expect(new Set(addresses).size).toBe(5);
  });
});
