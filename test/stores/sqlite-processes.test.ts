/**
 * Many callers and several processes on one SQLite ledger.
 */
import { describe, expect, it } from '@jest/globals';
import { randomInt } from 'node:crypto';
import { CREATE_LEDGER } from '../../src/adapters/sqlite/schema';
import type { EventStore } from '../../src/application/ports';
import { runChild } from '../support/run-child';
import {
  anEvent,
  appendOne,
  CHILD,
  driver,
  intercepting,
  connect,
  left,
  newPath,
  open,
  openWith,
  right,
  streamsOf,
  tamper,
  wholeLog,
} from './sqlite-fixture';

/** How many events of each command are in the log, by command. */
const eventsByCommand = async (store: EventStore): Promise<ReadonlyMap<string, number>> => {
  const counts = new Map<string, number>();
  for (const { data } of await wholeLog(store)) {
    counts.set(String(data), (counts.get(String(data)) ?? 0) + 1);
  }
  return counts;
};

const EVENTS_IN_A_COMMAND = 3;

const integrityOf = (path: string): ReadonlyArray<unknown> => {
  const database = new (driver().DatabaseSync)(path, { readOnly: true });
  const found = database.prepare('PRAGMA integrity_check').all();
  database.close();
  return found;
};

it('a file that somebody else makes while it is looked at is not called another program’s', async () => {
  const path = newPath();
  let isMade = false;
  const interrupted = intercepting((sql, run) => {
    // Between what the file says of its owner and what it says of its layout.
    if (!isMade && sql.includes('pragma_user_version')) {
      isMade = true;
      try {
        tamper(path, `BEGIN; ${CREATE_LEDGER} COMMIT;`);
      } catch {
        // Whoever looks keeps others from making it, which is as good.
      }
    }
    run(sql);
  });
  const store = await connect({ connect: openWith(interrupted, path) });
  right(await appendOne(store, 'a'));
  expect(isMade).toBe(true);
  expect(await streamsOf(store)).toEqual(['a']);
});

describe('in one process', () => {
  it('512 callers share a few commits, and answers keep the order of the calls', async () => {
    let commits = 0;
    const counting = intercepting((sql, run) => {
      if (sql === 'COMMIT') commits += 1;
      run(sql);
    });
    const store = await connect({ connect: openWith(counting, newPath()) });
    commits = 0;
    const answers = await Promise.all(
      Array.from({ length: 512 }, (_, caller) => appendOne(store, `stream-${caller}`)),
    );

    expect(answers.map((answer) => right(answer).position)).toEqual(
      Array.from({ length: 512 }, (_, position) => BigInt(position)),
    );
    expect(commits).toBe(1);
  });

  it('a caller may build on an append that it asked for but has not seen answered', async () => {
    const store = await open(newPath());
    const answers = await Promise.all(
      [-1n, 0n, 0n, 1n].map((expectedRevision) =>
        store.append([{ stream: 'a', expectedRevision, events: [anEvent()] }])(),
      ),
    );

    expect(answers.map(({ _tag }) => _tag)).toEqual(['Right', 'Right', 'Left', 'Right']);
  });

  it('a large queue is committed in groups that leave the event loop free', async () => {
    const store = await open(newPath());
    const requests = Array.from({ length: 1_000 }, (_, caller) => ({
      stream: `s-${caller}`,
      expectedRevision: -1n,
      events: Array.from({ length: 20 }, () => anEvent('x'.repeat(100))),
    }));
    const stall = measureStall();
    const answers = await Promise.all(requests.map((request) => store.append([request])()));

    answers.forEach(right);
    expect(stall.stop()).toBeLessThan(500);
  });

  it('four connections to one file, 128 callers each, disturb nobody', async () => {
    const path = newPath();
    const stores = await Promise.all([1, 2, 3, 4].map(() => open(path)));
    const answers = await Promise.all(
      Array.from({ length: 512 }, (_, caller) => appendOne(stores[caller % 4]!, `s-${caller}`)),
    );

    answers.forEach(right);
    expect(new Set(await streamsOf(stores[0]!)).size).toBe(512);
  });
});

/** The longest time that the event loop was late, in milliseconds. */
const measureStall = () => {
  let last = performance.now();
  let longest = 0;
  const measure = (): void => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  };
  const timer = setInterval(measure, 2);
  return {
    stop: (): number => {
      clearInterval(timer);
      measure();
      return longest;
    },
  };
};

describe('several processes', () => {
  it.each([2, 4])(
    '%i that make one new file and append at once lose nothing',
    async (processes) => {
      const path = newPath();
      const [lanes, turns] = [8, 20];
      const children = Array.from({ length: processes }, (_, number) =>
        runChild(CHILD, ['write', path, `p${number}`, String(lanes), String(turns)]),
      );
      const exits = await Promise.all(children.map(({ exit }) => exit));

      expect(exits).toEqual(children.map(() => ({ code: 0, signal: null, errors: '' })));
      const lines = children.flatMap((child) => child.lines);
      expect(lines.filter((line) => line.startsWith('lost'))).toEqual([]);
      const counts = await eventsByCommand(await open(path));
      expect(counts.size).toBe(processes * lanes * turns);
      expect(new Set(counts.values())).toEqual(new Set([EVENTS_IN_A_COMMAND]));
    },
  );

  it('4 that contend for one stream each get their turns, one winner per revision', async () => {
    const path = newPath();
    const children = [0, 1, 2, 3].map((n) => runChild(CHILD, ['contend', path, `p${n}`, '40']));
    const exits = await Promise.all(children.map(({ exit }) => exit));

    expect(exits.map(({ errors }) => errors)).toEqual(['', '', '', '']);
    const { events } = right(await (await open(path)).readStream('shared')());
    expect(events.map(({ revision }) => revision)).toEqual(events.map((_, i) => BigInt(i)));
    for (const n of [0, 1, 2, 3]) {
      expect(events.filter(({ data }) => data === `p${n}`)).toHaveLength(40);
    }
  });

  it('one that is killed in mid-append leaves what it acknowledged, and only whole commands', async () => {
    await Promise.all(
      [1, 2, 3, 4].map(async () => {
        const path = newPath();
        const child = runChild(CHILD, ['write', path, 'p', '16', '100000']);
        await child.count(randomInt(100, 400));
        child.kill('SIGKILL');
        expect(await child.exit).toMatchObject({ signal: 'SIGKILL' });

        const acknowledged = child.lines.filter((l) => l.startsWith('ack ')).map((l) => l.slice(4));
        const counts = await eventsByCommand(await open(path));
        expect(acknowledged.filter((command) => !counts.has(command))).toEqual([]);
        expect(new Set(counts.values())).toEqual(new Set([EVENTS_IN_A_COMMAND]));
        expect(integrityOf(path)).toEqual([{ integrity_check: 'ok' }]);
      }),
    );
  });

  it('one that leaves an open, listening store behind can end', async () => {
    const child = runChild(CHILD, ['abandon', newPath()]);

    expect(await child.exit).toEqual({ code: 0, signal: null, errors: '' });
    expect(child.lines).toEqual(['Right']);
  });

  it('a listener hears of what another process wrote', async () => {
    const path = newPath();
    const store = await open(path, { pollIntervalMs: 10 });
    const told = new Promise<void>((resolve) => store.onAppend(resolve));
    const child = runChild(CHILD, ['write', path, 'p', '1', '1']);
    await told;

    expect(await wholeLog(store)).toHaveLength(EVENTS_IN_A_COMMAND);
    await child.exit;
  });
});

describe('while another process holds the lock', () => {
  it('an append waits without holding up the event loop, and reads go on', async () => {
    const path = newPath();
    const store = await open(path);
    right(await appendOne(store, 'a'));
    const child = runChild(CHILD, ['hold', path, '600']);
    await child.line('held');

    const stall = measureStall();
    let isAnswered = false;
    const append = appendOne(store, 'b').finally(() => {
      isAnswered = true;
    });
    expect(await streamsOf(store)).toEqual(['a']);
    expect(isAnswered).toBe(false);
    right(await append);
    expect(stall.stop()).toBeLessThan(300);
    expect(await streamsOf(store)).toEqual(['a', 'b']);
    await child.exit;
  });

  it('an append is StoreBusy once its time is over, keeps nothing, and can be repeated', async () => {
    const path = newPath();
    const store = await open(path, { busyTimeoutMs: 100 });
    const child = runChild(CHILD, ['hold', path, '500']);
    await child.line('held');

    const [first, second] = await Promise.all([appendOne(store, 'a'), appendOne(store, 'b')]);
    expect(left(first)).toMatchObject({ type: 'StoreBusy', waitedMs: expect.any(Number) });
    expect(left(second)).toMatchObject({ type: 'StoreBusy' });
    await child.exit;
    right(await appendOne(store, 'a'));
    expect(await streamsOf(store)).toEqual(['a']);
  });

  it('closing waits for the appends that wait', async () => {
    const path = newPath();
    const store = await open(path);
    const child = runChild(CHILD, ['hold', path, '200']);
    await child.line('held');
    const append = appendOne(store, 'a');
    await store.close();

    right(await append);
    await child.exit;
  });
});
