/** The door `seatledger/projections`: the views, what they answer, and what runs them. */
import { addressesProjection, addressesView } from './addresses';
import { draftsLostProjection, draftsLostView } from './drafts-lost';
import { requestsProjection, requestsView } from './requests';
import { seatsProjection, seatsView } from './seats';
import { sequencesStoppedProjection, sequencesStoppedView } from './sequences-stopped';

export type { AddressesState, AddressFilter, AddressRow } from './addresses';
export type {
  DraftsLostFilter,
  DraftsLostKey,
  DraftsLostRow,
  DraftsLostState,
  DraftsLostTotals,
} from './drafts-lost';
export type { ProjectedEvent, Projection } from './projection';
export type {
  ClosedRequestStatus,
  OpenRequestStatus,
  RequestFilter,
  RequestKey,
  RequestRow,
  RequestsState,
} from './requests';
export {
  BEFORE_FIRST_POSITION,
  BrokenProjection,
  type Checkpointed,
  foldInto,
  LiveProjection,
} from './runner';
export type { SeatFilter, SeatMailbox, SeatRow, SeatsState } from './seats';
export type {
  SequencesStoppedState,
  SequencesStoppedTotals,
  SequenceStanding,
  SequenceStoppedFilter,
  SequenceStoppedKey,
  SequenceStoppedRow,
} from './sequences-stopped';
export type { ByOrganization, CountingView, View, Wanted } from './view';

export { addressesView, draftsLostView, requestsView, seatsView, sequencesStoppedView };

/** Every view, under the name that the ledger shows it by. */
export const views = {
  seats: seatsView,
  draftsLost: draftsLostView,
  sequencesStopped: sequencesStoppedView,
  requests: requestsView,
  addresses: addressesView,
} as const;

/** The projection behind each view. */
export const projections = {
  seats: seatsProjection,
  draftsLost: draftsLostProjection,
  sequencesStopped: sequencesStoppedProjection,
  requests: requestsProjection,
  addresses: addressesProjection,
} as const;
