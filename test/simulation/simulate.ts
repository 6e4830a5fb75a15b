/** One simulated world, from its seed to its verdict. */
import { type Either, isLeft, isRight } from 'fp-ts/lib/Either.js';
import { isDeepStrictEqual } from 'node:util';
import type { Ledger, RecordedEvent } from '../../src';
import { BEFORE_ALL, type EventStore } from '../../src/application/ports';
import { admin, emailOf, type Step, storedAddress, violations } from '../../src/testing';
import { differences } from '../../src/testing/differences';
import type { Acknowledged } from '../../src/testing/race-suite/seat-fold';
import { addressKey } from '../../src/values/address-key';
import { answerProblems } from './answer-judge';
import { begun, SECRET } from './beginnings';
import type { Chance } from './chance';
import { LogJudge, type Senders } from './log-judge';
import { type Sending, Society } from './society';
import { addresses, logins, story } from './stories';
import { unreliable } from './unreliable-store';
import { withVirtualGlobals } from './virtual-time';
import { type FaultKind, LONGEST_JOURNEY, type Temper, World } from './world';

export interface SimulationOptions {
  /** Replaces what the seed would have drawn: to look for one kind of trouble. */
  readonly temper?: Partial<Temper>;
  /** Stands between the network and the sound store: a planted fault. */
  readonly plant?: (sound: EventStore, chance: Chance) => EventStore;
}

export interface Simulated {
  readonly seed: number;
  /** What is wrong; nothing in a sound world. */
  readonly problems: ReadonlyArray<string>;
  readonly trace: () => ReadonlyArray<string>;
  readonly commands: number;
  readonly sendings: number;
  readonly calls: number;
  readonly kills: number;
  readonly faults: Readonly<Record<FaultKind, number>>;
}

/** Store calls that are more than enough to finish everything once nothing goes wrong any more. */
const MOST_CALM_CALLS = 20_000;

/** Keyed stream names, in words. */
const names: ReadonlyMap<string, string> = new Map(
  [...addresses, ...logins, emailOf(admin)].map((address) => [
    addressKey(SECRET, storedAddress(address)),
    address,
  ]),
);

const named = (stream: string): string => {
  const [kind = stream, id] = stream.split('.');
  return id === undefined ? stream : `${kind.split('-')[0] ?? ''} ${names.get(id) ?? id}`;
};

/** What has been written so far. */
interface Watch {
  readonly store: EventStore;
  /** Positions of the last event of each append. */
  readonly ends: Set<bigint>;
  head: bigint;
}

const watched = (store: EventStore): Watch => {
  const watch: Watch = {
    ends: new Set(),
    head: BEFORE_ALL,
    store: {
      ...store,
      append: (appends) => async () => {
        const appended = await store.append(appends)();
        if (isRight(appended)) {
          const { position } = appended.right;
          watch.ends.add(position);
          if (position > watch.head) watch.head = position;
        }
        return appended;
      },
    },
  };
  return watch;
};

const wholeLog = async (store: EventStore): Promise<ReadonlyArray<RecordedEvent>> => {
  const read = await store.readAll(BEFORE_ALL, Number.MAX_SAFE_INTEGER)();
  if (isLeft(read)) throw new Error(read.left.message);
  return read.right;
};

const sendersOf = (sendings: ReadonlyArray<Sending>): Senders => {
  const since = new Map(sendings.map((sending) => [sending.at, sending.since]));
  return {
    since: (at) => since.get(at),
    acknowledged: (holder, requestId) =>
      sendings.flatMap(({ command }): ReadonlyArray<Acknowledged> => {
        if (!('impact' in command) || command.impact === undefined) return [];
        return command.requestId === requestId && command.impact.userId === holder
          ? [command.impact]
          : [];
      }),
  };
};

const everyView = ({ views }: Ledger): Promise<ReadonlyArray<Either<unknown, unknown>>> => {
  const { seats, draftsLost, sequencesStopped, requests, addresses: held } = views;
  return Promise.all([
    seats.list(admin),
    draftsLost.list(admin),
    draftsLost.totals(admin),
    sequencesStopped.list(admin),
    sequencesStopped.totals(admin),
    requests.list(admin),
    held.list(admin),
  ]);
};

/** Stories for all lanes, half of them about the same person and address. */
const storiesOf = ({ chance, temper }: World): ReadonlyArray<ReadonlyArray<Step>> => {
  const address = chance.pick(addresses);
  return Array.from({ length: temper.lanes }, () => {
    const steps: Array<Step> = [];
    while (steps.length * temper.lanes < temper.commands) steps.push(...story(chance, address));
    return steps;
  });
};

/** Cleans up twice: the second time there must be nothing to do. */
const recovered = async (world: World, ledger: Ledger): Promise<ReadonlyArray<string>> => {
  const problems: Array<string> = [];
  for (const time of ['once', 'again'] as const) {
    const recovery = await ledger.recover();
    world.tell('world', () => `recovered ${time}: ${JSON.stringify(recovery)}`);
    if (isLeft(recovery)) problems.push(`recovery failed: ${recovery.left.type}`);
    else if (time === 'again' && recovery.right.unfinished > 0) {
      problems.push(`a second recovery found ${recovery.right.unfinished} things to do`);
    }
  }
  return problems;
};

const viewProblems = async (old: Ledger, fresh: Ledger): Promise<ReadonlyArray<string>> => {
  const [fed, late] = [await everyView(old), await everyView(fresh)];
  const failed = [...fed, ...late].filter(isLeft).map(({ left }) => JSON.stringify(left));
  if (failed.length > 0) return failed;
  return isDeepStrictEqual(fed, late) ? [] : differences(fed, late).map((one) => `views: ${one}`);
};

/** Tells every lane its stories, lets what is outstanding finish, cleans up and looks around. */
const lived = async (world: World, society: Society, store: EventStore): Promise<Array<string>> => {
  const lanes = storiesOf(world).map((steps, lane) => society.tell(steps, lane));
  await Promise.all(lanes);
  world.isCalm = true;
  world.tell('world', () => 'is calm');
  await society.finish();
  // What is on its way may still arrive, long after its sender was told that nobody knows.
  await world.time.pass(LONGEST_JOURNEY);

  const { ledger } = await society.ledger(world.chance.below(world.temper.processes));
  const problems = [...(await recovered(world, ledger))];
  const { length } = await wholeLog(store);
  await society.askAgain(ledger);
  if ((await wholeLog(store)).length !== length) problems.push('asking again changed the log');
  return [...problems, ...(await viewProblems(ledger, await society.newcomer()))];
};

/** Lets time pass until everything is over; what does not end is a problem. */
const untilOver = async (world: World, living: Promise<Array<string>>): Promise<Array<string>> => {
  let problems: Array<string> | undefined;
  let callsAtCalm: number | undefined;
  living.then(
    (found) => {
      problems = found;
    },
    (error: unknown) => {
      problems = [`defect: ${error instanceof Error ? (error.stack ?? '') : String(error)}`];
    },
  );
  await world.time.run(() => {
    if (world.isCalm) callsAtCalm ??= world.calls;
    return world.calls > (callsAtCalm ?? world.temper.calmAfter) + MOST_CALM_CALLS;
  });
  return problems ?? ['it never comes to an end'];
};

const judged = (
  log: ReadonlyArray<RecordedEvent>,
  sendings: ReadonlyArray<Sending>,
  ends: ReadonlySet<bigint>,
): ReadonlyArray<string> => {
  const senders = sendersOf(sendings);
  const judge = new LogJudge(senders, ends);
  for (const event of log) judge.take(event);
  judge.judgeRest();
  const found = violations(log, 'oneStream').map(
    ({ invariant, position, detail }) => `${invariant}, at position ${position}: ${detail}`,
  );
  return [...judge.problems, ...answerProblems(sendings, log, senders.since), ...found];
};

export const simulate = async (
  seed: number,
  { plant, temper: wanted }: SimulationOptions = {},
): Promise<Simulated> => {
  const world = new World(seed, wanted);
  const { chance, time, temper } = world;
  const sound = await begun(chance);
  const watch = watched(plant?.(sound, chance) ?? sound);
  return withVirtualGlobals(
    time,
    () => chance.fraction(),
    async () => {
      world.tell('world', () => JSON.stringify(temper));
      const society = new Society(
        world,
        (by) => unreliable(world, watch.store, by, named),
        () => watch.head,
      );
      const found = await untilOver(world, lived(world, society, sound));
      const { sendings, errands } = society;
      const problems = [
        ...found,
        ...society.problems,
        ...judged(await wholeLog(sound), sendings, watch.ends),
      ];
      for (const problem of problems) world.tell('JUDGE', () => problem);
      return {
        seed,
        problems,
        trace: () => world.trace(),
        commands: errands.length,
        sendings: sendings.length,
        calls: world.calls,
        kills: world.kills,
        faults: world.faults,
      };
    },
  );
};
