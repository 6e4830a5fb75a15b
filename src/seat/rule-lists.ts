/** Which rules each command is judged by: the very lists that the decisions run, for whoever tells them. */
import { mailingRules, reassignmentRules, sequenceStateRules } from './decide-activity';
import { addApprovalRules, configurationRules } from './decide-approval';
import { deleteRequestRules } from './decide-deleting';
import { addRequestRules, permissionRules } from './decide-request';
import { loginRules, registrationRules } from './decide-seat';

export const seatRules = {
  RegisterSeat: registrationRules,
  ChangeAccountEmail: loginRules,
  RequestMailboxAdd: addRequestRules,
  GrantDeletePermission: permissionRules,
  RevokeDeletePermission: permissionRules,
  ApproveMailboxAdd: addApprovalRules,
  ConfigureMailbox: configurationRules,
  RequestMailboxDelete: deleteRequestRules,
  RecordMailing: mailingRules,
  RecordSequenceState: sequenceStateRules,
  ReassignProspects: reassignmentRules,
};
