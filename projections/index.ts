/** The door `seatledger/projections`: the views, what they answer, and what runs them. */
import { addressesProjection, addressesView } from './addresses';
import { auditTrailProjection, auditTrailView } from './audit-trail';
import { draftsLostProjection, draftsLostView } from './drafts-lost';
import { requestsProjection, requestsView } from './requests';
import { seatsProjection, seatsView } from './seats';
import { sequencesStoppedProjection, sequencesStoppedView } from './sequences-stopped';

export type { AddressesEntries, AddressFilter, AddressRow } from './addresses';
export type { AuditFilter, AuditRow, AuditTrailEntries } from './audit-trail';
export type {
  DraftsLostEntries,
  DraftsLostFilter,
  DraftsLostKey,
  DraftsLostRow,
  DraftsLostTotals,
} from './drafts-lost';
export {
  defineProjection,
  type EventOfType,
  type Handlers,
  type ProjectedEvent,
  type Projection,
} from './projection';
export type {
  ClosedRequestStatus,
  OpenRequestStatus,
  RequestFilter,
  RequestKey,
  RequestRow,
  RequestsEntries,
} from './requests';
export {
  BEFORE_FIRST_POSITION,
  BrokenProjection,
  type Checkpointed,
  foldInto,
  LiveProjection,
} from './runner';
export type { SeatFilter, SeatMailbox, SeatRow, SeatsEntries } from './seats';
export type {
  SequencesStoppedEntries,
  SequencesStoppedTotals,
  SequenceStanding,
  SequenceStoppedFilter,
  SequenceStoppedKey,
  SequenceStoppedRow,
} from './sequences-stopped';
export type {
  Checkpoint,
  KeptTables,
  ReadModel,
  ReadModelSession,
  Rebuilding,
  Shape,
} from './read-model';
export { ReadModelFault } from './read-model';
export { memoryTables, type Table, type Tables } from './table';
export {
  type CountingView,
  defineView,
  type FieldsOf,
  hasWanted,
  seatGroup,
  type View,
  type Wanted,
} from './view';
export type { OrgId, RequestId, UserId } from '../src/values/ids';

export {
  addressesView,
  auditTrailView,
  draftsLostView,
  requestsView,
  seatsView,
  sequencesStoppedView,
};

/** Every view, under the name that the ledger shows it by. */
export const views = {
  seats: seatsView,
  draftsLost: draftsLostView,
  sequencesStopped: sequencesStoppedView,
  requests: requestsView,
  addresses: addressesView,
  auditTrail: auditTrailView,
} as const;

/** The projection behind each view. */
export const projections = {
  seats: seatsProjection,
  draftsLost: draftsLostProjection,
  sequencesStopped: sequencesStoppedProjection,
  requests: requestsProjection,
  addresses: addressesProjection,
  auditTrail: auditTrailProjection,
} as const;
