/** The views of a ledger, whatever they are answered from. */
import {
  type AddressFilter,
  type AddressRow,
  type AuditFilter,
  type AuditRow,
  type DraftsLostFilter,
  type DraftsLostKey,
  type DraftsLostRow,
  type DraftsLostTotals,
  type RequestFilter,
  type RequestKey,
  type RequestRow,
  type SeatFilter,
  type SeatRow,
  type SequencesStoppedTotals,
  type SequenceStoppedFilter,
  type SequenceStoppedKey,
  type SequenceStoppedRow,
  views as allViews,
} from '../../projections';
import {
  counting,
  queried,
  type QueriedCountingView,
  type QueriedView,
  type Track,
  type ViewSource,
} from './view-queries';

/** What is so, now or at a point in time. Rows are plain JSON and never change once handed out. */
export interface Views {
  /** Who holds what, against which limit. By user id. */
  readonly seats: QueriedView<SeatRow, string, SeatFilter>;
  /** Unsent emails that went with deleted mailboxes (P17). */
  readonly draftsLost: QueriedCountingView<
    DraftsLostRow,
    DraftsLostKey,
    DraftsLostFilter,
    DraftsLostTotals
  >;
  /** Sequence states that stopped with their mailbox (P18), and what became of them. */
  readonly sequencesStopped: QueriedCountingView<
    SequenceStoppedRow,
    SequenceStoppedKey,
    SequenceStoppedFilter,
    SequencesStoppedTotals
  >;
  /** Requests to Support, open and closed. */
  readonly requests: QueriedView<RequestRow, RequestKey, RequestFilter>;
  /** Who holds an address. By canonical address; a free one has no row. */
  readonly addresses: QueriedView<AddressRow, string, AddressFilter>;
  /** Every event as a readable line. By position. */
  readonly auditTrail: QueriedView<AuditRow, string, AuditFilter>;
}

export const viewsFrom = (source: ViewSource, track: Track): Views => ({
  seats: queried(allViews.seats, source, track),
  draftsLost: counting(allViews.draftsLost, source, track),
  sequencesStopped: counting(allViews.sequencesStopped, source, track),
  requests: queried(allViews.requests, source, track),
  addresses: queried(allViews.addresses, source, track),
  auditTrail: queried(allViews.auditTrail, source, track),
});
