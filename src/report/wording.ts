/** Numbers, instants and people in words. */
import type { Actor } from '../values/principal';
import type { Timestamp } from '../values/timestamp';
import { type Markup, markup } from './html';

export { amountOf, durationOf, grouped } from '../values/amount';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `2 Mar 2026`. */
export const dayOf = (at: Timestamp): string =>
  `${Number(at.slice(8, 10))} ${months[Number(at.slice(5, 7)) - 1] ?? ''} ${at.slice(0, 4)}`;

/** `2 Mar 2026, 09:30`: to the minute, in UTC. */
export const minuteOf = (at: Timestamp): string => `${dayOf(at)}, ${at.slice(11, 16)}`;

/** An instant to read, with the exact one for machines. */
export const time = (at: Timestamp): Markup =>
  markup`<time datetime="${at}">${minuteOf(at)}</time>`;

/** `support sam`. */
export const actorName = ({ role, id }: Actor): string => `${role} ${id}`;
