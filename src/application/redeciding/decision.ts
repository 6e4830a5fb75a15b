/** What was decided of a command: as the log has it, and as it is decided again. */
import * as E from 'fp-ts/lib/Either.js';
import canonicalize from 'canonicalize';
import type { Outcome } from '../../processes';
import { explainStored } from '../../explain';
import type { Rejection } from '../../rejection';
import type { Clause } from '../../values/policy';
import type { LedgerEvent } from '../decode-event';

interface Accepted {
  readonly type: 'accepted';
  readonly events: ReadonlyArray<DecidedEvent>;
}

interface AlreadySo {
  readonly type: 'alreadySo';
}

/** One decision, told without the ids of events. Plain JSON. */
export type ToldDecision =
  Accepted | AlreadySo | { readonly type: 'refused'; readonly reasons: ReadonlyArray<Reason> };

/** No decision can be made: what it would rest on contradicts itself. */
export interface Contradicted {
  readonly type: 'contradicted';
}

/** One decision, with its reasons as they were given. */
export type Decided =
  | Accepted
  | AlreadySo
  | { readonly type: 'refused'; readonly rejections: ReadonlyArray<Rejection> };

export interface DecidedEvent {
  readonly type: string;
  readonly data: unknown;
}

export interface Reason {
  readonly type: Rejection['type'];
  /** `null` where it is not the policy that refuses. */
  readonly clause: Clause | null;
}

export const toldDecision = (decided: Decided): ToldDecision =>
  decided.type === 'refused'
    ? {
        type: 'refused',
        reasons: decided.rejections.map((rejection) => ({
          type: rejection.type,
          clause: explainStored(rejection).clause,
        })),
      }
    : decided;

const accepted = (events: ReadonlyArray<DecidedEvent>): Decided => ({
  type: 'accepted',
  events: events.map(({ type, data }) => ({ type, data })),
});

/** What an outcome decides; `undefined` is none. */
export const decisionOf = (outcome: Outcome | undefined): Decided | Contradicted => {
  if (outcome === undefined) return { type: 'contradicted' };
  if (E.isLeft(outcome)) return { type: 'refused', rejections: outcome.left };
  const events = outcome.right.flatMap((facts) => [...facts.events] as Array<DecidedEvent>);
  return events.length === 0 ? { type: 'alreadySo' } : accepted(events);
};

/** What the events of one append say was decided. */
export const recordedDecision = (events: ReadonlyArray<LedgerEvent>): Decided => {
  const [first] = events;
  if (first?.type === 'CommandRefused') {
    return { type: 'refused', rejections: first.data.rejections };
  }
  if (first?.type === 'CommandUnchanged') return { type: 'alreadySo' };
  return accepted(events);
};

const said = ({ events }: Accepted): Array<string> =>
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

/** How far two decisions are held against each other. */
export interface Scope {
  /** The recorded events are those of one append, and others may follow. */
  readonly inParts: boolean;
  /** Refusals have to say the same, figures and all; otherwise only to name the same reasons. */
  readonly toTheLetter: boolean;
}

/** Whether what is recorded is what was decided: the same facts, or the same reasons in the same order. */
export const isAsDecided = (
  recorded: Decided,
  decided: Decided | Contradicted,
  { inParts, toTheLetter }: Scope,
): boolean => {
  if (recorded.type === 'accepted' && decided.type === 'accepted') {
    const [some, all] = [said(recorded), said(decided)];
    return (inParts || some.length === all.length) && isWithin(some, all);
  }
  if (recorded.type === 'refused' && decided.type === 'refused') {
    const [one, other] = [recorded, decided].map(({ rejections }) =>
      toTheLetter ? canonicalize(rejections) : rejections.map(({ type }) => type).join(),
    );
    return one === other;
  }
  return recorded.type === decided.type;
};
