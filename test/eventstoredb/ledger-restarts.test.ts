/**
 * A ledger on a server that is killed and restarted while people ask for mailboxes, get them, move them
 * and delete them: every call ends in its time, every command can be brought to its end, nothing is lost.
 */
import * as E from 'fp-ts/lib/Either.js';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import {
  type Answer,
  type EventStore,
  type Ledger,
  openLedger,
  type StoreConnector,
} from '../../src';
import { eventStoreDb } from '../../src/adapters/eventstoredb';
import {
  acknowledging,
  agent,
  approveAdd,
  approveDelete,
  grantPermission,
  requestAdd,
  requestDelete,
  seated,
  type Step,
  user,
  violationsIn,
} from '../../src/testing';
import { pause, until } from './adapter-fixture';
import { startTestServer, type TestServer } from './server';

const deadlines = { timeoutMs: 400, appendTimeoutMs: 1_200 };

/** How long the server is away each time: such that calls survive it, and longer than any may take. */
const absencesMs = [100, 1_600, 100, 1_600];

/**
 * How long one call to the store may take at most: an append what its option says, a read of a short
 * stream two calls. A command makes several, one after the other, and has no deadline of its own.
 */
const allowedMs = {
  append: deadlines.appendTimeoutMs,
  readStream: 2 * deadlines.timeoutMs,
} as const;

let server: TestServer;
let ledger: Ledger;
let slowestMs: { append: number; readStream: number };
beforeEach(async () => {
  server = await startTestServer();
  slowestMs = { append: 0, readStream: 0 };
});
afterEach(async () => {
  await ledger.close();
  await until(() => server.openCalls() === 0);
  const leaked = server.openCalls();
  await server.stop();
  expect(leaked).toBe(0);
});

const timed = async <A>(call: keyof typeof slowestMs, made: () => Promise<A>): Promise<A> => {
  const start = performance.now();
  const answer = await made();
  slowestMs[call] = Math.max(slowestMs[call], performance.now() - start);
  return answer;
};

/** The same, with a look at how long its calls take. */
const watched = (connector: StoreConnector): StoreConnector => ({
  ...connector,
  connect: async () => {
    const connected = await connector.connect();
    if (E.isLeft(connected)) return connected;
    const store: EventStore = connected.right;
    return E.right({
      ...store,
      append: (appends) => () => timed('append', store.append(appends)),
      readStream: (stream, from) => () => timed('readStream', store.readStream(stream, from)),
    });
  },
});

/** Ann gets two mailboxes, Bob takes one of them over, and the other is deleted. */
const story = (name: string): ReadonlyArray<Step> => {
  const ann = user(`${name}-ann`);
  const bob = user(`${name}-bob`);
  const [moving, going] = [`${name}.moving@acme.example`, `${name}.going@acme.example`];
  return [
    ...seated(ann, bob),
    [ann, requestAdd(ann, moving)],
    [ann, requestAdd(ann, going)],
    [agent, approveAdd(ann, moving)],
    [agent, approveAdd(ann, going)],
    [bob, requestAdd(bob, moving)],
    [ann, grantPermission(ann, moving, bob)],
    [agent, acknowledging(approveAdd(bob, moving))],
    [ann, requestDelete(ann, going)],
    [agent, acknowledging(approveDelete(ann, going))],
  ];
};

type Recorded = Extract<Answer, { readonly _tag: 'Right' }>['right'];

interface Sent {
  readonly by: Step[0];
  readonly command: Parameters<Ledger['execute']>[1];
  readonly answer: Recorded;
}

/** Plays stories until it is told to stop, and sends again what fails. */
class Player {
  readonly done: Array<Sent> = [];
  readonly failures = new Set<string>();
  readonly typesDone = new Set<string>();
  isOver = false;

  async play(lane: number): Promise<void> {
    for (let turn = 0; !this.isOver; turn += 1) {
      for (const [index, step] of story(`l${lane}-${turn}`).entries()) {
        // What has begun goes on to its end, or nobody could tell whether it can.
        await this.send(step, `l${lane}-${turn}-${index}`);
      }
    }
  }

  private async send([by, draft]: Step, commandId: string): Promise<void> {
    const isAcknowledging = 'acknowledging' in draft;
    const plain = { ...(isAcknowledging ? draft.acknowledging : draft), commandId };
    const impact = isAcknowledging
      ? await this.untilAnswered(async () =>
          E.map(({ impact: found }: { readonly impact: unknown }) => found)(
            await ledger.dryRun(by, plain),
          ),
        )
      : undefined;
    const command = (isAcknowledging ? { ...plain, impact } : plain) as Sent['command'];
    this.done.push({ by, command, answer: await this.answerTo(by, command) });
    this.typesDone.add(plain.type);
  }

  answerTo(by: Step[0], command: Sent['command']): Promise<Recorded> {
    return this.untilAnswered(() => ledger.execute(by, command));
  }

  /** Asks until there is an answer: what cannot be reached or found out may be asked again. */
  async untilAnswered<A>(ask: () => Promise<E.Either<{ readonly type: string }, A>>): Promise<A> {
    for (;;) {
      const answer = await ask();
      if (E.isRight(answer)) return answer.right;
      this.failures.add(answer.left.type);
      if (!/Unavailable|Unknown/.test(answer.left.type)) throw new Error(JSON.stringify(answer));
      await pause(10);
    }
  }
}

describe.each([{ batchAppend: false }, { batchAppend: true }])('with %j', (path) => {
  it('every call ends in its time, and every command at last, once', async () => {
    const store = eventStoreDb(server.connectionString, { ...deadlines, ...path });
    ledger = await openLedger({
      store: watched(store),
      addressSecret: 'a secret of the servers, long enough',
    });
    // What this process itself is late by is nobody's answer.
    const lateness = monitorEventLoopDelay({ resolution: 10 });
    lateness.enable();
    const player = new Player();
    const playing = Promise.all(Array.from({ length: 6 }, (_, lane) => player.play(lane)));
    for (const absenceMs of absencesMs) {
      const before = player.done.length;
      await until(() => player.done.length >= before + 20);
      await server.kill();
      await pause(absenceMs);
      await server.restart();
    }
    // It goes on by itself after the last restart.
    const before = player.done.length;
    await until(() => player.done.length > before);
    expect(player.done.length).toBeGreaterThan(before);
    player.isOver = true;
    await playing;
    lateness.disable();

    expect([...player.failures]).toContain('StoreUnavailable');
    expect([...player.typesDone].sort()).toEqual([
      'ApproveMailboxAdd',
      'ApproveMailboxDelete',
      'GrantDeletePermission',
      'RegisterSeat',
      'RequestMailboxAdd',
      'RequestMailboxDelete',
    ]);
    const lateMs = lateness.max / 1e6;
    expect(slowestMs.append).toBeLessThan(allowedMs.append + lateMs + 100);
    expect(slowestMs.readStream).toBeLessThan(allowedMs.readStream + lateMs + 100);

    for (const { by, command, answer } of player.done.slice(-50)) {
      expect(await player.answerTo(by, command)).toEqual(answer);
    }
    const recovery = await player.untilAnswered(() => ledger.recover());
    expect(recovery).toMatchObject({ unfinished: 0, failures: [] });
    const connected = await store.connect();
    if (E.isLeft(connected)) throw new Error(connected.left.message);
    expect(await violationsIn(connected.right)).toEqual([]);
    await connected.right.close();
  }, 120_000);
});
