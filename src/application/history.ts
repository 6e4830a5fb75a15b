/** Everything that happened on a seat, as an auditor reads it. */
import * as E from 'fp-ts/lib/Either.js';
import type { Actor } from '../values/principal';
import { type AnyEvent, decodeWhole } from './decode-event';
import type { Failure } from './failures';
import type { EventStore } from './ports';

/** One event of a seat: what, when, who, by which command and under which policy. Plain JSON. */
export interface HistoryEntry {
  readonly type: AnyEvent['type'];
  readonly data: AnyEvent['data'];
  readonly revision: string;
  readonly position: string;
  readonly at: string;
  readonly actor: Actor;
  readonly commandId: string;
  readonly commandType: string;
  readonly policyVersion: string;
}

export const readHistory = async (
  store: EventStore,
  stream: string,
): Promise<E.Either<Failure, ReadonlyArray<HistoryEntry>>> => {
  const slice = await store.readStream(stream)();
  if (E.isLeft(slice)) return slice;
  const entries: Array<HistoryEntry> = [];
  for (const event of slice.right.events) {
    const decoded = decodeWhole(event);
    if (E.isLeft(decoded)) return decoded;
    const { type, data, revision, position, metadata } = decoded.right;
    const { at, actor, commandId, commandType, policyVersion } = metadata;
    entries.push({
      type,
      data,
      revision: String(revision),
      position: String(position),
      at,
      actor,
      commandId,
      commandType,
      policyVersion,
    });
  }
  return E.right(entries);
};
