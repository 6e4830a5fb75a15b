/** What one attempt knows of the streams: read from the store, and brought forward by its own appends. */
import * as E from 'fp-ts/lib/Either.js';
import { address, type Address } from '../../address';
import { organization, type Organization } from '../../organization';
import {
  type Append,
  type Approved,
  type Fact,
  type Known,
  noTrace,
  type Place,
  type Sighting,
  traced,
  type TracedFact,
  type Wanted,
} from '../../processes';
import { seat, type Seat } from '../../seat';
import type { EventMetadata } from '../../stored-event';
import { addressKey } from '../../values/address-key';
import type { CommandId, OrgId, UserId } from '../../values/ids';
import {
  accountStream,
  addressStream,
  answerStream,
  organizationStream,
  seatStream,
} from '../../values/stream-name';
import { decodeWhole, gapBefore } from '../decode-event';
import type { Engine } from '../engine';
import type { Failure } from '../failures';
import { NO_STREAM } from '../ports';

/** A decider seen through its fold alone. */
interface Fold {
  readonly initialState: unknown;
  readonly evolve: (state: never, event: never) => unknown;
}

const foldOf = ({ on }: Place): Fold => {
  switch (on) {
    case 'seat':
      return seat;
    case 'organization':
      return organization;
    case 'address':
    case 'account':
      return address;
  }
};

const withFact = (fold: Fold, seen: Sighting<unknown>, fact: TracedFact): Sighting<unknown> => ({
  state: fold.evolve(seen.state as never, fact as never),
  trace: traced(seen.trace, fact),
  revision: fact.revision,
});

const unseen = (fold: Fold): Sighting<unknown> => ({
  state: fold.initialState,
  trace: noTrace,
  revision: NO_STREAM,
});

// What is cached here has a trace beside its state: it is kept apart from bare states.
const cacheKey = (stream: string): string => `traced ${stream}`;

export class Sight implements Known {
  private readonly sightings = new Map<string, Sighting<unknown>>();
  private readonly past = new Map<string, Seat>();
  private readonly answers = new Map<string, boolean>();
  private readonly tooLarge = new Set<string>();

  constructor(
    private readonly engine: Engine,
    readonly orgId: OrgId,
  ) {}

  readonly seat = (userId: UserId) =>
    this.sightings.get(seatStream(this.orgId, userId)) as Sighting<Seat> | undefined;

  readonly organization = () =>
    this.sightings.get(organizationStream(this.orgId)) as Sighting<Organization> | undefined;

  readonly book: Known['book'] = (book, of) =>
    this.sightings.get(this.streamOf({ on: book, address: of })) as Sighting<Address> | undefined;

  /** The last revision known of a place; that of no stream where nothing is known. */
  revisionOf(place: Place): bigint {
    return this.sightings.get(this.streamOf(place))?.revision ?? NO_STREAM;
  }

  readonly seatAsOf = (userId: UserId, revision: bigint): Seat | undefined => {
    const now = this.seat(userId);
    return now?.revision === revision ? now.state : this.past.get(pastKey(userId, revision));
  };

  readonly answered = (commandId: CommandId): boolean | undefined => this.answers.get(commandId);

  readonly isTooLarge = (approved: Approved): boolean => this.tooLarge.has(approvalKey(approved));

  /** What leaves for this approval is more than one append can hold. */
  tookTooLarge(approved: Approved): void {
    this.tooLarge.add(approvalKey(approved));
  }

  streamOf(place: Place): string {
    switch (place.on) {
      case 'seat':
        return seatStream(this.orgId, place.userId);
      case 'organization':
        return organizationStream(this.orgId);
      case 'address':
        return addressStream(this.orgId, addressKey(this.engine.addressSecret, place.address));
      case 'account':
        return accountStream(this.orgId, addressKey(this.engine.addressSecret, place.address));
    }
  }

  /** Reads what is wanted, anew where it has been read before. */
  async read(wanted: ReadonlyArray<Wanted>): Promise<E.Either<Failure, void>> {
    const answers = await Promise.all(wanted.map((one) => this.readOne(one)));
    return answers.find(E.isLeft) ?? E.right(undefined);
  }

  /** Takes an append in that succeeded; `first` is what was written beside its first event. */
  took({ facts, after, by }: Append, first: EventMetadata = by): void {
    const fold = foldOf(facts);
    const stream = this.streamOf(facts);
    let seen = this.sightings.get(stream) ?? unseen(fold);
    let revision = after;
    for (const [index, fact] of (facts.events as ReadonlyArray<Fact>).entries()) {
      revision += 1n;
      seen = withFact(fold, seen, { ...fact, metadata: index === 0 ? first : by, revision });
    }
    this.keep(stream, seen);
  }

  /** The command has an answer, and may have one elsewhere too: its home stream is read again. */
  tookAnswer(commandId: CommandId, home: Place): void {
    this.answers.set(commandId, true);
    this.sightings.delete(this.streamOf(home));
  }

  /** What was read did not fit what stands there now. */
  forget(): void {
    this.sightings.clear();
    this.answers.clear();
    this.tooLarge.clear();
  }

  private keep(stream: string, seen: Sighting<unknown>): void {
    this.sightings.set(stream, seen);
    this.engine.cache.set(cacheKey(stream), { state: seen, revision: seen.revision });
  }

  private readOne(wanted: Wanted): Promise<E.Either<Failure, void>> {
    switch (wanted.on) {
      case 'answer':
        return this.readAnswer(wanted.commandId);
      case 'seatAsOf':
        return this.readPast(wanted.userId, wanted.revision);
      default:
        return this.readPlace(wanted);
    }
  }

  private async readAnswer(commandId: CommandId): Promise<E.Either<Failure, void>> {
    const slice = await this.engine.store.readStream(answerStream(this.orgId, commandId))();
    if (E.isLeft(slice)) return slice;
    this.answers.set(commandId, slice.right.revision !== NO_STREAM);
    return E.right(undefined);
  }

  private async readPast(userId: UserId, until: bigint): Promise<E.Either<Failure, void>> {
    const stream = seatStream(this.orgId, userId);
    const seen = await this.folded(stream, seat, unseen(seat), until);
    if (E.isLeft(seen)) return seen;
    this.past.set(pastKey(userId, until), seen.right.state as Seat);
    return E.right(undefined);
  }

  private async readPlace(place: Place): Promise<E.Either<Failure, void>> {
    const stream = this.streamOf(place);
    const fold = foldOf(place);
    const cached = this.engine.cache.get(cacheKey(stream))?.state as Sighting<unknown> | undefined;
    const seen = await this.folded(stream, fold, cached ?? unseen(fold));
    if (E.isLeft(seen)) return seen;
    this.keep(stream, seen.right);
    return E.right(undefined);
  }

  private async folded(
    stream: string,
    fold: Fold,
    from: Sighting<unknown>,
    until?: bigint,
  ): Promise<E.Either<Failure, Sighting<unknown>>> {
    const slice = await this.engine.store.readStream(stream, from.revision + 1n)();
    if (E.isLeft(slice)) return slice;
    let seen = from;
    for (const event of slice.right.events) {
      if (until !== undefined && event.revision > until) break;
      if (event.revision !== seen.revision + 1n) {
        return E.left(gapBefore(event, seen.revision + 1n));
      }
      const decoded = decodeWhole(event);
      if (E.isLeft(decoded)) return decoded;
      // Decoding has checked that it is an event of this kind of stream.
      seen = withFact(fold, seen, decoded.right as unknown as TracedFact);
    }
    return E.right(seen);
  }
}

const approvalKey = ({ userId, requestId }: Approved): string => `${userId} ${requestId}`;

const pastKey = (userId: UserId, revision: bigint): string => `${userId} ${revision}`;
