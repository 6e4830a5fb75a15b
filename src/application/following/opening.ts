/** Opening the kept tables of all projections. Those that are missing, or of another log, are made first. */
import * as E from 'fp-ts/lib/Either.js';
import { BrokenProjection } from '../../../projections';
import {
  type ReadModel,
  ReadModelFault,
  type ReadModelSession,
} from '../../../projections/read-model';
import type { EventStore } from '../ports';
import { Follower } from './follower';
import { type AnyFollower, type AnyProjection, Followers } from './followers';
import { isOfLog, type Making, startMaking } from './making';
import type { Outcome } from './outcome';

export interface Opened {
  readonly session: ReadModelSession;
  readonly followers: Followers;
}

export const openTables = async (
  store: EventStore,
  readModel: ReadModel,
  projections: ReadonlyArray<AnyProjection>,
): Outcome<Opened> => {
  const broken = await makeMissing(store, readModel, projections);
  if (E.isLeft(broken)) return broken;
  const session = readModel.connect();
  const followers = new Followers();
  for (const projection of projections) {
    const follower = broken.right.get(projection) ?? opened(session, projection);
    if (follower === undefined) {
      session.close();
      throw new ReadModelFault(
        `${readModel.name}: ${projection.name} was made by another release. Ask again.`,
      );
    }
    followers.put(follower);
  }
  return E.right({ session, followers });
};

const opened = (session: ReadModelSession, projection: AnyProjection): AnyFollower | undefined => {
  const kept = session.open<never>(projection);
  return kept === undefined ? undefined : new Follower(projection, kept);
};

/** @returns of the projections that throw, what became of them: there is nothing to open */
const makeMissing = async (
  store: EventStore,
  readModel: ReadModel,
  projections: ReadonlyArray<AnyProjection>,
): Outcome<ReadonlyMap<AnyProjection, AnyFollower>> => {
  const missing: Array<Making> = [];
  const broken = new Map<AnyProjection, AnyFollower>();
  const session = readModel.connect();
  try {
    for (const projection of projections) {
      const kept = session.open<never>(projection);
      const isOurs = kept === undefined ? E.right(false) : await isOfLog(store, kept.checkpoint);
      if (E.isLeft(isOurs)) return isOurs;
      if (isOurs.right) continue;
      const started = await startMaking(store, readModel, projection, false);
      if (E.isLeft(started)) return started;
      missing.push(started.right);
    }
    for (const making of missing) {
      const made = await make(store, making);
      if (E.isLeft(made)) return made;
      if (making.follower.isBroken) broken.set(making.follower.projection, making.follower);
    }
    return E.right(broken);
  } finally {
    for (const making of missing) making.close();
    session.close();
  }
};

/** Makes the tables of one projection. One that throws gets none, and keeps no other from getting theirs. */
const make = async (store: EventStore, making: Making): Outcome<void> => {
  try {
    const brought = await making.bringAlong(store, () => undefined);
    if (E.isRight(brought)) making.finish();
    return brought;
  } catch (error) {
    if (error instanceof BrokenProjection) return E.right(undefined);
    throw error;
  }
};
