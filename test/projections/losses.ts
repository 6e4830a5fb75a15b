/** What goes with a mailbox, and what may go on without it, for logs made up by tests. */
import type * as Events from '../../src/seat/events';
import { isRunning, type Seat, type SequenceState } from '../../src/seat/state';
import { inChunks } from '../../src/values/chunks';
import type { EmailAddress } from '../../src/values/email-address';
import type { RequestId, UserId } from '../../src/values/ids';
import * as Fact from './facts';

/** Few ids an event, so that losses come in several. */
const MOST_IDS = 2;

/** What a request to add or delete is about. */
export interface About {
  readonly userId: UserId;
  readonly requestId: RequestId;
  readonly address: EmailAddress;
  readonly movedTo?: UserId;
}

/** The deletion, and all that goes with the mailbox. */
export const departure = (seat: Seat, about: About): ReadonlyArray<Events.SeatEvent> => {
  const { userId, requestId, address, movedTo } = about;
  const lost = (wanted: 'drafted' | 'scheduled') =>
    [...seat.mailings]
      .filter(([, mailing]) => mailing.address === address.canonical && mailing.state === wanted)
      .map(([mailingId]) => mailingId);
  const sequences = [...seat.sequenceStates]
    .filter(([, entry]) => entry.address === address.canonical && isRunning(entry))
    .map(([sequenceStateId]) => sequenceStateId);
  return [
    Fact.deleted(userId, requestId, address, movedTo),
    ...inChunks(lost('drafted'), MOST_IDS).map((ids) =>
      Fact.draftsLost(userId, requestId, address, ids),
    ),
    ...inChunks(lost('scheduled'), MOST_IDS).map((ids) =>
      Fact.draftsLost(userId, requestId, address, [], ids),
    ),
    ...inChunks(sequences, MOST_IDS).map((ids) => Fact.stopped(userId, requestId, address, ids)),
  ];
};

type Skipped = readonly [sequenceStateId: string, state: SequenceState['state']];

/** P20: what lost its mailbox, apart into what may go on and what has ended. */
export const reassignable = (
  seat: Seat,
): readonly [reassigned: ReadonlyArray<string>, skipped: ReadonlyArray<Skipped>] => {
  const detached = [...seat.sequenceStates].filter(([, entry]) => entry.detached);
  const mayGoOn = ({ state, stopped }: SequenceState) =>
    (state === 'failed' && stopped) || state === 'paused';
  return [
    detached.filter(([, entry]) => mayGoOn(entry)).map(([id]) => id),
    detached.filter(([, entry]) => !mayGoOn(entry)).map(([id, { state }]): Skipped => [id, state]),
  ];
};
