/** Keys and filters of views, as callers write them. */
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { closed, stringWhere } from '../values/codec';
import { parseAddress } from '../values/email-address';
import type { InvalidInput } from './failures';
import { read } from './input';

/** Fields that hold addresses: rows are kept under the canonical form, and people type another. */
const addressFields: ReadonlySet<string> = new Set(['address', 'holds']);

const canonical = (given: string): string => {
  const parsed = parseAddress(given);
  return E.isRight(parsed) ? parsed.right.canonical : given;
};

const asKept = (asked: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(asked).map(([field, value]) => [
      field,
      addressFields.has(field) && typeof value === 'string' ? canonical(value) : value,
    ]),
  );

const TextKey = stringWhere(
  'a key of 1 to 1024 characters',
  ({ length }) => length > 0 && length <= 1024,
);
const Wanted = t.union([t.string, t.boolean, t.null], 'text, true, false or null');

type Fields = Readonly<Record<string, true>>;

const each = <Codec extends t.Mixed>(fields: Fields, codec: Codec): Record<string, Codec> =>
  Object.fromEntries(Object.keys(fields).map((field) => [field, codec]));

/** Reads the key of a row: a text where there are no fields, which is an id or an address. */
export const readKey = <Key>(fields: Fields, given: unknown): E.Either<InvalidInput, Key> => {
  const isText = Object.keys(fields).length === 0;
  const key: E.Either<InvalidInput, unknown> = isText
    ? E.map(canonical)(read('query', TextKey, given))
    : E.map(asKept)(read('query', closed(each(fields, TextKey)), given));
  return key as E.Either<InvalidInput, Key>;
};

/** Reads a filter. A field that rows do not have would match nothing, so it is refused. */
export const readFilter = <Filter>(
  fields: Fields,
  given: unknown,
): E.Either<InvalidInput, Filter> =>
  E.map(asKept)(read('query', closed({}, each(fields, Wanted)), given)) as E.Either<
    InvalidInput,
    Filter
  >;
