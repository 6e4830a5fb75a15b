import type { RequestId, UserId } from '../values/ids';

/** Why an address refuses: somebody else holds it. The processes turn this into what a person may be told. */
export interface HeldByAnother {
  readonly type: 'HeldByAnother';
  readonly userId: UserId;
  readonly requestId: RequestId;
}

export type AddressRejection = HeldByAnother;
