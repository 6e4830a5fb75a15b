/** From a command to a plan: everything that it adds, to whichever stream. */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { match, P } from 'ts-pattern';
import { denial } from '../authorization';
import type { Command } from '../commands';
import { type GrantMailboxLimit, organization as organizationDecider } from '../organization';
import type { Organization, SetContract } from '../organization';
import { seat as seatDecider, type Seat, type SeatCommand } from '../seat';
import { approveAdd, requestAdd } from './adding';
import { approveDelete, requestDelete } from './deleting';
import { changeLogin } from './logins';
import type { Outcome, Process } from './outcome';
import { permit } from './permitting';
import { reassign } from './prospects';
import { onSeat, type States } from './streams';

type Alone = Extract<Command, SeatCommand>;

/** A command that concerns one seat and nothing else. */
const alone: Process<Alone> = (_, command, states) =>
  TE.map((target: Seat): Outcome => onSeat(command.userId, seatDecider.decide(command, target)))(
    states.seat(command.userId),
  );

const contract: Process<SetContract> = (_, command, states) =>
  TE.map((terms: Organization): Outcome =>
    contractPlan(organizationDecider.decide(command, terms)),
  )(states.organization);

const grant: Process<GrantMailboxLimit> = (_, command, states) =>
  pipe(
    TE.Do,
    TE.bind('terms', () => states.organization),
    TE.bind('target', () => states.seat(command.userId)),
    TE.map(({ terms, target }): Outcome => {
      const facts = { seatExists: target.userId !== undefined };
      return contractPlan(organizationDecider.decide({ ...command, facts }, terms));
    }),
  );

const contractPlan = (decision: ReturnType<typeof organizationDecider.decide>): Outcome => {
  if (E.isLeft(decision)) return decision;
  const events = decision.right;
  return E.right(events.length === 0 ? [] : [{ on: 'organization', events }]);
};

/** The business of a command that its principal may issue. */
const business: Process<Command> = (principal, command, states) =>
  match(command)
    .with({ type: P.union('RecordMailing', 'RecordSequenceState', 'TagProspects') }, (c) =>
      alone(principal, c, states),
    )
    .with({ type: P.union('ChangeProfile', 'LockSeat', 'UnlockSeat') }, (c) =>
      alone(principal, c, states),
    )
    .with({ type: P.union('RejectMailboxAdd', 'RejectMailboxDelete', 'WithdrawRequest') }, (c) =>
      alone(principal, c, states),
    )
    .with({ type: 'ConfigureMailbox' }, (c) => alone(principal, c, states))
    .with({ type: P.union('RegisterSeat', 'ChangeAccountEmail') }, (c) =>
      changeLogin(principal, c, states),
    )
    .with({ type: 'RequestMailboxAdd' }, (c) => requestAdd(principal, c, states))
    .with({ type: 'ApproveMailboxAdd' }, (c) => approveAdd(principal, c, states))
    .with({ type: P.union('GrantDeletePermission', 'RevokeDeletePermission') }, (c) =>
      permit(principal, c, states),
    )
    .with({ type: 'RequestMailboxDelete' }, (c) => requestDelete(principal, c, states))
    .with({ type: 'ApproveMailboxDelete' }, (c) => approveDelete(principal, c, states))
    .with({ type: 'ReassignProspects' }, (c) => reassign(principal, c, states))
    .with({ type: 'SetContract' }, (c) => contract(principal, c, states))
    .with({ type: 'GrantMailboxLimit' }, (c) => grant(principal, c, states))
    .exhaustive();

const seatConcerned = <Failure>(
  command: Command,
  states: States<Failure>,
): TE.TaskEither<Failure, Seat> =>
  'userId' in command ? states.seat(command.userId) : TE.right(seatDecider.initialState);

/** Authorization first, which stops at once and reveals nothing; then the business. */
export const decideCommand: Process<Command> = (principal, command, states) =>
  pipe(
    seatConcerned(command, states),
    TE.flatMap((target) => {
      const denied = denial(principal, command, target);
      return denied === undefined
        ? business(principal, command, states)
        : TE.right(E.left([denied]));
    }),
  );
