import * as t from 'io-ts';
import { oneOf } from './codec';

type Codecs = Record<string, t.Mixed>;

/**
 * A union told apart by one field. Only the member that the tag names is tried, so an error speaks of
 * that member alone and decoding costs the same however many members there are.
 */
export const taggedUnion = <Members extends Codecs>(
  tag: string,
  members: Members,
): t.Type<t.TypeOf<Members[keyof Members]>, t.OutputOf<Members[keyof Members]>> => {
  type Value = t.TypeOf<Members[keyof Members]>;
  const tagCodec = oneOf(...Object.keys(members));
  const tagOf = (input: unknown): unknown =>
    typeof input === 'object' && input !== null && Object.hasOwn(input, tag)
      ? (input as Record<string, unknown>)[tag]
      : undefined;
  const memberFor = (given: unknown): t.Mixed | undefined =>
    typeof given === 'string' && Object.hasOwn(members, given) ? members[given] : undefined;

  return new t.Type<Value, t.OutputOf<Members[keyof Members]>>(
    `an object whose ${tag} is ${tagCodec.name}`,
    (input): input is Value => memberFor(tagOf(input))?.is(input) ?? false,
    (input, context) => {
      if (typeof input !== 'object' || input === null) return t.failure(input, context);
      const given = tagOf(input);
      const member = memberFor(given);
      return member === undefined
        ? t.failure(given, t.appendContext(context, tag, tagCodec, given))
        : (member.validate(input, context) as t.Validation<Value>);
    },
    (value) => memberFor(tagOf(value))?.encode(value) as t.OutputOf<Members[keyof Members]>,
  );
};
