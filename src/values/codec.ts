/**
 * Codecs for what crosses the edge: closed records, tagged unions, and a short decode report.
 *
 * A codec's name is the sentence a person reads after "expected".
 */
import { types } from 'node:util';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { meantField, nearest } from './nearest';

/** Properties of a record, each with its codec. */
export type Fields = Record<string, t.Mixed>;

type Simplify<T> = { readonly [K in keyof T]: T[K] };

export type RecordOf<R extends Fields, O extends Fields> = Simplify<
  { [K in keyof R]: t.TypeOf<R[K]> } & { [K in keyof O]?: t.TypeOf<O[K]> }
>;

export type RecordInputOf<R extends Fields, O extends Fields> = Simplify<
  { [K in keyof R]: t.OutputOf<R[K]> } & { [K in keyof O]?: t.OutputOf<O[K]> | undefined }
>;

/**
 * What may have been meant where these codecs refuse: the fields that a record has, the texts of a choice.
 * Kept beside the codecs, so that all are objects of one shape, which is what makes decoding fast.
 */
const fieldsHere = new WeakMap<object, ReadonlyArray<string>>();
const optionsHere = new WeakMap<object, ReadonlyArray<string>>();

const nothing = (known: ReadonlyArray<string>): t.Mixed => {
  const codec = new t.Type<unknown>(
    `no such field (fields here: ${known.join(', ')})`,
    t.never.is,
    (input, context) => t.failure(input, context),
    (value) => value,
  );
  fieldsHere.set(codec, known);
  return codec;
};

/** An object with fields: no list, and nothing built in such as a date. */
const isRecord = (input: unknown): input is Record<string, unknown> =>
  Object.prototype.toString.call(input) === '[object Object]';

interface Field {
  readonly field: string;
  readonly codec: t.Mixed;
}

const fieldsOf = (fields: Fields): ReadonlyArray<Field> =>
  Object.entries(fields).map(([field, codec]) => ({ field, codec }));

/**
 * A record with exactly these fields. Unknown fields are errors, so that a misspelt optional field is
 * never dropped unseen; only own properties count, so nothing is read through a prototype. What is encoded
 * has its fields in the order of their names, so that equal values give the same text.
 */
export const closed = <R extends Fields, O extends Fields = Record<never, never>>(
  required: R,
  optional?: O,
): t.Type<RecordOf<R, O>, RecordInputOf<R, O>> => {
  type Value = RecordOf<R, O>;
  const requiredFields = fieldsOf(required);
  const optionalFields = fieldsOf(optional ?? {});
  const known = [...requiredFields, ...optionalFields].map(({ field }) => field);
  const inOrder = [...requiredFields, ...optionalFields].sort((a, b) =>
    a.field < b.field ? -1 : 1,
  );
  const unknownField = nothing(known);

  const checks = inOrder.map(({ field, codec }) => ({
    field,
    is: codec.is,
    isRequired: field in required,
  }));
  const byName = new Map(checks.map((check) => [check.field, check]));
  /** In the order in which the last record had its fields: those of one kind mostly have one order. */
  const expected = [...checks];

  // Asked of every event that is read: looks at each field of the input once, and makes no list of them.
  const is = (input: unknown): input is Value => {
    if (!isRecord(input)) return false;
    let at = 0;
    let found = 0;
    for (const field in input) {
      // Not `Object.hasOwn`: in such a loop this takes a fraction of the time.
      if (!Object.prototype.hasOwnProperty.call(input, field)) continue;
      let check = expected[at];
      if (check?.field !== field) {
        check = byName.get(field);
        if (check === undefined) return false;
        expected[at] = check;
      }
      at += 1;
      if (!check.is(input[field])) return false;
      if (check.isRequired) found += 1;
    }
    return found === requiredFields.length;
  };

  const validate: t.Validate<unknown, Value> = (input, context) => {
    if (!isRecord(input)) return t.failure(input, context);
    const errors: t.Errors = [];
    const value: Record<string, unknown> = {};
    const take = (field: string, codec: t.Mixed) => {
      const given = Object.hasOwn(input, field) ? input[field] : undefined;
      const found = codec.validate(given, context);
      // Where it stands is looked up only when something is wrong with it.
      const result = E.isRight(found)
        ? found
        : codec.validate(given, t.appendContext(context, field, codec, given));
      if (E.isRight(result)) value[field] = result.right;
      else for (const error of result.left.slice(0, MOST_ERRORS)) errors.push(error);
    };
    // Unknown fields first: a field that is missing is mostly one that is misspelt. No list of them: it
    // would be made for every command.
    for (const field in input) {
      if (errors.length >= MOST_ERRORS) break;
      if (byName.has(field) || !Object.hasOwn(input, field)) continue;
      errors.push({
        value: input[field],
        context: t.appendContext(context, field, unknownField, input[field]),
      });
    }
    for (const { field, codec } of requiredFields) take(field, codec);
    for (const { field, codec } of optionalFields) {
      if (Object.hasOwn(input, field) && input[field] !== undefined) take(field, codec);
    }
    return errors.length > 0 ? t.failures(errors) : t.success(value as Value);
  };

  const encode = (value: Value): RecordInputOf<R, O> => {
    const output: Record<string, unknown> = {};
    for (const { field, codec } of inOrder) {
      const own = (value as Record<string, unknown>)[field];
      if (own !== undefined) output[field] = codec.encode(own) as unknown;
    }
    return output as RecordInputOf<R, O>;
  };

  return new t.Type(`an object with ${known.join(', ')}`, is, validate, encode);
};

/** A string that `test` accepts. `expected` completes the sentence "expected ...". */
export const stringWhere = (expected: string, test: (given: string) => boolean) => {
  const is = (input: unknown): input is string => typeof input === 'string' && test(input);
  return new t.Type<string, string>(
    expected,
    is,
    (input, context) => (is(input) ? t.success(input) : t.failure(input, context)),
    String,
  );
};

/** Like {@link stringWhere}, as a type of its own: no other string passes for one. */
export const brandedWhere = <Brand>(expected: string, test: (given: string) => boolean) =>
  // A brand is there for the compiler alone: at run time it is the same string.
  stringWhere(expected, test) as unknown as t.Type<t.Branded<string, Brand>, string>;

/** A revision or a position as JSON carries it. */
export const Revision = stringWhere("a revision as text, such as '3'", (given) =>
  /^\d{1,19}$/.test(given),
);

/** One of these strings, exactly. */
export const oneOf = <Option extends string>(...options: ReadonlyArray<Option>) => {
  const allowed: ReadonlySet<unknown> = new Set(options);
  const is = (input: unknown): input is Option => allowed.has(input);
  const codec = new t.Type<Option, Option>(
    `one of ${options.join(', ')}`,
    is,
    (input, context) => (is(input) ? t.success(input) : t.failure(input, context)),
    (option) => option,
  );
  optionsHere.set(codec, options);
  return codec;
};

/** A whole number from `least` to `most`, both included. */
export const wholeNumber = (least: number, most: number) => {
  const is = (input: unknown): input is number =>
    Number.isSafeInteger(input) && (input as number) >= least && (input as number) <= most;
  return new t.Type<number, number>(
    `a whole number from ${least} to ${most}`,
    is,
    (input, context) => (is(input) ? t.success(input) : t.failure(input, context)),
    Number,
  );
};

const controlExceptBreaks = /[^\P{Cc}\t\n]/u;

/** Free text of 1 to `most` UTF-16 units: well-formed, not blank, no control characters but tab and line feed. */
export const text = (most: number) =>
  stringWhere(
    `text of 1 to ${most} characters without control characters or lone surrogates`,
    (given) =>
      given.length <= most &&
      given.trim() !== '' &&
      given.isWellFormed() &&
      !controlExceptBreaks.test(given),
  );

/** Free text that may be empty or blank; a rule says when it must not be. At most `most` UTF-16 units. */
export const note = (most: number) =>
  stringWhere(
    `text of at most ${most} characters without control characters or lone surrogates`,
    (given) => given.length <= most && given.isWellFormed() && !controlExceptBreaks.test(given),
  );

/**
 * A list of `least` to `most` items. The length is checked before any item is looked at; what is read is a
 * copy, which the caller can no longer change.
 */
export const listOf = <A, O>(item: t.Type<A, O>, least: number, most: number) => {
  const items = t.readonlyArray(item);
  const fits = (input: unknown): input is ReadonlyArray<unknown> =>
    Array.isArray(input) && input.length >= least && input.length <= most;
  return new t.Type<ReadonlyArray<A>, ReadonlyArray<O>>(
    `a list of ${least} to ${most} items`,
    (input): input is ReadonlyArray<A> => fits(input) && items.is(input),
    (input, context) =>
      fits(input) ? items.validate([...input], context) : t.failure(input, context),
    items.encode,
  );
};

/** One thing wrong with an input. */
export interface InputError {
  /** Where, such as `attestation.terms`; empty for the input itself. */
  readonly path: string;
  readonly expected: string;
  /** What was there instead, shortened. */
  readonly got: string;
  /** What may have been meant, where something is near. */
  readonly meant?: string;
}

const MOST_ERRORS = 20;
const MOST_CHARACTERS = 60;

/** At most `most` characters of a text, and dots where more were. */
export const shortened = (given: string, most = MOST_CHARACTERS): string =>
  given.length <= most ? given : `${given.slice(0, most).toWellFormed()}...`;

/** A short, safe picture of a value that may be huge or hostile: nothing of the caller's runs. */
export const sketch = (given: unknown): string => {
  if (given === undefined) return 'nothing';
  if (given === null) return 'null';
  if (typeof given === 'string') {
    return given.length <= MOST_CHARACTERS
      ? JSON.stringify(given)
      : `${JSON.stringify(shortened(given))} (${given.length} characters)`;
  }
  // As a word, since what is expected may be its digits as text.
  if (typeof given === 'number') return `the number ${given}`;
  if (typeof given === 'boolean') return String(given);
  if (Array.isArray(given)) return `a list of ${given.length}`;
  if (types.isDate(given)) return 'a Date';
  return typeof given === 'object' ? 'an object' : `a ${typeof given}`;
};

const isUnknownField = ({ context }: t.ValidationError): boolean => {
  const last = context.at(-1);
  return last !== undefined && fieldsHere.has(last.type);
};

const meantBy = ({ context, value }: t.ValidationError): string | undefined => {
  const last = context.at(-1);
  if (last === undefined) return undefined;
  const fields = fieldsHere.get(last.type);
  if (fields !== undefined) return meantField(last.key, fields);
  const options = optionsHere.get(last.type);
  return options !== undefined && typeof value === 'string' ? nearest(value, options) : undefined;
};

/** A picture of a value that stands at `path`. */
export type Picture = (given: unknown, path: string) => string;

const described = (error: t.ValidationError, picture: Picture): InputError => {
  const { context, value, message } = error;
  const meant = meantBy(error);
  const path = shortened(
    context
      .map(({ key }) => key)
      .filter((key) => key !== '')
      .join('.'),
  );
  return {
    path,
    expected: message ?? context.at(-1)?.type.name ?? 'something else',
    got: picture(value, path),
    ...(meant === undefined ? {} : { meant }),
  };
};

/** The errors of a failed decode, unknown fields first, at most 20, without echoing long input. */
export const report = (errors: t.Errors, picture: Picture = sketch): ReadonlyArray<InputError> =>
  [...errors.filter(isUnknownField), ...errors.filter((error) => !isUnknownField(error))]
    .slice(0, MOST_ERRORS)
    .map((error) => described(error, picture));

const MOST_ERRORS_TOLD = 3;

const sentence = ({ path, expected, got, meant }: InputError, itself: string): string => {
  const where = path === '' ? itself : path;
  const hint = meant === undefined ? '' : ` Did you mean ${meant}?`;
  return `${where === '' ? '' : `${where}: `}expected ${expected}, got ${got}.${hint}`;
};

/**
 * The first errors as a person reads them, and how many more there are.
 *
 * @param itself what the input itself is called, where the error is about the whole of it
 */
export const told = (errors: ReadonlyArray<InputError>, itself = ''): string => {
  const first = errors.slice(0, MOST_ERRORS_TOLD).map((error) => sentence(error, itself));
  const more = errors.length - first.length;
  return [...first, ...(more > 0 ? [`And ${more} more.`] : [])].join(' ');
};
