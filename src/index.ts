/** The door: every public name, one by one. What is not here may change tomorrow. */
export { openLedger, tryOpenLedger, LedgerNotOpened } from './application/open-ledger';
export type { ReadingOptions } from './application/reading-options';
export type { LedgerOptions } from './application/ledger-options';
export type {
  ExecuteOptions,
  Ledger,
  LedgerTasks,
  MailboxQuery,
  RebuiltView,
} from './application/ledger';
export type { HistoryEntry } from './application/history';
export type {
  AddedEvent,
  Answer,
  DryAnswer,
  Preview,
  RecordedCommand,
  Refused,
} from './application/outcome';
export type { Views } from './application/views';
export type { QueriedView } from './application/view-queries';
export type { Recovery } from './application/stepwise/recovery';
export type { Absence } from './application/time/grounds';
export type { Evidence, EvidenceEvent, JudgedRule, ToldAnswer, Why } from './application/time/why';
export type { ToldReason } from './application/time/veil';
export type { Extent, Place, Point } from './application/time/point';
export type { HostView, ViewsAsOf } from './application/time/as-of';
export type { ChangedRow, KeyedRow, RowKey, ViewDiff, ViewName } from './application/time/diff';
export type { Timeline, TimelineEntry, TimelineOptions } from './application/time/timeline';
export {
  exportEvents,
  type Exported,
  type ExportOptions,
  importEvents,
  type Imported,
  type ImportFailure,
  type ImportIncomplete,
  type ImportOptions,
  type LineProblem,
  type Sink,
} from './application/transfer';
export type {
  DecidedEvent,
  Difference,
  Finding,
  OtherPolicy,
  Reason,
  ToldDecision,
  Verified,
  WhatIf,
} from './application/redeciding';
export { memoryStore, type MemoryStoreOptions } from './adapters/memory';
export { explain, describeImpact, type Explanation } from './explain';
export type { Rejection } from './rejection';
export { parseAddress, type EmailAddress } from './values/email-address';
export type { AddressFault } from './values/address-fault';
export { explainAddressFault } from './values/explain-address-fault';
export { classifyAddress } from './values/address-class';
export { inboxHint } from './values/inbox-hint';
export type { CommandInput, CommandType } from './commands';
export type { OrgId, UserId } from './values/ids';
export type { PrincipalInput, Role } from './values/principal';
export type { Impact } from './seat';
export { POLICY_VERSION } from './values/policy';
export { BEFORE_ALL, NO_STREAM } from './application/ports';
export type {
  Appended,
  Atomicity,
  Deliver,
  EventStore,
  EventToAppend,
  Misfit,
  RecordedEvent,
  StoreConnector,
  StreamAppend,
  StreamSlice,
} from './application/ports';
export type { AppendFailure, Failure, StoreFailure } from './application/failures';
