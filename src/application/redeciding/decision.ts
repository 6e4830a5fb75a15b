/** What was decided of a command: as the log has it, and as it is decided again. */
import * as E from 'fp-ts/lib/Either.js';
import canonicalize from 'canonicalize';
import type { Outcome } from '../../processes';
import { explainStored } from '../../explain';
import type { Rejection } from '../../rejection';
import type { Clause } from '../../values/policy';
import type { LedgerEvent } from '../decode-event';

/** One decision, told without the ids of events. Plain JSON. */
export type Decision =
  | { readonly type: 'accepted'; readonly events: ReadonlyArray<DecidedEvent> }
  | { readonly type: 'alreadySo' }
  | { readonly type: 'refused'; readonly reasons: ReadonlyArray<Reason> };

export interface DecidedEvent {
  readonly type: string;
  readonly data: unknown;
}

export interface Reason {
  readonly type: Rejection['type'];
  /** `null` where it is not the policy that refuses. */
  readonly clause: Clause | null;
}

const refusedFor = (rejections: ReadonlyArray<Rejection>): Decision => ({
  type: 'refused',
  reasons: rejections.map((rejection) => ({
    type: rejection.type,
    clause: explainStored(rejection).clause,
  })),
});

const accepted = (events: ReadonlyArray<DecidedEvent>): Decision => ({
  type: 'accepted',
  events: events.map(({ type, data }) => ({ type, data })),
});

/** What an outcome decides. */
export const decisionOf = (outcome: Outcome): Decision => {
  if (E.isLeft(outcome)) return refusedFor(outcome.left);
  const events = outcome.right.flatMap((facts) => [...facts.events] as Array<DecidedEvent>);
  return events.length === 0 ? { type: 'alreadySo' } : accepted(events);
};

/** What the events of one append say was decided. */
export const recordedDecision = (events: ReadonlyArray<LedgerEvent>): Decision => {
  const [first] = events;
  if (first?.type === 'CommandRefused') return refusedFor(first.data.rejections);
  if (first?.type === 'CommandUnchanged') return { type: 'alreadySo' };
  return accepted(events);
};

const said = ({ events }: { readonly events: ReadonlyArray<DecidedEvent> }): Array<string> =>
  events.map((event) => canonicalize(event) ?? '').sort();

/** Whether each of `some` is among `all`, as often as it comes. Both are sorted. */
const isWithin = (some: ReadonlyArray<string>, all: ReadonlyArray<string>): boolean => {
  let at = 0;
  for (const one of some) {
    while (at < all.length && all[at] !== one) at += 1;
    if (at === all.length) return false;
    at += 1;
  }
  return true;
};

/**
 * Whether what is recorded is what was decided: the same facts, or the same reasons in the same order.
 *
 * @param inParts the recorded events are those of one append, and others may follow
 */
export const isAsDecided = (recorded: Decision, decided: Decision, inParts: boolean): boolean => {
  if (recorded.type === 'accepted' && decided.type === 'accepted') {
    const [some, all] = [said(recorded), said(decided)];
    return (inParts || some.length === all.length) && isWithin(some, all);
  }
  if (recorded.type === 'refused' && decided.type === 'refused') {
    const [one, other] = [recorded, decided].map(({ reasons }) =>
      reasons.map(({ type }) => type).join(),
    );
    return one === other;
  }
  return recorded.type === decided.type;
};
