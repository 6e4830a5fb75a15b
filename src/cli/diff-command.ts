/** `seatledger diff`: what changed in a view between two points. */
import * as E from 'fp-ts/lib/Either.js';
import type { ViewDiff } from '../application/time/diff';
import { exitCodesHelp } from './exit-codes';
import { onAsked, type PastOptions, pointFrom, stopFor, tell, withPastOptions } from './past';
import { printDiff } from './print-past';
import type { Register } from './register';
import { viewNamed } from './replay-command';
import type { Stop } from './stop';

interface DiffOptions extends PastOptions {
  readonly view: string;
  readonly from: string;
  readonly to: string;
}

const diff = async (options: DiffOptions): Promise<E.Either<Stop, ViewDiff>> => {
  const view = viewNamed(options.view);
  if (E.isLeft(view)) return view;
  const from = pointFrom(options.from);
  if (E.isLeft(from)) return from;
  const to = pointFrom(options.to);
  if (E.isLeft(to)) return to;
  return onAsked(options, async ({ ledger, reader }) =>
    E.mapLeft(stopFor)(await ledger.diff(reader, view.right, from.right, to.right)),
  );
};

const diffHelp = `
A point is a position in the log, or a time such as 2026-03-01T00:00:00Z; both are inclusive.
`;

export const registerDiff: Register = (program, finish) => {
  withPastOptions(
    program.command('diff').description('Show what changed in a view between two points.'),
  )
    .requiredOption('--view <name>', 'the view')
    .requiredOption('--from <point>', 'a position or a time')
    .requiredOption('--to <point>', 'a position or a time')
    .addHelpText('after', `${diffHelp}${exitCodesHelp}`)
    .action(async (options: DiffOptions) => {
      finish(tell(await diff(options), options, printDiff));
    });
};
