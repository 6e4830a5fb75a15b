/** What the commands that ask about the past share: the ledger opened for reading, and whom they ask for. */
import * as E from 'fp-ts/lib/Either.js';
import type { Command } from 'commander';
import type { Failure } from '../application/failures';
import type { Ledger } from '../application/ledger';
import { wholePages } from '../application/log-pages';
import type { Refused } from '../application/outcome';
import type { Extent, Point } from '../application/time/point';
import { explain } from '../explain';
import type { OrgId } from '../values/ids';
import type { PrincipalInput } from '../values/principal';
import { streamIdentity } from '../values/stream-name';
import { Timestamp } from '../values/timestamp';
import { DEMO_SECRET, SECRET_VARIABLE, secretFrom } from './address-secret';
import { describeInvalid } from './command-line';
import { exitCodes } from './exit-codes';
import { didYouMean } from '../values/nearest';
import { connectToRead, openingFailed, openToRead } from './ledger-file';
import type { Page } from './print-organization';
import { showingReads } from './reading-progress';
import { failed, misuse, type Stop, tellStop } from './stop';
import { paintFor, printable, printJson, widthOf } from './terminal';

export interface PastOptions {
  readonly db: string;
  readonly org?: string;
  readonly json?: boolean;
  readonly secretEnv: string;
}

export const withPastOptions = (command: Command): Command =>
  command
    .requiredOption('--db <file>', 'the ledger, which is only read')
    .option('--org <id>', 'the organization; may be left out where there is only one')
    .option('--json', 'print one JSON document on standard output, and nothing else there')
    .option(
      '--secret-env <name>',
      'the environment variable that holds the address secret',
      SECRET_VARIABLE,
    );

type Found<Value> = E.Either<Stop, Value>;

/** An organization of an open ledger. */
export interface Asked {
  readonly ledger: Ledger;
  readonly orgId: OrgId;
  readonly reader: PrincipalInput;
}

export const readerOf = (orgId: OrgId): PrincipalInput => ({
  role: 'system',
  orgId,
  systemId: 'seatledger-cli',
});

/** Every organization that the file tells of. */
const organizationsIn = async (db: string): Promise<Found<ReadonlyArray<OrgId>>> => {
  const connected = await connectToRead(db);
  if (E.isLeft(connected)) return connected;
  const store = showingReads(connected.right);
  const found = new Set<OrgId>();
  try {
    for await (const page of wholePages(store)) {
      if (E.isLeft(page)) return E.left(failed(page.left));
      for (const { stream } of page.right) {
        const orgId = streamIdentity(stream)?.orgId;
        if (orgId !== undefined) found.add(orgId);
      }
    }
    return E.right([...found]);
  } finally {
    await store.close();
  }
};

const chosen = (
  { db, org }: PastOptions,
  found: ReadonlyArray<OrgId>,
): Found<ReadonlyArray<OrgId>> => {
  if (org === undefined) return E.right(found);
  return found.some((one) => one === org)
    ? E.right([org as OrgId])
    : E.left(
        misuse(`${printable(db)} has no organization ${printable(org)}. ${didYouMean(org, found)}`),
      );
};

const open = async ({ db, secretEnv }: PastOptions): Promise<Found<Ledger>> => {
  const isSet = (process.env[secretEnv] ?? '') !== '';
  const secret = isSet ? secretFrom(process.env, secretEnv, db) : E.right(DEMO_SECRET);
  if (E.isLeft(secret)) return secret;
  const opened = await openToRead(db, secret.right);
  if (E.isRight(opened)) return opened;
  // Only the demonstration opens with the demonstration's secret: for any other file it has to be given.
  const isMissing = !isSet && opened.left.type === 'AddressSecretMismatch';
  const missing = isMissing ? secretFrom({}, secretEnv, db) : undefined;
  return missing !== undefined && E.isLeft(missing)
    ? missing
    : E.left(await openingFailed(opened.left, db, secretEnv));
};

/** Opens the ledger for these organizations, and closes it afterwards. */
export const onAllAsked = async <Value>(
  options: PastOptions,
  ask: (ledger: Ledger, organizations: ReadonlyArray<OrgId>) => Promise<Found<Value>>,
): Promise<Found<Value>> => {
  const found = await organizationsIn(options.db);
  if (E.isLeft(found)) return found;
  const organizations = chosen(options, found.right);
  if (E.isLeft(organizations)) return organizations;
  const opened = await open(options);
  if (E.isLeft(opened)) return opened;
  try {
    return await ask(opened.right, organizations.right);
  } finally {
    await opened.right.close();
  }
};

/** The same for one organization, which has to be named where the file has several. */
export const onAsked = <Value>(
  options: PastOptions,
  ask: (asked: Asked) => Promise<Found<Value>>,
): Promise<Found<Value>> =>
  onAllAsked(options, (ledger, organizations) => {
    const [orgId] = organizations;
    if (orgId !== undefined && organizations.length === 1) {
      return ask({ ledger, orgId, reader: readerOf(orgId) });
    }
    const which =
      orgId === undefined
        ? `${printable(options.db)} holds no organization yet.`
        : `Say which organization with --org: ${organizations.join(', ')}.`;
    return Promise.resolve(E.left(misuse(which)));
  });

/** Reads a point as it is typed: a position, or a time. */
export const pointFrom = (typed: string): Found<Point> => {
  if (/^\d{1,19}$/.test(typed)) return E.right({ position: typed });
  const time = Timestamp.decode(typed);
  if (E.isRight(time)) return E.right({ time: time.right });
  return E.left(
    misuse(
      `${printable(typed)} is no point in the log: give a position such as 123, or ${Timestamp.name}. ` +
        'A whole day ends at T23:59:59.999Z.',
    ),
  );
};

/** Where the part of the log ends that an answer stands for. */
export const endText = ({ last, next }: Extent): string => {
  const until = last === null ? 'before its first event' : `position ${last.position} (${last.at})`;
  return next === null ? `${until}, the last one` : until;
};

/** Which part of the log an answer stands for. */
export const extentText = (extent: Extent): string =>
  extent.last === null ? endText(extent) : `up to ${endText(extent)}`;

/** A refusal or a failure of the ledger, as a reason to stop. What cannot be read was typed by the person who asks. */
export const stopFor = (left: Refused | Failure): Stop => {
  if (left.type === 'InvalidInput') return misuse(printable(describeInvalid(left)));
  if (left.type !== 'Refused') return failed(left);
  const words = left.rejections.map((rejection) => {
    const { sentence, remedy } = explain(rejection);
    return `${sentence} ${remedy}`;
  });
  return misuse(printable(words.join(' ')));
};

/** No seat of this name: those that come near. */
export const unknownUser = async ({ ledger, reader }: Asked, typed: string): Promise<Stop> => {
  const seats = await ledger.views.seats.list(reader);
  const names = E.isRight(seats) ? seats.right.map(({ userId }) => userId) : [];
  return misuse(`There is no seat for ${printable(typed)}. ${didYouMean(typed, names)}`);
};

/** Whether the answer is that there is no such seat. */
export const isUnknownSeat = (left: Refused | Failure): boolean =>
  left.type === 'Refused' && left.rejections.some(({ type }) => type === 'SeatNotFound');

/** Tells what was found, and answers the exit code. */
export const tell = <Value>(
  found: Found<Value>,
  { json = false }: Pick<PastOptions, 'json'>,
  print: (page: Page, value: Value) => string,
): number => {
  if (E.isLeft(found)) return tellStop(found.left, json);
  const page = { width: widthOf(process.stdout), paint: paintFor(process.stdout, process.env) };
  if (json) printJson(found.right);
  else process.stdout.write(`${print(page, found.right)}\n`);
  return exitCodes.done;
};
