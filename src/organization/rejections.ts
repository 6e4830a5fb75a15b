import type { UserId } from '../values/ids';

/** Why a change of contract is refused, in order of precedence. */
export type OrganizationRejection = GrantForUnknownSeat | ContractRequired;

/** P31: there is no such seat in the organization. */
export interface GrantForUnknownSeat {
  readonly type: 'SeatNotFound';
  readonly userId: UserId;
}

/** P2: a limit is granted under a contract, and none has been recorded. */
export interface ContractRequired {
  readonly type: 'ContractRequired';
}
