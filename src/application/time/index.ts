/** Questions about the past: what was so, what changed, what happened, and why. */
import * as E from 'fp-ts/lib/Either.js';
import { CommandId } from '../../values/ids';
import { Principal } from '../../values/principal';
import type { Engine } from '../engine';
import type { Failure } from '../failures';
import { read } from '../input';
import type { EventStore } from '../ports';
import { diff, readViewName, type ViewDiff } from './diff';
import { why, type Why } from './why';

export const askWhy = async (
  engine: Engine,
  principal: unknown,
  commandId: unknown,
): Promise<E.Either<Failure, Why | null>> => {
  const who = read('principal', Principal, principal);
  if (E.isLeft(who)) return who;
  const which = read('query', CommandId, commandId);
  return E.isLeft(which) ? which : why(engine, who.right, which.right);
};

export const askDiff = async (
  store: EventStore,
  principal: unknown,
  view: unknown,
  points: { readonly from: unknown; readonly to: unknown },
): Promise<E.Either<Failure, ViewDiff>> => {
  const who = read('principal', Principal, principal);
  if (E.isLeft(who)) return who;
  const name = readViewName(view);
  return E.isLeft(name) ? name : diff(store, who.right, name.right, points);
};

export { type HostView, pastOf, viewsAsOf, type ViewsAsOf } from './as-of';
export type { ViewDiff, ViewName } from './diff';
export type { Point } from './point';
export { timeline, type Timeline, type TimelineOptions, TimelinePart } from './timeline';
export type { Why } from './why';
