/** `seatledger impact`: what deleting a mailbox would cost now. */
import * as E from 'fp-ts/lib/Either.js';
import type { Impact } from '..';
import { exitCodesHelp } from './exit-codes';
import { parseAddress } from '../values/email-address';
import { didYouMean } from '../values/nearest';
import {
  type Asked,
  isUnknownSeat,
  onAsked,
  type PastOptions,
  stopFor,
  tell,
  unknownUser,
  withPastOptions,
} from './past';
import { printImpact } from './print-past';
import type { Register } from './register';
import { misuse, type Stop } from './stop';
import { printable } from './terminal';

/** When the seat last lost this very mailbox, in words; `undefined` where it never held it. */
const deletionOf = async (
  { ledger, reader }: Asked,
  userId: string,
  typed: string,
): Promise<string | undefined> => {
  const address = parseAddress(typed);
  if (E.isLeft(address)) return undefined;
  const { canonical } = address.right;
  const deletions = await ledger.views.draftsLost.list(reader, { userId, address: canonical });
  const last = E.isRight(deletions) ? deletions.right.at(-1) : undefined;
  if (last === undefined) return undefined;
  const went = last.movedTo === null ? 'deleted from it' : `moved to the seat of ${last.movedTo}`;
  return `It was ${went} on ${last.deletedAt.slice(0, 16).replace('T', ' ')} UTC.`;
};

/** The seat holds no such mailbox: when it went, or else those that the seat holds. */
const unknownMailbox = async (asked: Asked, userId: string, address: string): Promise<Stop> => {
  const { ledger, reader } = asked;
  const seat = await ledger.views.seats.get(reader, userId);
  const held = E.isRight(seat) ? (seat.right?.mailboxes ?? []) : [];
  const names = held.map((mailbox) => mailbox.address);
  const help = (await deletionOf(asked, userId, address)) ?? didYouMean(address, names);
  return misuse(
    `The seat of ${printable(userId)} holds no mailbox ${printable(address)}. ${printable(help)}`,
  );
};

const impact = (
  userId: string,
  address: string,
  options: PastOptions,
): Promise<E.Either<Stop, Impact>> =>
  onAsked(options, async (asked) => {
    const found = await asked.ledger.impact(asked.reader, { userId, address });
    if (E.isRight(found)) return found;
    if (isUnknownSeat(found.left)) return E.left(await unknownUser(asked, userId));
    if (found.left.type === 'Refused') {
      return E.left(await unknownMailbox(asked, userId, address));
    }
    return E.left(stopFor(found.left));
  });

const impactHelp = `
Nothing is deleted. An approval hands the impact back as acknowledged (P16): --json prints it as it is
handed back.
`;

export const registerImpact: Register = (program, finish) => {
  withPastOptions(
    program.command('impact').description('Show what deleting a mailbox would cost now.'),
  )
    .argument('<user>', 'the user id of the seat')
    .argument('<address>', 'the mailbox')
    .addHelpText('after', `${impactHelp}${exitCodesHelp}`)
    .action(async (userId: string, address: string, options: PastOptions) => {
      finish(tell(await impact(userId, address, options), options, printImpact));
    });
};
