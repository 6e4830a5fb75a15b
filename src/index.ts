/** The door: every public name, one by one. What is not here may change tomorrow. */
export { openLedger, tryOpenLedger, LedgerNotOpened } from './application/open-ledger';
export type { LedgerOptions } from './application/ledger-options';
export type {
  ExecuteOptions,
  Ledger,
  LedgerTasks,
  MailboxQuery,
  RebuildOptions,
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
export { memoryStore, type MemoryStoreOptions } from './adapters/memory';
export { explain, describeImpact, type Explanation } from './explain';
export type { Rejection } from './rejection';
export { parseAddress, type EmailAddress } from './values/email-address';
export type { AddressFault } from './values/address-fault';
export { explainAddressFault } from './values/explain-address-fault';
export { classifyAddress } from './values/address-class';
export { inboxHint } from './values/inbox-hint';
export type { CommandInput, CommandType } from './commands';
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
  RecordedEvent,
  StoreConnector,
  StreamAppend,
  StreamSlice,
} from './application/ports';
export type { AppendFailure, Failure, StoreFailure } from './application/failures';
