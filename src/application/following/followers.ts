/** Several projections that take the same events in: each event is read and decoded once for all of them. */
import * as E from 'fp-ts/lib/Either.js';
import { BrokenProjection, type ProjectedEvent, type Projection } from '../../../projections';
import type { Tables } from '../../../projections/table';
import { decodeWhole } from '../decode-event';
import type { RecordedEvent } from '../ports';
import type { Follower } from './follower';
import type { Take, Taker } from './log-tail';

export type AnyProjection = Projection<never>;
export type AnyFollower = Follower<never>;

type EventType = ProjectedEvent['type'];

/** The types that any of these projections reads. */
export const readBy = (
  projections: Iterable<Pick<AnyProjection, 'handles'>>,
): ReadonlySet<EventType> => {
  const types = new Set<EventType>();
  for (const { handles } of projections) for (const type of handles) types.add(type);
  return types;
};

export class Followers implements Taker {
  private readonly byName = new Map<string, AnyFollower>();
  private types: ReadonlySet<EventType> = new Set();
  /** Those whose projection threw: the others go on without them. */
  private readonly broken = new Set<AnyFollower>();

  /** Adds one, or puts it in the place of the one of its name. */
  put(follower: AnyFollower): void {
    const { name } = follower.projection;
    const former = this.byName.get(name);
    if (former !== undefined) this.broken.delete(former);
    this.byName.set(name, follower);
    this.types = readBy(Array.from(this.byName.values(), ({ projection }) => projection));
    if (follower.isBroken) this.broken.add(follower);
  }

  /** Up to where every one has come that is whole; `undefined` when none is. */
  get position(): bigint | undefined {
    let lowest: bigint | undefined;
    for (const follower of this.byName.values()) {
      if (this.broken.has(follower)) continue;
      if (lowest === undefined || follower.position < lowest) lowest = follower.position;
    }
    return lowest;
  }

  get reads(): ReadonlySet<EventType> {
    return this.types;
  }

  readonly take: Take = (stored, event) => {
    for (const follower of this.byName.values()) {
      if (this.broken.has(follower)) continue;
      try {
        follower.take(stored, event);
      } catch (error) {
        if (!isItsOwnFault(error, stored)) throw error;
        this.broken.add(follower);
      }
    }
  };

  /** For use inside a question. Throws where the projection has thrown. */
  readonly tablesOf = <Entries>({ name }: Projection<Entries>): Tables<Entries> => {
    const follower = this.byName.get(name);
    if (follower === undefined) throw new Error(`Defect: ${name} is not followed.`);
    // Filed under its projection's name, so its tables are that projection's.
    return (follower as unknown as Follower<Entries>).tables;
  };

  /** Says to all kept tables how far they have come. */
  advance(): void {
    for (const follower of this.byName.values()) follower.advance();
  }

  /** Lets all go on from where their kept tables are. */
  resume(): void {
    for (const follower of this.byName.values()) follower.resume();
  }
}

/** Metadata is read only when a projection asks for it: when it is damaged, no projection is to blame. */
const isItsOwnFault = (error: unknown, stored: RecordedEvent): boolean =>
  error instanceof BrokenProjection && E.isRight(decodeWhole(stored));
