/** `seatledger timeline`: everything that happened to one seat. */
import * as E from 'fp-ts/lib/Either.js';
import type { Timeline } from '../application/time/timeline';
import { exitCodesHelp } from './exit-codes';
import {
  isUnknownSeat,
  onAsked,
  type PastOptions,
  stopFor,
  tell,
  unknownUser,
  withPastOptions,
} from './past';
import { printTimeline } from './print-past';
import type { Register } from './register';
import { misuse, type Stop } from './stop';
import { printable } from './terminal';

interface TimelineOptions extends PastOptions {
  readonly after?: string;
  readonly limit: string;
}

const MOST = 1000;

const timeline = async (
  userId: string,
  options: TimelineOptions,
): Promise<E.Either<Stop, Timeline>> => {
  const { after } = options;
  const limit = Number(options.limit);
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST) {
    return E.left(misuse(`--limit takes a whole number from 1 to ${MOST}.`));
  }
  if (after !== undefined && !/^\d{1,19}$/.test(after)) {
    return E.left(misuse(`--after takes a position, not ${printable(after)}.`));
  }
  return onAsked(options, async (asked) => {
    const part = { limit, ...(after !== undefined && { after }) };
    const told = await asked.ledger.timeline(asked.reader, userId, part);
    if (E.isRight(told)) return told;
    return E.left(isUnknownSeat(told.left) ? await unknownUser(asked, userId) : stopFor(told.left));
  });
};

const timelineHelp = `
Oldest first, by position: what stands on the seat itself, the claims on its addresses, permissions given
on other seats for its requests, mailboxes that left it or came to it, and what was refused or was already
so. Each command can be asked about: seatledger why COMMANDID.
`;

export const registerTimeline: Register = (program, finish) => {
  withPastOptions(
    program.command('timeline').description('Tell everything that happened to one seat.'),
  )
    .argument('<user>', 'the user id of the seat')
    .option('--after <position>', 'tell what comes after this position')
    .option('--limit <number>', `tell so much at once, up to ${MOST}`, '100')
    .addHelpText('after', `${timelineHelp}${exitCodesHelp}`)
    .action(async (userId: string, options: TimelineOptions) => {
      const print: Parameters<typeof tell<Timeline>>[2] = (page, told) =>
        printTimeline(page, userId, told);
      finish(tell(await timeline(userId, options), options, print));
    });
};
