/** A projection that waits for what never comes is told so when it is made, not by an empty view. */
import { describe, expect, it } from '@jest/globals';
import { defineProjection, projections } from '../../projections';

const handling = (type: string) =>
  defineProjection<{ readonly rows: string }>({
    name: 'mine',
    version: 1,
    tables: ['rows'],
    on: { [type]: () => undefined },
  });

describe('defineProjection', () => {
  it('names the event that was meant, and those that there are', () => {
    expect(() => handling('MailboxAded')).toThrow(TypeError);
    expect(() => handling('MailboxAded')).toThrow(
      /The projection mine handles MailboxAded, .*Did you mean MailboxAdded\?.*There are: SeatRegistered, .*ContractSet, .*AddressClaimed/,
    );
  });

  it.each(['CommandRefused', 'CommandUnchanged', 'AddressSecretBound', 'toString'])(
    'says that %s reaches no view',
    (type) => {
      expect(() => handling(type)).toThrow(
        /in answer streams and in the ledger stream, such as CommandRefused, reaches no view/,
      );
    },
  );

  const whole = { name: 'mine', version: 1, tables: ['rows'], on: {} };

  it.each([
    ['a misspelt field', { ...whole, table: ['rows'] }, /no field table. Did you mean tables\?/],
    ['no tables', { ...whole, tables: undefined }, /needs a name, .*the names of its tables/],
    ['a text as its version', { ...whole, version: '1' }, /a number as its version/],
    ['no functions', { ...whole, on: null }, /a function for each type of event/],
  ])('refuses %s', (_, definition, message) => {
    expect(() => defineProjection(definition as never)).toThrow(TypeError);
    expect(() => defineProjection(definition as never)).toThrow(message);
  });

  it('takes every event that a view of the ledger reads', () => {
    const read = new Set(Object.values(projections).flatMap(({ handles }) => [...handles]));
    expect(read.size).toBeGreaterThan(20);
    expect([...read].filter((type) => !handling(type).handles.has(type))).toEqual([]);
  });
});
