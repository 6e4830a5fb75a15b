/** What spans streams: a command and its plan, and carrying a plan out one append at a time. */
export { decideCommand } from './decide-command';
export { type Outcome, Unsettled } from './outcome';
export * from './stepwise';
export type { Book, Facts, Plan, States } from './streams';
