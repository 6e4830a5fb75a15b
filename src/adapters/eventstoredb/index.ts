/**
 * A store in EventStoreDB, or in KurrentDB by the same protocol, which many processes may use at once.
 */
import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { StoreFailure } from '../../application/failures';
import type { EventStore, StoreConnector } from '../../application/ports';
import {
  driverMissing,
  type EventStoreDbClient,
  loadClientPackage,
  loadedFiles,
  rivalIsLoaded,
} from './client';
import { unavailable } from './faults';
import { isSupported } from './guarded-client';
import type { Streams } from './ledger-streams';
import { type StoreSettings, storeOn } from './store';

export type { EventStoreDbClient } from './client';
export type { Streams } from './ledger-streams';

/** How a store in EventStoreDB behaves; every option has a default. */
export interface EventStoreDbOptions {
  /** How long one call to the server may take, or one page of a longer read. Default 10,000. */
  readonly timeoutMs?: number;
  /**
   * How long an append may take in all, if its answer is lost and has to be found out. From then on it
   * is an `OutcomeUnknown`. Default 30,000.
   */
  readonly appendTimeoutMs?: number;
  /** How often an append is sent at most. Default 20. */
  readonly maxAttempts?: number;
  /** What the server takes in one append; a larger one is not even sent. Default 1,048,576. */
  readonly maxAppendBytes?: number;
  /**
   * Let all appends share one call: about twice as many a second. When that call breaks, the client
   * rejects the appends of every other client in this process as well, so do not share the process
   * with one. Default false.
   */
  readonly batchAppend?: boolean;
  /** Whose events `readAll`, `head`, `subscribe` and `onAppend` are about. Default `ledger`. */
  readonly streams?: Streams;
}

/**
 * A ledger kept in EventStoreDB 22.6 or later. Its appends are to one stream each.
 *
 * The package `@eventstore/db-client` is loaded at `connect`, unless a client is given. The connection
 * is made by the first call. The user needs the right to read `$all`.
 *
 * @param source a connection string, with credentials, TLS and cluster discovery as the client reads
 *   them; or a client of the host's own, which `close` leaves open
 * @example
 * eventStoreDb('esdb://localhost:2113?tls=false').name // => 'eventstoredb localhost:2113'
 */
export const eventStoreDb = (
  source: string | EventStoreDbClient,
  options: EventStoreDbOptions = {},
): StoreConnector => {
  const name = typeof source === 'string' ? nameOf(source) : 'eventstoredb';
  const settings: StoreSettings = {
    name,
    timeoutMs: options.timeoutMs ?? 10_000,
    appendTimeoutMs: options.appendTimeoutMs ?? 30_000,
    maxAttempts: options.maxAttempts ?? 20,
    maxAppendBytes: options.maxAppendBytes ?? 1_048_576,
    batchAppend: options.batchAppend ?? false,
    streams: options.streams ?? 'ledger',
    ownsClient: typeof source === 'string',
  };

  const connect: TE.TaskEither<StoreFailure, EventStore> = () => {
    if (!isSource(source)) return Promise.resolve(E.left(noSource(name, source)));
    const unfit = misspelt(name, source, options) ?? unfitOption(settings);
    if (unfit !== undefined) return Promise.resolve(E.left(unfit));

    if (rivalIsLoaded(loadedFiles())) return Promise.resolve(E.left(rivalFound(name)));
    const client = typeof source === 'string' ? clientFor(name, source) : E.right(source);
    if (E.isLeft(client)) return Promise.resolve(client);
    return Promise.resolve(
      isSupported(client.right) ? E.right(storeOn(client.right, settings)) : E.left(strange(name)),
    );
  };
  return { name, connect };
};

const HOSTS =
  /^esdb(?:\+discover)?:\/\/(?:[^@/:?#]*:[^@/:?#]*@)?([\w.-]+(?::\d{1,5})?(?:,[\w.-]+(?::\d{1,5})?)*)\/?(?:\?|$)/;
const SCHEME = /^esdb(?:\+discover)?:\/\//;
const HIGHEST_PORT = 65_535;

/** For messages: the hosts without the password, which a string that cannot be read might hold anywhere. */
const nameOf = (connectionString: string): string => {
  const hosts = HOSTS.exec(connectionString.trim())?.[1];
  return hosts === undefined ? 'eventstoredb' : `eventstoredb ${hosts}`;
};

const clientFor = (
  name: string,
  connectionString: string,
): E.Either<StoreFailure, EventStoreDbClient> => {
  const clientPackage = loadClientPackage();
  if (clientPackage === undefined) return E.left(driverMissing);
  try {
    return E.right(clientPackage.EventStoreDBClient.connectionString(connectionString));
  } catch (error) {
    return E.left(unreadable(name, error));
  }
};

const OPTIONS: ReadonlySet<string> = new Set<keyof EventStoreDbOptions>([
  'timeoutMs',
  'appendTimeoutMs',
  'maxAttempts',
  'maxAppendBytes',
  'batchAppend',
  'streams',
]);

/** What the client reads of a connection string. It prints one with anything else, password and all. */
const PARAMETERS: ReadonlySet<string> = new Set([
  'nodePreference',
  'connectionName',
  'tlsCAFile',
  'userCertFile',
  'userKeyFile',
  'maxDiscoverAttempts',
  'defaultDeadline',
  'discoveryInterval',
  'gossipTimeout',
  'keepAliveInterval',
  'keepAliveTimeout',
  'dnsDiscover',
  'tls',
  'tlsVerifyCert',
  'throwOnAppendFailure',
]);

/** An option or a parameter that there is not would be dropped unseen. */
const misspelt = (
  name: string,
  source: string | EventStoreDbClient,
  options: EventStoreDbOptions,
): StoreFailure | undefined => {
  const option = Object.keys(options).find((key) => !OPTIONS.has(key));
  if (option !== undefined) {
    return unavailable(
      `${name} was given an option ${option}, which there is not. Its options are ${[...OPTIONS].join(', ')}.`,
      INVALID_ARGUMENT,
    );
  }
  if (typeof source !== 'string') return undefined;
  const authority = unclearAuthority(name, source);
  if (authority !== undefined) return authority;
  const query = source.split('?')[1] ?? '';
  const pairs = query.split('&').filter((pair) => pair !== '');
  if (pairs.some((pair) => !PARAMETERS.has(pair.split('=')[0] ?? ''))) {
    return unavailable(
      `The connection string of ${name} has a parameter that there is not. Its parameters are ${[...PARAMETERS].join(', ')}.`,
      INVALID_ARGUMENT,
    );
  }
  return pairs.some((pair) => UNHEEDED.test(pair))
    ? unavailable(
        `The connection string of ${name} has tlsVerifyCert=false, which the client does not heed. Take it out, and name the authority that signed the certificate of the server by tlsCAFile.`,
        INVALID_ARGUMENT,
      )
    : undefined;
};

/** The client verifies all the same, and prints the connection string with the password to say so. */
const UNHEEDED = /^tlsVerifyCert=\s*false\s*$/;

/**
 * Users, passwords and hosts are told apart before the client sees them: it reads as much of a host or port
 * as it understands and goes there, and its messages then name the rest of the password as a host.
 */
const unclearAuthority = (name: string, source: string): StoreFailure | undefined => {
  if (!SCHEME.test(source.trim())) return undefined;
  const hosts = HOSTS.exec(source.trim())?.[1];
  const ports = hosts?.split(',').map((host) => Number(host.split(':')[1] ?? 0));
  if (ports?.every((port) => port <= HIGHEST_PORT) === true) return undefined;
  return unavailable(
    `The connection string of ${name} does not read as user:password@host:port between :// and ?. ` +
      'Percent-encode what else is in user and password (@ is %40, / is %2F, : is %3A), and check hosts and ports.',
    INVALID_ARGUMENT,
  );
};

/** The longest that a timer of Node can wait. */
const LONGEST_MS = 2 ** 31 - 1;

const RANGES = {
  timeoutMs: [1, LONGEST_MS],
  appendTimeoutMs: [1, LONGEST_MS],
  maxAttempts: [1, 1_000_000],
  maxAppendBytes: [1, 2 ** 31],
} as const;

const unfitOption = (settings: StoreSettings): StoreFailure | undefined => {
  const numbers = Object.entries(RANGES) as ReadonlyArray<
    [keyof typeof RANGES, readonly [number, number]]
  >;
  for (const [option, [least, most]] of numbers) {
    const given = settings[option];
    if (!Number.isInteger(given) || given < least || given > most) {
      return wrongOption(settings.name, option, given, `a whole number from ${least} to ${most}`);
    }
  }
  if (!['ledger', 'all'].includes(settings.streams)) {
    return wrongOption(settings.name, 'streams', settings.streams, `'ledger' or 'all'`);
  }
  if (typeof settings.batchAppend !== 'boolean') {
    return wrongOption(settings.name, 'batchAppend', settings.batchAppend, 'true or false');
  }
  return undefined;
};

const wrongOption = (name: string, option: string, given: unknown, wanted: string): StoreFailure =>
  unavailable(`${name} was given ${option}: ${String(given)}. Give ${wanted}.`, INVALID_ARGUMENT);

const INVALID_ARGUMENT = 'ERR_INVALID_ARG_VALUE';

/** Says where, but not what: the text may hold a password. */
const unreadable = (name: string, error: unknown): StoreFailure => {
  const { location, expected, message } = error as {
    readonly location?: ReadonlyArray<number>;
    readonly expected?: string;
    readonly message?: string;
  };
  const what =
    location === undefined
      ? String(message)
      : `expected ${String(expected)} at character ${(location[0] ?? 0) + 1}`;
  return unavailable(
    `The connection string of ${name} could not be used: ${what}. Write it as esdb://user:password@host:2113?tls=true.`,
    INVALID_ARGUMENT,
  );
};

const rivalFound = (name: string): StoreFailure =>
  unavailable(
    `${name} cannot be opened beside the package @kurrent/kurrentdb-client, which breaks @eventstore/db-client. Use one of the two in a process.`,
    'conflicting-package',
  );

const isSource = (source: unknown): boolean =>
  typeof source === 'string' || (typeof source === 'object' && source !== null);

const noSource = (name: string, source: unknown): StoreFailure =>
  unavailable(
    `${name} was given ${String(source)} where a connection string belongs, as in esdb://host:2113, or a client. Is an environment variable not set?`,
    INVALID_ARGUMENT,
  );

const strange = (name: string): StoreFailure =>
  unavailable(
    `${name} was given a client of an unknown kind. Use an EventStoreDBClient of @eventstore/db-client 6.2.`,
    INVALID_ARGUMENT,
  );
