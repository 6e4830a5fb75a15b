/** `seatledger replay`: the views as they were. */
import * as E from 'fp-ts/lib/Either.js';
import { views as allViews } from '../../projections';
import type { Ledger } from '../application/ledger';
import type { Point } from '../application/time/point';
import type { ViewName } from '../application/time/diff';
import type { OrgId } from '../values/ids';
import { exitCodesHelp } from './exit-codes';
import { didYouMean } from '../values/nearest';
import { onAllAsked, type PastOptions, pointFrom, readerOf, tell, withPastOptions } from './past';
import { type PastOrganization, printReplay } from './print-past';
import type { Register } from './register';
import { failed, misuse, type Stop } from './stop';
import { printable } from './terminal';

interface ReplayOptions extends PastOptions {
  readonly view?: ReadonlyArray<string>;
  readonly asOf?: string;
}

interface Replayed {
  readonly db: string;
  /** As it was asked for; `null` for the whole log. */
  readonly asOf: Point | null;
  readonly organizations: ReadonlyArray<PastOrganization>;
}

type AnyRows = NonNullable<PastOrganization['views'][ViewName]>;

const names = Object.keys(allViews) as ReadonlyArray<ViewName>;

/** The view of this name, or what may have been meant. */
export const viewNamed = (typed: string): E.Either<Stop, ViewName> => {
  const name = names.find((one) => one === typed);
  return name === undefined
    ? E.left(misuse(`There is no view ${printable(typed)}. ${didYouMean(typed, names)}`))
    : E.right(name);
};

const replayed = async (
  ledger: Ledger,
  orgId: OrgId,
  point: Point,
  wanted: ReadonlyArray<ViewName>,
): Promise<E.Either<Stop, PastOrganization>> => {
  const past = ledger.asOf(point);
  const reader = readerOf(orgId);
  const extent = await past.extent(reader);
  if (E.isLeft(extent)) return E.left(failed(extent.left));
  const views: Partial<Record<ViewName, AnyRows>> = {};
  for (const name of wanted) {
    const rows = await past[name].list(reader);
    if (E.isLeft(rows)) return E.left(failed(rows.left));
    // Rows of any view are printed alike, as plain data.
    views[name] = rows.right as unknown as AnyRows;
  }
  return E.right({ orgId, extent: extent.right, views });
};

const replay = async (options: ReplayOptions): Promise<E.Either<Stop, Replayed>> => {
  const wanted = E.traverseArray(viewNamed)(options.view ?? names);
  if (E.isLeft(wanted)) return wanted;
  const asked = options.asOf === undefined ? E.right(null) : pointFrom(options.asOf);
  if (E.isLeft(asked)) return asked;
  return onAllAsked(options, async (ledger, orgIds) => {
    const head = await ledger.head();
    if (E.isLeft(head)) return E.left(failed(head.left));
    const point = asked.right ?? { position: head.right };
    const organizations: Array<PastOrganization> = [];
    for (const orgId of orgIds) {
      const one = await replayed(ledger, orgId, point, wanted.right);
      if (E.isLeft(one)) return one;
      organizations.push(one.right);
    }
    return E.right({ db: options.db, asOf: asked.right, organizations });
  });
};

const replayHelp = `
The views are folded from the beginning of the log: ${names.join(', ')}.

--as-of takes a position in the log, or a time such as 2026-03-01T00:00:00Z; both are inclusive. A time
stands for the longest beginning of the organization's log in which no event bears a later time: what was
entered late, under an earlier time, is not in the past that it speaks of.
`;

export const registerReplay: Register = (program, finish) => {
  withPastOptions(
    program.command('replay').description('Show the views as they were at any point of the log.'),
  )
    .option('--view <name...>', 'these views; all of them by default')
    .option('--as-of <point>', 'a position or a time; the end of the log by default')
    .addHelpText('after', `${replayHelp}${exitCodesHelp}`)
    .action(async (options: ReplayOptions) => {
      finish(tell(await replay(options), options, printReplay));
    });
};
