/** Deciding what was decided again: under another policy, or to prove that it was right. */
export type { DecidedEvent, Reason, ToldDecision } from './decision';
export { type Finding, type Verified, verify } from './verify';
export { askWhatIf, type Difference, type OtherPolicy, type WhatIf } from './what-if';
