/** What an auditor of a log may find. */
import type { LedgerEvent } from '../decode-event';
import type { StreamKind } from '../../values/stream-name';

/** What must hold at every position of a log, whoever wrote it. */
export type Invariant =
  /** Every event is one of ours, whole, and can be read. */
  | 'readable'
  /** Revisions of a stream have no gap, and positions rise: by one, where the store says that they do. */
  | 'gapless'
  /** A request id names one request of a seat, to add or to delete, for ever. */
  | 'requestedOnce'
  /** P1, P2: no mailbox is added beyond the limit then in force. */
  | 'withinLimit'
  /** P22: a locked seat gets no new mailbox. */
  | 'activeWhenAdded'
  /** P13: nothing is added without an approval. */
  | 'approvedBeforeAdded'
  /** P15: nothing is deleted but on an approved request, or for another seat's. */
  | 'approvedBeforeDeleted'
  /** P21, P22: an address sits on one seat at most. */
  | 'oneHolder'
  /**
   * After every append, an address is claimed for exactly the seat that holds the mailbox. On a store that
   * appends to one stream at a time, a claim may come before its mailbox and go after it.
   */
  | 'claimsMatchMailboxes'
  /** P36: an account email is claimed for exactly the seat whose login it is. */
  | 'claimsMatchLogins'
  /** P17, P18: what is named as lost is what was counted, in the same append. */
  | 'lossesCounted'
  /** What is named as lost is exactly what the log says could be lost. */
  | 'lossesComplete'
  /** P16, P19: nothing is lost beyond what was acknowledged. */
  | 'lossesAcknowledged'
  /** An event names at most 1,000 ids. */
  | 'idsBounded'
  /** A refusal changes nothing but the record of answers. */
  | 'refusalChangesNothing'
  /** At the end of the log, nothing is left half done: `ledger.recover()` would find nothing to finish. */
  | 'finished';

/** One thing that must not be so, and where. */
export interface Violation {
  readonly invariant: Invariant;
  /** Of the event that broke it, or of the last event of the append that did; a decimal string. */
  readonly position: string;
  readonly detail: string;
}

export type Report = (invariant: Invariant, detail: string) => void;

/** One organization's books, kept while a log is read. */
export interface Audit {
  readonly take: (event: LedgerEvent, kind: StreamKind, report: Report) => void;
  /** All events of one command are in: judges what must hold between commands. */
  readonly endAppend: (report: Report) => void;
  /** Judges what must hold once nothing is under way any more. */
  readonly end: (report: Report) => void;
}
