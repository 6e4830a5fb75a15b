/** What a ledger is opened with, checked like any input: a misspelt option is never dropped unseen. */
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import type { ReadModel } from '../../projections/read-model';
import { closed, type Picture, sketch, stringWhere, wholeNumber } from '../values/codec';
import { systemClock, Timestamp } from '../values/timestamp';
import { type Failure, type InvalidInput, invalidInput } from './failures';
import { read } from './input';
import type { StoreConnector } from './ports';
import type { Recovery } from './stepwise/recovery';

/** What a ledger is opened with. */
export interface LedgerOptions {
  readonly store: StoreConnector;
  /**
   * At least 16 characters, kept by the host. Addresses are keyed by it in stream names, so a store can
   * only be opened with the secret that it was made with.
   */
  readonly addressSecret: string;
  /**
   * The time that commands are recorded at: RFC 3339 in UTC, with no fraction or three digits of one. The
   * machine's clock by default.
   */
  readonly clock?: () => string;
  /**
   * Where the views are kept, so that a ledger that is opened again reads only what is new; without it
   * they are folded from the whole log in memory, when the first question comes.
   */
  readonly readModel?: ReadModel;
  /** How many events' worth of folded states are kept in memory; 200,000 by default. */
  readonly cachedEvents?: number;
  /**
   * Whether to finish, in the background, what dead processes left half done; `true` by default. It reads
   * the whole log once, and matters only to stores that append to one stream at a time.
   */
  readonly recoverAtOpen?: boolean;
  /**
   * Told how the recovery at opening went, on every store: with nothing to do where appends are atomic.
   * Without it a failure goes unheard; `ledger.recover()` tries again.
   */
  readonly onRecovery?: (outcome: E.Either<Failure, Recovery>) => void;
}

const DEFAULT_CACHED_EVENTS = 200_000;
const SHORTEST_SECRET = 16;

const isConnector = (input: unknown): input is StoreConnector =>
  typeof input === 'object' &&
  input !== null &&
  'connect' in input &&
  typeof input.connect === 'function';

const isReadModel = (input: unknown): input is ReadModel =>
  typeof input === 'object' &&
  input !== null &&
  'connect' in input &&
  typeof input.connect === 'function' &&
  'rebuild' in input &&
  typeof input.rebuild === 'function';

const isListener = (input: unknown): input is (outcome: E.Either<Failure, Recovery>) => void =>
  typeof input === 'function';

const isClock = (input: unknown): input is () => string => typeof input === 'function';

/** A value that passes as it is when `is` accepts it. */
const checked = <A>(expected: string, is: t.Is<A>) =>
  new t.Type<A>(
    expected,
    is,
    (input, context) => (is(input) ? t.success(input) : t.failure(input, context)),
    t.identity,
  );

const Options = closed(
  {
    store: checked('a store such as memoryStore() or sqliteStore(path)', isConnector),
    addressSecret: stringWhere(
      `a secret of at least ${SHORTEST_SECRET} characters`,
      (given) => given.length >= SHORTEST_SECRET,
    ),
  },
  {
    clock: checked('a function that gives a UTC time such as 2026-03-01T09:30:00Z', isClock),
    readModel: checked('a read model such as sqliteReadModel(path)', isReadModel),
    cachedEvents: wholeNumber(0, Number.MAX_SAFE_INTEGER),
    recoverAtOpen: t.boolean,
    onRecovery: checked('a function that takes the outcome', isListener),
  },
);

/** Options with nothing left out. */
export interface LedgerSettings {
  readonly store: StoreConnector;
  readonly addressSecret: string;
  readonly clock: () => E.Either<InvalidInput, Timestamp>;
  readonly readModel: ReadModel | undefined;
  readonly cachedEvents: number;
  readonly recoverAtOpen: boolean;
  readonly onRecovery: (outcome: E.Either<Failure, Recovery>) => void;
}

const Reading = closed({ clock: Timestamp });

/** The host's clock, which may answer nonsense or throw. What it says several times is checked once. */
const checkedClock = (clock: () => unknown): (() => E.Either<InvalidInput, Timestamp>) => {
  let last: { readonly text: string; readonly now: E.Either<InvalidInput, Timestamp> } | undefined;
  return () => {
    try {
      const text = clock();
      if (typeof text === 'string' && last?.text === text) return last.now;
      const now = E.map(({ clock: instant }: t.TypeOf<typeof Reading>) => instant)(
        read('options', Reading, { clock: text }),
      );
      if (E.isRight(now)) last = { text: now.right, now };
      return now;
    } catch {
      return E.left(
        invalidInput('options', [
          { path: 'clock', expected: Timestamp.name, got: 'a clock that throws' },
        ]),
      );
    }
  };
};

/**
 * A failure ends up in logs, where not even half a secret belongs. It may stand anywhere, such as under a
 * name that is misspelt: of any text only the length is told.
 */
const withoutSecret: Picture = (given, path) => {
  if (typeof given === 'string') {
    return given.length === 1 ? '1 character' : `${given.length} characters`;
  }
  const isHarmless = typeof given !== 'number' || path === 'cachedEvents';
  return isHarmless ? sketch(given) : 'a number';
};

export const readOptions = (options: LedgerOptions): E.Either<InvalidInput, LedgerSettings> => {
  const given = read('options', Options, options, withoutSecret);
  if (E.isLeft(given)) return given;
  const { store, addressSecret, clock, cachedEvents, recoverAtOpen = true } = given.right;
  return E.right({
    store,
    addressSecret,
    clock: checkedClock(clock ?? systemClock),
    readModel: given.right.readModel,
    cachedEvents: cachedEvents ?? DEFAULT_CACHED_EVENTS,
    recoverAtOpen,
    onRecovery: given.right.onRecovery ?? (() => undefined),
  });
};
