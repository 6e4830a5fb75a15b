/** One event as one line of an exported file: written, and read back to the byte. */
import * as E from 'fp-ts/lib/Either.js';
import { decodeWhole } from '../decode-event';
import type { RecordedEvent } from '../ports';
import { shortened } from '../../values/codec';
import { DEEPEST, depthOf, jsonFaultOf } from './json-text';

/** Why a line is refused, or why it could not be read. */
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
  | 'SettingsMissing'
  | 'ForeignOrganization'
  | 'SourceBroken'
  | 'SourceChanged';

export interface LineFault {
  readonly problem: LineProblem;
  /** What is wrong, as a sentence without its end. */
  readonly what: string;
}

/**
 * More than a line needs: a refusal may name the same impact in three places, of up to 34 MB each (decision
 * 0015).
 */
export const LONGEST_LINE_BYTES = 128 * 1024 * 1024;

export const tooLong: LineFault = {
  problem: 'TooLong',
  what: `The line is longer than 128 MiB (${LONGEST_LINE_BYTES} bytes)`,
};

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
        `The key ${JSON.stringify(shortened(found.key))} comes twice in one object`,
      );
    case 'forbiddenKey':
      return fault('ForbiddenKey', `The key ${JSON.stringify(found.key)} may not be used`);
    case 'unsafeNumber':
      return fault(
        'UnsafeNumber',
        `The number ${shortened(found.number, 40)} cannot be kept exactly`,
      );
    case undefined:
      return fault(
        'NotCanonical',
        'The line is not written as an export writes it (blanks, escapes, numbers or the order of fields): export again instead of editing',
      );
  }
};

const LONG_NUMBER = /[[,:]-?\d(?:\d{15}|\.?\d*e)/;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const REVISION = /^(?:0|[1-9]\d{0,14})$/;
const STREAM =
  /^(?:ledger|organization-[\w-]{1,64}|(?:seat|answer|address|account)-[\w-]{1,64}\.[\w-]{1,64})$/;

const parsed = (text: string): E.Either<LineFault, Readonly<Record<string, unknown>>> => {
  if (depthOf(text) > DEEPEST) return fault('TooDeep', `The line nests deeper than ${DEEPEST}`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : 'unreadable';
    return fault('NotJson', `The line is not JSON (${why})`);
  }
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? E.right(value as Readonly<Record<string, unknown>>)
    : fault('NotAnObject', 'The line is not an object with the fields of an event');
};

/** What is wrong with these fields of an event, which are in no codec. */
const unfit = ({ stream, revision, id, type }: Readonly<Record<string, unknown>>) => {
  const wrong = (field: string, expected: string): E.Either<LineFault, never> =>
    fault('Undecodable', `The ${field} is not ${expected}`);
  if (typeof stream !== 'string' || !STREAM.test(stream)) {
    return wrong('stream', 'the name of a stream of a ledger');
  }
  if (typeof revision !== 'string' || !REVISION.test(revision)) {
    return wrong('revision', 'a text of decimal digits');
  }
  if (typeof id !== 'string' || !UUID.test(id)) return wrong('id', 'a UUID in small letters');
  return typeof type === 'string' ? undefined : wrong('type', 'a text');
};

const eventFrom = (
  given: Readonly<Record<string, unknown>>,
  position: bigint,
): E.Either<LineFault, RecordedEvent> => {
  const missing = FIELDS.find((field) => !Object.hasOwn(given, field));
  if (missing !== undefined) return fault('FieldMissing', `The field ${missing} is missing`);
  const unknown = Object.keys(given).find((field) => !FIELDS.includes(field as never));
  if (unknown !== undefined) {
    const name = JSON.stringify(shortened(unknown));
    return fault('FieldUnknown', `The field ${name} is not one of an event`);
  }
  const wrong = unfit(given);
  if (wrong !== undefined) return wrong;
  const { stream, revision, id, type, data, metadata } = given;
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

/** Why this release cannot make an event of this ledger out of it. */
const whyUndecodable = (event: RecordedEvent): LineFault | undefined => {
  const decoded = decodeWhole(event);
  if (E.isRight(decoded)) return undefined;
  const [first] = decoded.left.errors;
  const type = JSON.stringify(shortened(event.type));
  // The name of the stream has been looked at: nothing else is told without an error.
  if (first === undefined) {
    const what = `The type ${type} is unknown to this release in the stream ${event.stream}`;
    return { problem: 'UnknownType', what };
  }
  const where = first.path === '' ? '' : `${first.path}: `;
  const what = `The event cannot be decoded as ${type}: ${where}expected ${first.expected}, got ${first.got}`;
  return { problem: 'Undecodable', what };
};

/** Reads a line (without its line end) back, checked as a whole. */
export const eventOfLine = (text: string, position: bigint): E.Either<LineFault, RecordedEvent> => {
  if (text === '') return fault('Empty', 'The line is empty');
  if (text.startsWith('\uFEFF')) {
    return fault('ByteOrderMark', 'The line begins with a byte order mark');
  }
  if (text.endsWith('\r')) return fault('CarriageReturn', 'The line ends with CR LF, not with LF');
  const given = parsed(text);
  if (E.isLeft(given)) return given;
  const event = eventFrom(given.right, position);
  // Said first, for a field may look unknown only because a key comes twice.
  if ((text.includes('__proto__') || E.isLeft(event)) && jsonFaultOf(text) !== undefined) {
    return whyNotCanonical(text);
  }
  if (E.isLeft(event)) return event;
  const isCanonical = lineOf(event.right) === `${text}\n`;
  if (!isCanonical || (LONG_NUMBER.test(text) && jsonFaultOf(text) !== undefined)) {
    return whyNotCanonical(text);
  }
  const undecodable = whyUndecodable(event.right);
  return undecodable === undefined ? event : E.left(undecodable);
};
