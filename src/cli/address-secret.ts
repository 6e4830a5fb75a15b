/** The secret that addresses are keyed by: from the environment, never from the command line. */
import * as E from 'fp-ts/lib/Either.js';
import { misuse, type Stop } from './stop';
import { printable } from './terminal';

export const SECRET_VARIABLE = 'SEATLEDGER_ADDRESS_SECRET';

/** Known to everyone, and so only for the demonstration's made-up addresses. */
export const DEMO_SECRET = 'seatledger-demonstration-only';

const SHORTEST = 16;

const howToMake = (variable: string): string =>
  `Make one once, and keep it: a ledger opens only with the secret that it was made with.
These lines make it in a file that only you can read, or take the one that is there already:

  (umask 077; set -C; node -p "require('node:crypto').randomBytes(32).toString('base64url')" > ~/.seatledger-secret)
  export ${variable}="$(cat ~/.seatledger-secret)"`;

const howToGive = (variable: string, ledger: string): string =>
  `${printable(ledger)} opens only with the secret that it was made with: set ${variable} to that one.`;

/**
 * The secret in `variable`, which is never shown, not even when it will not do.
 *
 * @param ledger the file that the secret opens; `undefined` while there is none, and a secret may be made
 */
export const secretFrom = (
  environment: Readonly<Record<string, string | undefined>>,
  variable: string,
  ledger: string | undefined,
): E.Either<Stop, string> => {
  const secret = environment[variable] ?? '';
  if (secret.length >= SHORTEST) return E.right(secret);
  const lack =
    secret === ''
      ? `The environment variable ${variable} is not set.\nIt holds the secret that addresses are keyed by in the ledger.`
      : `The secret in ${variable} is too short: it needs at least ${SHORTEST} characters.`;
  const help = ledger === undefined ? howToMake(variable) : howToGive(variable, ledger);
  return E.left(misuse(`${lack}\n${help}`));
};
