/**
 * The claim protocol takes one step at a time: from what is known of the streams, the next thing to do. A
 * step is a pure function of what is known, so it can be taken again by anybody, after any crash.
 */
import { isNonEmpty } from 'fp-ts/lib/Array.js';
import type { NonEmptyArray } from 'fp-ts/lib/NonEmptyArray.js';
import type { Address } from '../../address';
import type { Organization } from '../../organization';
import type { Rejection } from '../../rejection';
import type { Seat } from '../../seat';
import type { EventMetadata } from '../../stored-event';
import type { EmailAddress } from '../../values/email-address';
import type { CommandId, RequestId, UserId } from '../../values/ids';
import type { Book, Facts } from '../streams';
import type { Trace } from './trace';

/** An approval, by the seat and the request that it is for. */
export interface Approved {
  readonly userId: UserId;
  readonly requestId: RequestId;
}

/** A stream that commands write to. */
export type Place =
  | { readonly on: 'seat'; readonly userId: UserId }
  | { readonly on: 'organization' }
  | { readonly on: Book; readonly address: EmailAddress };

/** Something that must be read before the next step can be told. */
export type Wanted =
  | Place
  /** Whether the command has an answer that added nothing. */
  | { readonly on: 'answer'; readonly commandId: CommandId }
  /** A seat as it was at a revision. */
  | { readonly on: 'seatAsOf'; readonly userId: UserId; readonly revision: bigint };

/** A stream as it was when it was last read. It may have moved since: an append tells. */
export interface Sighting<State> {
  readonly state: State;
  readonly revision: bigint;
  readonly trace: Trace;
}

/** What has been read so far; `undefined` is unread. */
export interface Known {
  readonly seat: (userId: UserId) => Sighting<Seat> | undefined;
  readonly seatAsOf: (userId: UserId, revision: bigint) => Seat | undefined;
  readonly organization: () => Sighting<Organization> | undefined;
  readonly book: (book: Book, address: EmailAddress) => Sighting<Address> | undefined;
  readonly answered: (commandId: CommandId) => boolean | undefined;
  /** Whether letting a mailbox go for this approval has been found to be more than one append can hold. */
  readonly isTooLarge: (approved: Approved) => boolean;
}

/** The next thing to do. */
export type Step =
  | { readonly do: 'read'; readonly wanted: NonEmptyArray<Wanted> }
  | Append
  /** Record the answer to a command that adds nothing; without rejections it was already so. */
  | { readonly do: 'answer'; readonly rejections: NonEmptyArray<Rejection> | undefined }
  /** Nothing is left to do. */
  | { readonly do: 'nothing' };

/** Append the facts to their stream, if it is still at the revision `after`. */
export interface Append {
  readonly do: 'append';
  readonly facts: Facts;
  readonly after: bigint;
  readonly by: EventMetadata;
  /** It stops a writer who may only be slow: whoever has time waits a little first. */
  readonly isFence: boolean;
}

export const read = (...wanted: NonEmptyArray<Wanted>): Step => ({ do: 'read', wanted });

export const nothing: Step = { do: 'nothing' };

export const append = (facts: Facts, after: bigint, by: EventMetadata, isFence = false): Append => {
  if (!isNonEmpty([...facts.events])) throw new Error('Defect: a step appends nothing.');
  return { do: 'append', facts, after, by, isFence };
};
