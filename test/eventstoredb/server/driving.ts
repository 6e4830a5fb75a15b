/**
 * The real client against the test server, for the server's own tests.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  EventStoreDBClient,
  jsonEvent,
  type AllStreamRecordedEvent,
  type AppendToStreamOptions,
  type JSONEventType,
  type Position,
} from '@eventstore/db-client';
import { afterEach, beforeEach } from '@jest/globals';
import { startTestServer, type AppendCall, type TestServer, type TestServerOptions } from './index';

/** A server and one client of its own for each test: two clients in one process share more than they should. */
export interface Driving {
  server: TestServer;
  client: EventStoreDBClient;
}

export const driveServer = (options?: TestServerOptions): Driving => {
  const driving = {} as Driving;
  beforeEach(async () => {
    driving.server = await startTestServer(options);
    driving.client = EventStoreDBClient.connectionString(driving.server.connectionString);
  });
  afterEach(async () => {
    await driving.client.dispose();
    await driving.server.stop();
  });
  return driving;
};

/** A server of today writes one position twice. */
export const at = (position: bigint): Position => ({ commit: position, prepare: position });

type Path = AppendCall['path'];

/** Credentials are what makes the client append plainly. */
export const byPath = (path: Path, options: AppendToStreamOptions): AppendToStreamOptions =>
  path === 'plain' ? { ...options, credentials: { username: 'ann', password: 'secret' } } : options;

/** As many events as there are types, with ids of their own. */
export const eventsOf = (...types: ReadonlyArray<string>): Array<ReturnType<typeof eventOf>> =>
  types.map((type) => eventOf(type));

export const eventOf = (type: string, id?: string) =>
  jsonEvent<JSONEventType<string, { readonly made: string }>>({
    type,
    data: { made: 'here' },
    ...(id === undefined ? {} : { id }),
  });

/** What an error of the client says of itself that a caller can act upon. */
export const errorOf = (error: unknown): { readonly type: unknown; readonly code: unknown } => {
  const { type, code } = error as { readonly type?: unknown; readonly code?: unknown };
  return { type, code };
};

/** The error that a promise rejects with, `'answered'`, or `'silent'` when it has not settled in time. */
export const ending = async (promise: Promise<unknown>, timeoutMs = 5_000): Promise<unknown> => {
  const timer = new AbortController();
  const settled = promise.then(
    () => 'answered',
    (error: unknown) => errorOf(error),
  );
  const late = sleep(timeoutMs, 'silent', { signal: timer.signal }).catch(() => 'unreachable');
  const first = await Promise.race([settled, late]);
  timer.abort();
  return first;
};

/** Waits until `holds`, 2 s at most; what has not come true by then fails in the test itself. */
export const until = async (holds: () => boolean): Promise<void> => {
  for (let attempts = 0; attempts < 400 && !holds(); attempts += 1) await sleep(5);
};

/** A stream of the client's, read to its end or its error, with the names of what else it says. */
export class Heard {
  readonly events: Array<AllStreamRecordedEvent> = [];
  readonly signals: Array<string> = [];
  ended: unknown;

  constructor(stream: NodeJS.EventEmitter) {
    stream.on('data', ({ event }: { readonly event?: AllStreamRecordedEvent }) => {
      if (event) this.events.push(event);
    });
    for (const signal of ['confirmation', 'caughtUp', 'fellBehind']) {
      stream.on(signal, () => this.signals.push(signal));
    }
    stream.on('error', (error) => {
      this.ended = errorOf(error);
    });
    stream.on('end', () => {
      this.ended = 'end';
    });
  }

  get types(): ReadonlyArray<string> {
    return this.events.map(({ type }) => type);
  }
}
