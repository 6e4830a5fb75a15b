/** From a command to a plan: everything that it adds, to whichever stream. */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { denial } from '../authorization';
import type { Command } from '../commands';
import { type GrantMailboxLimit, organization as organizationDecider } from '../organization';
import type { Organization, SetContract } from '../organization';
import { seat as seatDecider, type SeatCommand } from '../seat';
import { approveAdd, requestAdd } from './adding';
import { approveDelete, requestDelete } from './deleting';
import { changeLogin } from './logins';
import type { Outcome, Process } from './outcome';
import { permit } from './permitting';
import { reassign } from './prospects';
import { onSeat } from './streams';

/** A command that concerns one seat and nothing else, as most do: decided on what authorization has read. */
const alone = 'alone';

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

type Alone = Extract<Command, SeatCommand>;

type Businesses = {
  readonly [Type in Command['type']]:
    | Process<Extract<Command, { readonly type: Type }>>
    | (Type extends Alone['type'] ? typeof alone : never);
};

/** The business of each command. A table, for a pattern takes a tenth of the time of a command. */
const businesses: Businesses = {
  RecordMailing: alone,
  RecordSequenceState: alone,
  TagProspects: alone,
  ChangeProfile: alone,
  LockSeat: alone,
  UnlockSeat: alone,
  RejectMailboxAdd: alone,
  RejectMailboxDelete: alone,
  WithdrawRequest: alone,
  ConfigureMailbox: alone,
  RegisterSeat: changeLogin,
  ChangeAccountEmail: changeLogin,
  RequestMailboxAdd: requestAdd,
  ApproveMailboxAdd: approveAdd,
  GrantDeletePermission: permit,
  RevokeDeletePermission: permit,
  RequestMailboxDelete: requestDelete,
  ApproveMailboxDelete: approveDelete,
  ReassignProspects: reassign,
  SetContract: contract,
  GrantMailboxLimit: grant,
};

/**
 * Authorization first, which stops at once and reveals nothing; then the business. Written out, because
 * every command waits for each step that a pipe would add.
 */
export const decideCommand: Process<Command> = (principal, command, states) => async () => {
  const target =
    'userId' in command ? await states.seat(command.userId)() : E.right(seatDecider.initialState);
  if (E.isLeft(target)) return target;
  const denied = denial(principal, command, target.right);
  if (denied !== undefined) return E.right(E.left([denied]));
  const business = businesses[command.type];
  if (business !== alone) return (business as Process<Command>)(principal, command, states)();
  const { userId } = command as Alone;
  return E.right(onSeat(userId, seatDecider.decide(command as Alone, target.right)));
};
