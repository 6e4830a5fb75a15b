/**
 * Which events of a shared log are the ledger's, and what they are to its readers.
 */
import { BEFORE_ALL, type RecordedEvent } from '../../application/ports';
import { type StreamKind, streamIdentity } from '../../values/stream-name';
import type { ClientRecord, Place, ResolvedRecord, SubscriptionFilter } from './client';
import { Fault, unavailable } from './faults';

/**
 * Whose events a reader of the whole log gets.
 *
 * - `ledger`: those of streams that are named as the ledger names its own.
 * - `all`: those of every stream but the server's own, `$` and what follows.
 */
export type Streams = 'ledger' | 'all';

/** How the names of the ledger's streams begin. */
const PREFIXES: Readonly<Record<StreamKind, string>> = {
  seat: 'seat-',
  organization: 'organization-',
  address: 'address-',
  account: 'account-',
  answer: 'answer-',
  ledger: 'ledger',
};

/** The last place there can be: the server counts in signed 64-bit integers. */
export const LAST_PLACE = 2n ** 63n - 1n;

export const isWanted =
  (streams: Streams) =>
  ({ streamId, type, isJson }: ClientRecord): boolean =>
    isJson &&
    !type.startsWith('$') &&
    !streamId.startsWith('$') &&
    (streams === 'all' || streamIdentity(streamId) !== undefined);

// The server is asked to say after every 2,000 events how far it has looked.
const SEARCH_WINDOW = 500;
const CHECKPOINT_INTERVAL = 4;

/** The same, for the server to send little else. What it sends must still be checked. */
export const subscriptionFilter = (
  streams: Streams,
  checkpointReached: (place: Place) => void,
): SubscriptionFilter => ({
  ...(streams === 'all'
    ? { filterOn: 'eventType', regex: '^[^$]' }
    : { filterOn: 'streamName', prefixes: Object.values(PREFIXES) }),
  maxSearchWindow: SEARCH_WINDOW,
  checkpointInterval: CHECKPOINT_INTERVAL,
  checkpointReached: (_subscription, place) => {
    checkpointReached(place);
  },
});

/** Where the log goes on after `position`, which is exclusive. */
export const placeAt = (position: bigint): 'start' | Place =>
  position <= BEFORE_ALL ? 'start' : { commit: position, prepare: position };

/** The place of an event, if the server says it. Unknown places are sent as -1, unsigned. */
export const placeOf = ({ event, commitPosition }: ResolvedRecord): Place | undefined => {
  const place =
    event?.position ??
    (commitPosition === undefined
      ? undefined
      : { commit: commitPosition, prepare: commitPosition });
  return place !== undefined && isKnown(place) ? place : undefined;
};

export const isKnown = ({ commit }: Place): boolean => commit >= 0n && commit <= LAST_PLACE;

/**
 * The event of the store called `name`, as its readers get it.
 *
 * @throws Fault when the server does not say where in the log the event is
 */
export const toRecorded = (
  name: string,
  resolved: ResolvedRecord & { readonly event: ClientRecord },
): RecordedEvent => {
  const { streamId, id, type, data, metadata, revision } = resolved.event;
  const place = placeOf(resolved);
  if (place === undefined) throw new Fault(noPositions(name));

  return {
    stream: streamId,
    revision,
    position: place.commit,
    id,
    type,
    data,
    // Other writers may leave it out.
    metadata: metadata === undefined ? null : metadata,
  };
};

const noPositions = (name: string) =>
  unavailable(
    `${name} does not say where in the log an event of a stream is. Use EventStoreDB 22.6 or later.`,
    'unsupported',
  );
