/** What a reader may not see of a command, because it is about another seat. */
import { mayRead } from '../../authorization';
import { type Explanation, explainStored } from '../../explain';
import type { Rejection } from '../../rejection';
import type { Impact } from '../../seat';
import type { Principal } from '../../values/principal';
import { userOfSeat } from '../../values/stream-name';
import type { LedgerEvent } from '../decode-event';

/** The user whom an event is about; `undefined` for what holds for the whole organization. */
export const ownerOf = ({ data, stream, streamKind }: LedgerEvent): string | undefined => {
  if (streamKind === 'seat') return userOfSeat(stream);
  return 'userId' in data ? data.userId : undefined;
};

/** Whether a reader may see that an event is there. Terms of the organization hold for everybody. */
export const mayPointAt = (reader: Principal, event: LedgerEvent): boolean => {
  const owner = ownerOf(event);
  return owner === undefined || mayRead(reader, owner);
};

const impactsIn = (rejection: Rejection): ReadonlyArray<Impact> => {
  if (rejection.type === 'ImpactNotAcknowledged') return [rejection.now];
  return rejection.type === 'ImpactChanged' ? [rejection.now, rejection.acknowledged] : [];
};

/** A reason of a refusal, in words. */
export interface ToldReason extends Explanation {
  readonly type: Rejection['type'];
  /** As it was given; `null` where it tells of another seat than the reader may see. */
  readonly rejection: Rejection | null;
}

export const toldTo = (reader: Principal, rejection: Rejection): ToldReason => {
  const { type } = rejection;
  if (impactsIn(rejection).every(({ userId }) => mayRead(reader, userId))) {
    return { type, ...explainStored(rejection), rejection };
  }
  return {
    type,
    clause: 'P16',
    sentence: 'What another seat would lose has not been acknowledged as it was.',
    remedy: 'Ask Support, who see both seats.',
    rejection: null,
  };
};
