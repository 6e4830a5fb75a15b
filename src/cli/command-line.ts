/** One line of input: who, what, and when. */
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import type { InvalidInput } from '../application/failures';
import { read } from '../application/input';
import { Command, type CommandInput } from '../commands';
import { closed, report, told } from '../values/codec';
import { Principal, type PrincipalInput } from '../values/principal';
import { Timestamp } from '../values/timestamp';
import type { NumberedLine } from './json-lines';

/** A command as a line gives it. What is in `principal` and `command` is for the ledger to check. */
export interface LineCommand {
  readonly principal: PrincipalInput & { readonly orgId: string };
  readonly command: CommandInput;
  readonly at: string | undefined;
}

const isObject = (input: unknown): input is object =>
  typeof input === 'object' && input !== null && !Array.isArray(input);

const anObject = new t.Type<object>(
  'an object',
  isObject,
  (input, context) => (isObject(input) ? t.success(input) : t.failure(input, context)),
  t.identity,
);

const Line = closed({ principal: anObject, command: anObject }, { at: Timestamp });

const EXAMPLE = '{"principal": {...}, "command": {...}, "at": "2026-03-02T09:00:00Z"}';
const ITSELF = 'The line';

/** What the ledger could not read, in the words of the line or of the arguments that it came from. */
export const describeInvalid = ({ input, errors }: InvalidInput): string =>
  told(
    errors.map((error) => ({
      ...error,
      path: [
        ...(input === 'options' || input === 'query' ? [] : [input]),
        ...(error.path === '' ? [] : [error.path]),
      ].join('.'),
    })),
    ITSELF,
  );

/** The command that a line gives, or what is wrong with the line. */
export const readCommand = ({ text, complete }: NumberedLine): E.Either<string, LineCommand> => {
  if (E.isLeft(text)) return text;
  let given: unknown;
  try {
    given = JSON.parse(text.right);
  } catch (error) {
    const cutOff = complete ? '' : ' The file ends within this line: it may have been cut off.';
    return E.left(`Not JSON (${messageOf(error)}); expected one object, ${EXAMPLE}.${cutOff}`);
  }
  const line = Line.decode(given);
  if (E.isLeft(line)) return E.left(`${told(report(line.left), ITSELF)} Expected ${EXAMPLE}.`);
  // The ledger checks both again, and says what is wrong with them.
  return E.right({ at: undefined, ...line.right } as unknown as LineCommand);
};

/** Why a line cannot be taken, as far as that can be told without a ledger. */
export const faultIn = (numbered: NumberedLine): string | undefined => {
  const line = readCommand(numbered);
  if (E.isLeft(line)) return line.left;
  const who = read('principal', Principal, line.right.principal);
  if (E.isLeft(who)) return describeInvalid(who.left);
  const what = read('command', Command, line.right.command);
  return E.isLeft(what) ? describeInvalid(what.left) : undefined;
};

const messageOf = (error: unknown): string =>
  error instanceof SyntaxError ? error.message : 'it cannot be read';
