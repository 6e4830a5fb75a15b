/** Who decides what. Order inside each decision: every rule, then "already so", then the facts. */
import { match } from 'ts-pattern';
import { handOverProspects, reassignProspects, receiveProspects } from './decide-activity';
import { recordMailing, recordSequenceState, tagProspects } from './decide-activity';
import { abandonMailboxAdd, approveMailboxAdd, completeMailboxAdd } from './decide-approval';
import { configureMailbox, rejectMailboxAdd } from './decide-approval';
import { approveMailboxDelete, rejectMailboxDelete } from './decide-deleting';
import { requestMailboxDelete, surrenderMailbox, withholdMailbox } from './decide-deleting';
import { requestMailboxAdd, setPermission, withdrawRequest } from './decide-request';
import { abandonAccountEmail, changeAccountEmail, changeSeat, registerSeat } from './decide-seat';
import type { SeatCommand } from './issued';
import type { SeatDecision } from './rules';
import type { Seat } from './state';

export const decide = (command: SeatCommand, seat: Seat): SeatDecision =>
  match(command)
    .with({ type: 'RecordMailing' }, (c) => recordMailing(c, seat))
    .with({ type: 'RecordSequenceState' }, (c) => recordSequenceState(c, seat))
    .with({ type: 'TagProspects' }, (c) => tagProspects(c, seat))
    .with({ type: 'RegisterSeat' }, (c) => registerSeat(c, seat))
    .with({ type: 'ChangeAccountEmail' }, (c) => changeAccountEmail(c, seat))
    .with({ type: 'ChangeProfile' }, (c) => changeSeat(c, seat))
    .with({ type: 'LockSeat' }, (c) => changeSeat(c, seat))
    .with({ type: 'UnlockSeat' }, (c) => changeSeat(c, seat))
    .with({ type: 'RequestMailboxAdd' }, (c) => requestMailboxAdd(c, seat))
    .with({ type: 'GrantDeletePermission' }, (c) => setPermission(c, seat))
    .with({ type: 'RevokeDeletePermission' }, (c) => setPermission(c, seat))
    .with({ type: 'WithdrawRequest' }, (c) => withdrawRequest(c, seat))
    .with({ type: 'ApproveMailboxAdd' }, (c) => approveMailboxAdd(c, seat))
    .with({ type: 'CompleteMailboxAdd' }, (c) => completeMailboxAdd(c, seat))
    .with({ type: 'RejectMailboxAdd' }, (c) => rejectMailboxAdd(c, seat))
    .with({ type: 'ConfigureMailbox' }, (c) => configureMailbox(c, seat))
    .with({ type: 'RequestMailboxDelete' }, (c) => requestMailboxDelete(c, seat))
    .with({ type: 'ApproveMailboxDelete' }, (c) => approveMailboxDelete(c, seat))
    .with({ type: 'RejectMailboxDelete' }, (c) => rejectMailboxDelete(c, seat))
    .with({ type: 'AbandonMailboxAdd' }, (c) => abandonMailboxAdd(c, seat))
    .with({ type: 'WithholdMailbox' }, (c) => withholdMailbox(c))
    .with({ type: 'AbandonAccountEmail' }, (c) => abandonAccountEmail(c))
    .with({ type: 'ReceiveProspects' }, (c) => receiveProspects(c, seat))
    .with({ type: 'SurrenderMailbox' }, (c) => surrenderMailbox(c, seat))
    .with({ type: 'ReassignProspects' }, (c) => reassignProspects(c, seat))
    .with({ type: 'HandOverProspects' }, (c) => handOverProspects(c))
    .exhaustive();
