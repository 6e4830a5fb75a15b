/** `seatledger impact`: what deleting a mailbox would cost now. */
import * as E from 'fp-ts/lib/Either.js';
import type { Impact } from '..';
import { exitCodesHelp } from './exit-codes';
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

/** The seat holds no such mailbox: those that it holds. */
const unknownMailbox = async (
  { ledger, reader }: Asked,
  userId: string,
  address: string,
): Promise<Stop> => {
  const seat = await ledger.views.seats.get(reader, userId);
  const held = E.isRight(seat) ? (seat.right?.mailboxes ?? []) : [];
  const names = held.map((mailbox) => mailbox.address);
  return misuse(
    `The seat of ${printable(userId)} holds no mailbox ${printable(address)}. ` +
      printable(didYouMean(address, names)),
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
