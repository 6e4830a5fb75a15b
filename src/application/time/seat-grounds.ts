/** What last made each thing on a seat as it is. */
import type { EmailAddress } from '../../values/email-address';
import type { RequestId, UserId } from '../../values/ids';
import type { LedgerEvent } from '../decode-event';
import { absent, found, type Grounds, last, none, orElse, said, together } from './grounds';
import type { Past, PastBook, PastSeat, PastStream } from './past';

const sameAddress =
  (canonical: string) =>
  ({ address }: { readonly address: EmailAddress }): boolean =>
    address.canonical === canonical;

const sameRequest =
  (requestId: RequestId) =>
  (data: { readonly requestId: RequestId }): boolean =>
    data.requestId === requestId;

export const registered = (seat: PastSeat): Grounds =>
  orElse(found(last(seat, ['SeatRegistered'])), absent(seat, 'SeatRegistered'));

/** The login that the account has. */
export const login = (seat: PastSeat): Grounds =>
  orElse(found(last(seat, ['SeatRegistered', 'AccountEmailChanged'])), registered(seat));

export const profile = (seat: PastSeat): Grounds =>
  found(last(seat, ['SeatRegistered', 'ProfileChanged']));

export const lock = (seat: PastSeat): Grounds =>
  orElse(found(last(seat, ['SeatLocked', 'SeatUnlocked'])), absent(seat, 'SeatLocked'));

/** How the mailbox came to the seat, or left it. */
export const mailbox = (seat: PastSeat, canonical: string): Grounds =>
  orElse(
    found(last(seat, ['MailboxAdded', 'MailboxDeleted'], sameAddress(canonical))),
    absent(seat, 'MailboxAdded'),
  );

/** The mailbox, and its configuration if it has one. */
export const configured = (seat: PastSeat, canonical: string): Grounds => {
  const isConfigured = seat.state.mailboxes.get(canonical)?.use !== undefined;
  const configuration = isConfigured
    ? found(last(seat, ['MailboxConfigured'], sameAddress(canonical)))
    : absent(seat, 'MailboxConfigured');
  const hasMailbox = seat.state.mailboxes.has(canonical);
  return together(mailbox(seat, canonical), hasMailbox ? configuration : none);
};

const asking = ['MailboxAddRequested', 'MailboxDeleteRequested'] as const;
const answering = [
  'MailboxAddApproved',
  'MailboxAdded',
  'MailboxAddRejected',
  'MailboxAddAbandoned',
  'MailboxDeleteApproved',
  'MailboxDeleteRejected',
  'RequestWithdrawn',
] as const;

/** How the request was made. */
export const asked = (seat: PastSeat, requestId: RequestId): Grounds =>
  orElse(found(last(seat, asking, sameRequest(requestId))), absent(seat, ...asking));

/** How the request was made, and what has come of it so far. */
export const request = (seat: PastSeat, requestId: RequestId): Grounds => {
  const known = seat.state.requests.get(requestId);
  if (known === undefined) return asked(seat, requestId);
  const answered = last(seat, answering, sameRequest(requestId));
  // A request to delete is also answered by whoever else had the mailbox deleted.
  const deleted =
    known.kind === 'delete' && known.status === 'fulfilled'
      ? last(seat, ['MailboxDeleted'], sameAddress(known.address.canonical))
      : undefined;
  return together(asked(seat, requestId), found(answered, deleted));
};

/** The last contract, under which limits are granted and shared addresses permitted. */
export const contract = ({ stream, events }: Past['organization']): Grounds =>
  orElse(
    found(events.findLast(({ type }) => type === 'ContractSet')),
    absent({ stream }, 'ContractSet'),
  );

/** P2: what sets the limit in force for a user. */
const limit = ({ events, stream }: Past['organization'], userId: UserId): Grounds => {
  const granted = events.findLast(
    (event) => event.type === 'MailboxLimitGranted' && event.data.userId === userId,
  );
  const general = orElse(
    found(events.findLast(({ type }) => type === 'ContractSet')),
    absent({ stream }, 'ContractSet', 'MailboxLimitGranted'),
  );
  return granted === undefined ? general : found(granted);
};

/** P1: the mailboxes held, the approvals that reserve one more, and the limit in force. */
export const slots = ({ target, organization }: Past): Grounds => {
  const { mailboxes, requests } = target.state;
  const held = [...mailboxes.keys()].map((canonical) =>
    last(target, ['MailboxAdded'], sameAddress(canonical)),
  );
  const reserved = [...requests]
    .filter(([, { kind, status }]) => kind === 'add' && status === 'approved')
    .map(([requestId]) => last(target, ['MailboxAddApproved'], sameRequest(requestId)));
  return together(found(...held, ...reserved), limit(organization, target.userId));
};

const lastClaim = ({ events }: PastStream<LedgerEvent>): Grounds => found(events.at(-1));

/** P3, P36: whose login the address is. */
export const loginHolder = (book: PastBook | undefined): Grounds => {
  // What was named is no address, so it is nobody's.
  if (book === undefined) return said('address');
  const { holder } = book;
  return holder === undefined
    ? orElse(lastClaim(book), absent(book, 'AddressClaimed'))
    : together(lastClaim(book), login(holder));
};

/** P21, P22, P24: on which other seat the address sits, and what was permitted there. */
export const mailboxHolder = ({ mailbox: book, target, command }: Past): Grounds => {
  if (book === undefined) return none;
  const { holder, state } = book;
  const canonical = state.claim?.address.canonical;
  if (holder === undefined || canonical === undefined || holder.userId === target.userId) {
    return orElse(lastClaim(book), absent(book, 'AddressClaimed'));
  }
  const permission =
    'requestId' in command
      ? last(
          holder,
          ['DeletePermissionGranted', 'DeletePermissionRevoked'],
          (data) =>
            data.toUserId === target.userId &&
            data.requestId === command.requestId &&
            data.address.canonical === canonical,
        )
      : undefined;
  const locked = holder.state.locked ? lock(holder) : none;
  return together(mailbox(holder, canonical), locked, found(permission));
};
