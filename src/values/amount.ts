/** Amounts in words, the same on a page and in a terminal. */

const digits = new Intl.NumberFormat('en');

/** A number as people read it: 12,345. */
export const grouped = (amount: number): string => digits.format(amount);

/** An amount with its noun: `1 seat`, `2 seats`. */
export const amountOf = (amount: number, one: string, more = `${one}s`): string =>
  `${grouped(amount)} ${amount === 1 ? one : more}`;
