/** A store as a process meets it over a bad network. What it stands in front of is sound. */
import * as E from 'fp-ts/lib/Either.js';
import type {
  AppendFailure,
  OutcomeUnknown,
  StoreUnavailable,
} from '../../src/application/failures';
import type { EventStore, StoreConnector } from '../../src/application/ports';
import type { World } from './world';

/** One running process. When it dies, nothing answers it any more and it does nothing any more. */
export interface Mortal {
  readonly name: string;
  isAlive: boolean;
  readonly die: () => void;
}

const unavailable: StoreUnavailable = {
  type: 'StoreUnavailable',
  code: 'SIMULATED',
  message: 'The simulated store could not be reached. Send the command again.',
};

const unknown: OutcomeUnknown = {
  type: 'OutcomeUnknown',
  commandId: undefined,
  message: 'The simulated store did not answer in time. Send the command again.',
};

type Running<Left, Right> = () => Promise<E.Either<Left, Right>>;

/** How the call is described when somebody reads the trace. */
type Words = () => string;

interface Call<Left, Right> {
  readonly by: Mortal;
  readonly words: Words;
  /** Applies the request to the store, now. */
  readonly apply: Running<Left, Right>;
  /** What its sender is told when the store goes down over it. */
  readonly cut: Left;
  readonly answer: (answer: E.Either<Left, Right>) => void;
  readonly defect: (error: unknown) => void;
}

/** Carries calls to the store and answers back. */
class Network {
  constructor(
    private readonly world: World,
    private readonly shown: (answer: E.Either<{ readonly type: string }, unknown>) => string,
  ) {}

  call<Left extends { readonly type: string }, Right>(
    by: Mortal,
    words: Words,
    apply: Running<Left, Right>,
    cut: Left,
    send: (call: Call<Left, Right>) => void,
  ): Promise<E.Either<Left, Right>> {
    return new Promise((resolve, reject) => {
      if (!by.isAlive) return;
      this.world.calls += 1;
      const call = { by, words, apply, cut, answer: resolve, defect: reject };
      const { temper, chance, kills } = this.world;
      const dies = this.world.isRough && kills < temper.mostKills && chance.happens(temper.deadly);
      if (!dies) {
        if (this.world.storeFails()) this.world.tell('store', () => 'goes down');
        send(call);
        return;
      }
      this.world.kills += 1;
      const isSent = chance.happens(0.5);
      this.world.tell(by.name, () => `DIES ${isSent ? 'after' : 'before'} sending ${words()}`);
      by.die();
      if (isSent) this.deliver(call, this.latencyOfRequest());
    });
  }

  read<Right>(call: Call<StoreUnavailable, Right>): void {
    const { faulty } = this.world.temper;
    if (this.world.goesWrong('read failed', faulty / 2)) {
      this.fail(call, 'read failed', unavailable);
    } else if (this.world.goesWrong('read answer lost', faulty / 2)) {
      this.deliver(call, this.latencyOfRequest());
      this.fail(call, 'read answer lost', unavailable);
    } else {
      this.answered(call);
    }
  }

  append<Right>(call: Call<AppendFailure, Right>): void {
    const { faulty } = this.world.temper;
    if (this.world.goesWrong('append lost before commit', faulty / 2)) {
      this.fail(call, 'append lost before commit', unknown);
    } else if (this.world.goesWrong('append refused as unavailable', faulty / 2)) {
      this.fail(call, 'append refused as unavailable', unavailable);
    } else if (this.world.goesWrong('acknowledgement lost', faulty)) {
      this.deliver(call, this.world.latency());
      this.fail(call, 'acknowledgement lost', unknown);
    } else if (this.world.goesWrong('append applied late, told unknown', faulty)) {
      this.deliver(call, this.world.longLatency());
      this.fail(call, 'append applied late, told unknown', unknown);
    } else {
      if (this.world.goesWrong('append delivered twice', faulty)) {
        this.deliver(call, this.world.longLatency());
      }
      this.answered(call);
    }
  }

  private latencyOfRequest(): number {
    return this.world.goesWrong('request late', this.world.temper.slow)
      ? this.world.longLatency()
      : this.world.latency();
  }

  private latencyOfAnswer(): number {
    return this.world.goesWrong('answer late', this.world.temper.slow)
      ? this.world.longLatency()
      : this.world.latency();
  }

  /** Tells a failure, whatever becomes of the request. */
  private fail<Left extends { readonly type: string }, Right>(
    { by, words, answer }: Call<Left, Right>,
    fault: string,
    failure: Left,
  ): void {
    this.world.time.after(this.latencyOfAnswer(), () => {
      this.world.tell(by.name, () => `${words()}: ${fault}, told ${failure.type}`);
      if (by.isAlive) answer(E.left(failure));
    });
  }

  private answered<Left extends { readonly type: string }, Right>(call: Call<Left, Right>): void {
    this.deliver(call, this.latencyOfRequest(), (answer) => {
      const life = this.world.storeLives;
      this.world.time.after(this.latencyOfAnswer(), () => {
        if (life !== this.world.storeLives) this.fail(call, 'the store went down', call.cut);
        else if (call.by.isAlive) call.answer(answer);
      });
    });
  }

  private deliver<Left extends { readonly type: string }, Right>(
    call: Call<Left, Right>,
    latency: number,
    then: (answer: E.Either<Left, Right>) => void = () => undefined,
  ): void {
    const { by, words, apply, cut, defect } = call;
    const life = this.world.storeLives;
    this.world.time.after(latency, () => {
      if (this.world.storeIsDown || life !== this.world.storeLives) {
        this.fail(call, 'the store is down', cut);
        return;
      }
      apply().then((answer) => {
        this.world.tell(by.name, () => `${words()}: ${this.shown(answer)}`);
        then(answer);
      }, defect);
    });
  }
}

const shown = (answer: E.Either<{ readonly type: string }, unknown>): string => {
  if (E.isLeft(answer)) return answer.left.type;
  const { right } = answer;
  if (typeof right === 'object' && right !== null) {
    if ('revision' in right) return `at revision ${String(right.revision)}`;
    if ('position' in right) return `WRITTEN, position ${String(right.position)}`;
    if (Array.isArray(right)) return `${right.length} events`;
  }
  return String(right);
};

/** The way to `sound` for one process. */
export const unreliable = (
  world: World,
  sound: EventStore,
  by: Mortal,
  named: (stream: string) => string,
): StoreConnector => {
  const network = new Network(world, shown);
  const reading =
    <Right>(words: Words, apply: EventStore['head'] | Running<never, Right>) =>
    () =>
      network.call(by, words, apply as Running<StoreUnavailable, Right>, unavailable, (call) => {
        network.read(call);
      });
  const store: EventStore = {
    ...sound,
    readStream: (stream, from) =>
      reading(
        () => `reads ${named(stream)}${from === undefined ? '' : ` from ${from}`}`,
        sound.readStream(stream, from) as never,
      ),
    readAll: (position, most) =>
      reading(() => `reads all after ${position}`, sound.readAll(position, most) as never),
    findEvent: (id, streams) => reading(() => `finds ${id}`, sound.findEvent(id, streams) as never),
    head: reading(() => 'reads the head', sound.head),
    append: (appends) => () =>
      network.call(
        by,
        () => {
          const [{ stream, expectedRevision, events }] = appends;
          const types = events.map(({ type }) => type).join(', ');
          return `appends ${types} to ${named(stream)} after ${expectedRevision}`;
        },
        sound.append(appends),
        unknown,
        (call) => {
          network.append(call);
        },
      ),
    close: () => Promise.resolve(),
  };
  return { name: `simulated ${by.name}`, connect: () => Promise.resolve(E.right(store)) };
};
