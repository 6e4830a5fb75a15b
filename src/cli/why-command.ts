/** `seatledger why`: what the answer to a command rests on. */
import * as E from 'fp-ts/lib/Either.js';
import type { Why } from '../application/time/why';
import { exitCodesHelp } from './exit-codes';
import { onAsked, type PastOptions, stopFor, tell, withPastOptions } from './past';
import { printWhy } from './print-why';
import type { Register } from './register';
import { misuse, type Stop } from './stop';
import { printable } from './terminal';

const why = (commandId: string, options: PastOptions): Promise<E.Either<Stop, Why>> =>
  onAsked(options, async ({ ledger, reader, orgId }) => {
    const told = await ledger.why(reader, commandId);
    if (E.isLeft(told)) return E.left(stopFor(told.left));
    return told.right === null
      ? E.left(
          misuse(
            `Nothing is recorded of a command ${printable(commandId)} in ${printable(orgId)}. ` +
              'Check the command id; the timeline of a seat names them.',
          ),
        )
      : E.right(told.right);
  });

const whyHelp = `
Shows the command as it was given, its answer, and every rule that it is judged by in order of precedence:
kept, broken, or not asked because an earlier one was broken; with the events that each rests on, as they
stood just before the answer.
`;

export const registerWhy: Register = (program, finish) => {
  withPastOptions(program.command('why').description('Tell what the answer to a command rests on.'))
    .argument('<commandId>', 'the id of a command that was sent')
    .addHelpText('after', `${whyHelp}${exitCodesHelp}`)
    .action(async (commandId: string, options: PastOptions) => {
      finish(tell(await why(commandId, options), options, printWhy));
    });
};
