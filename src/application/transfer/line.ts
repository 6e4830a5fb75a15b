/** One event as one line of an exported file: written, and read back to the byte. */
import * as E from 'fp-ts/lib/Either.js';
import { decodeWhole } from '../decode-event';
import type { RecordedEvent } from '../ports';
import { shortened } from '../../values/codec';
import { DEEPEST, depthOf, jsonFaultOf } from './json-text';

/** Why a line is refused. */
export type LineProblem =
  | 'Truncated'
  | 'Empty'
  | 'ByteOrderMark'
  | 'CarriageReturn'
  | 'InvalidUtf8'
  | 'TooLong'
  | 'TooDeep'
  | 'NotJson'
  | 'NotAnObject'
  | 'FieldMissing'
  | 'FieldUnknown'
  | 'DuplicateKey'
  | 'ForbiddenKey'
  | 'UnsafeNumber'
  | 'NotCanonical'
  | 'UnknownType'
  | 'Undecodable'
  | 'DuplicateId'
  | 'GapOrDisorder'
  | 'ForeignOrganization';

export interface LineFault {
  readonly problem: LineProblem;
  /** What is wrong, and what to do. */
  readonly what: string;
}

const FIELDS = ['stream', 'revision', 'id', 'type', 'data', 'metadata'] as const;

/** The line of an event, with its line end. Its place in the log is its place in the file. */
export const lineOf = ({ stream, revision, id, type, data, metadata }: RecordedEvent): string =>
  `${JSON.stringify({ stream, revision: String(revision), id, type, data, metadata })}\n`;

const fault = (problem: LineProblem, what: string): E.Either<LineFault, never> =>
  E.left({ problem, what });

/** The fault that makes a line differ from what is written for the same event. */
const whyNotCanonical = (text: string): E.Either<LineFault, never> => {
  const found = jsonFaultOf(text);
  switch (found?.is) {
    case 'duplicateKey':
      return fault(
        'DuplicateKey',
        `the key ${JSON.stringify(found.key)} comes twice in one object`,
      );
    case 'forbiddenKey':
      return fault('ForbiddenKey', `the key ${JSON.stringify(found.key)} may not be used`);
    case 'unsafeNumber':
      return fault(
        'UnsafeNumber',
        `the number ${shortened(found.number, 40)} cannot be kept exactly`,
      );
    case 'tooDeep':
      return fault('TooDeep', `it nests deeper than ${DEEPEST}`);
    case undefined:
      return fault(
        'NotCanonical',
        'it is not written as an export writes it (blanks, escapes or the order of fields): export again instead of editing',
      );
  }
};

const LONG_NUMBER = /[^"\w]-?\d{16}/;

const parsed = (text: string): E.Either<LineFault, Readonly<Record<string, unknown>>> => {
  if (depthOf(text) > DEEPEST) return fault('TooDeep', `it nests deeper than ${DEEPEST}`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return fault(
      'NotJson',
      `it is not JSON (${error instanceof Error ? error.message : 'unreadable'})`,
    );
  }
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? E.right(value as Readonly<Record<string, unknown>>)
    : fault('NotAnObject', 'it is not an object with the fields of an event');
};

const eventFrom = (
  given: Readonly<Record<string, unknown>>,
  position: bigint,
): E.Either<LineFault, RecordedEvent> => {
  const missing = FIELDS.find((field) => !Object.hasOwn(given, field));
  if (missing !== undefined) return fault('FieldMissing', `the field ${missing} is missing`);
  const unknown = Object.keys(given).find((field) => !FIELDS.includes(field as never));
  if (unknown !== undefined) {
    return fault('FieldUnknown', `the field ${JSON.stringify(unknown)} is not one of an event`);
  }
  const { stream, revision, id, type, data, metadata } = given;
  const isText = [stream, revision, id, type].every((value) => typeof value === 'string');
  if (!isText || !/^(0|[1-9]\d{0,15})$/.test(String(revision)) || id === '') {
    return fault(
      'Undecodable',
      'stream, id and type are texts, and revision is one of decimal digits',
    );
  }
  return E.right({
    stream: stream as string,
    revision: BigInt(revision as string),
    id: id as string,
    type: type as string,
    data,
    metadata,
    position,
  });
};

/** Reads a line (without its line end) back, checked as a whole. */
export const eventOfLine = (text: string, position: bigint): E.Either<LineFault, RecordedEvent> => {
  if (text === '') return fault('Empty', 'it is empty');
  if (text.startsWith('\uFEFF')) return fault('ByteOrderMark', 'it begins with a byte order mark');
  if (text.endsWith('\r')) return fault('CarriageReturn', 'it ends with CR LF instead of LF');
  const given = parsed(text);
  if (E.isLeft(given)) return given;
  const event = eventFrom(given.right, position);
  // Said first, for a field may look unknown only because a key comes twice.
  if (text.includes('__proto__') || E.isLeft(event)) {
    const found = jsonFaultOf(text);
    if (found !== undefined) return whyNotCanonical(text);
  }
  if (E.isLeft(event)) return event;
  const isCanonical = lineOf(event.right) === `${text}\n`;
  if (!isCanonical || (LONG_NUMBER.test(text) && jsonFaultOf(text) !== undefined)) {
    return whyNotCanonical(text);
  }
  const decoded = decodeWhole(event.right);
  if (E.isRight(decoded)) return event;
  const isUnknown = decoded.left.errors.length === 0 && decoded.left.message.includes('unknown to');
  return fault(isUnknown ? 'UnknownType' : 'Undecodable', decoded.left.message);
};
