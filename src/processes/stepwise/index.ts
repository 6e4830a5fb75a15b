/** The claim protocol, for stores that append to one stream at a time. */
import type { EventMetadata } from '../../stored-event';
import type { EmailAddress } from '../../values/email-address';
import type { UserId } from '../../values/ids';
import { finishApproval } from './approvals';
import { commandStep, received, type Undertaking } from './commands';
import { settleLogin, settleMailbox } from './settling';
import { type Approved, type Known, nothing, read, type Step } from './step';
import { handoverKey } from './trace';

/** Prospects on their way from one seat to another. */
export interface InTransit {
  readonly fromUserId: UserId;
  readonly toUserId: UserId;
  /** Metadata of the reassignment, as it stands on the seat that they left. */
  readonly by: EventMetadata;
}

/** Something to carry through, by whoever has time for it. */
export type Task =
  | { readonly type: 'command'; readonly undertaking: Undertaking }
  | { readonly type: 'approval'; readonly approved: Approved; readonly housekeeping: EventMetadata }
  | {
      readonly type: 'mailbox' | 'login';
      readonly address: EmailAddress;
      readonly housekeeping: EventMetadata;
    }
  | { readonly type: 'handover'; readonly inTransit: InTransit };

const handoverStep = ({ fromUserId, toUserId, by }: InTransit, known: Known): Step => {
  const from = known.seat(fromUserId);
  const to = known.seat(toUserId);
  if (from === undefined) return read({ on: 'seat', userId: fromUserId });
  if (to === undefined) return read({ on: 'seat', userId: toUserId });
  const handovers = from.trace.handovers.get(handoverKey(by));
  return handovers === undefined || to.trace.arrivals.has(handoverKey(by))
    ? nothing
    : received(toUserId, handovers, by, to);
};

/**
 * The next step of a task, given what is known. Pure: the same knowledge gives the same step.
 *
 * @throws Unsettled when what is known was read at different times and does not fit together
 */
export const nextStep = async (task: Task, known: Known): Promise<Step> => {
  switch (task.type) {
    case 'command':
      return commandStep(task.undertaking, known);
    case 'approval':
      return finishApproval(task.approved, known, task.housekeeping) ?? nothing;
    case 'mailbox':
      return settleMailbox(task.address, known, task.housekeeping) ?? nothing;
    case 'login': {
      const { address, housekeeping } = task;
      const asking = { command: undefined, housekeeping };
      return settleLogin(address, known, asking, housekeeping) ?? nothing;
    }
    case 'handover':
      return handoverStep(task.inTransit, known);
  }
};

export { homeOf, sourceOf, type Undertaking } from './commands';
export { asBorneOut, type SurrenderedTo } from './states';
export type { Append, Approved, Known, Place, Sighting, Step, Wanted } from './step';
export {
  type Fact,
  handoverKey,
  hasWritten,
  HOUSEKEEPING,
  inNameOf,
  isSameCommand,
  noTrace,
  type Surrendered,
  traced,
  type TracedFact,
} from './trace';
