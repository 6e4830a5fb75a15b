/** Reading on in the log: whole, decoded, and stopped by whatever is missing or cannot be read. */
import * as E from 'fp-ts/lib/Either.js';
import type { ProjectedEvent } from '../../../projections';
import { type AnyEvent, decodeWhole, decodeWanted, type LedgerEvent } from '../decode-event';
import type { Failure } from '../failures';
import { wholePages } from '../log-pages';
import type { EventStore, RecordedEvent } from '../ports';

/** Takes one event in. `undefined`: one that is not read, but has its place in the log all the same. */
export type Take = (stored: RecordedEvent, event: ProjectedEvent | undefined) => void;

/** Takes events in. */
export interface Taker {
  /** The types that it reads. Of all others it is told that they were there. */
  readonly reads: ReadonlySet<AnyEvent['type']>;
  readonly take: Take;
}

const isProjected = (event: LedgerEvent): event is ProjectedEvent =>
  event.streamKind !== 'answer' && event.streamKind !== 'ledger';

/** One for all events: a log has millions. */
const taken: E.Either<never, void> = E.right(undefined);

/** Takes one event in, or says what is wrong with it. */
export const takeIn = (stored: RecordedEvent, { reads, take }: Taker): E.Either<Failure, void> => {
  const decoded = decodeWanted(stored, reads);
  if (E.isLeft(decoded)) return decoded;
  const event = decoded.right;
  try {
    take(stored, event !== undefined && isProjected(event) ? event : undefined);
    return taken;
  } catch (error) {
    // Metadata is read only when a projection asks for it; when it is damaged, that is what broke it.
    const whole = decodeWhole(stored);
    if (E.isLeft(whole)) return whole;
    throw error;
  }
};

/** What is told while a long log is read; `stop` ends it there. */
export type OnPage = (position: bigint) => 'stop' | undefined;

/**
 * Takes everything after `position` in, to the end of the log.
 *
 * @param onPage called after each page, between the events of which nobody else has a turn
 * @returns the position of the last event that was taken in
 */
export const readOn = async (
  store: EventStore,
  position: bigint,
  taker: Taker,
  onPage?: OnPage,
): Promise<E.Either<Failure, bigint>> => {
  let last = position;
  for await (const page of wholePages(store, { after: position })) {
    if (E.isLeft(page)) return page;
    for (const stored of page.right) {
      const done = takeIn(stored, taker);
      if (E.isLeft(done)) return done;
      last = stored.position;
    }
    if (onPage?.(last) === 'stop') return E.right(last);
  }
  return E.right(last);
};
