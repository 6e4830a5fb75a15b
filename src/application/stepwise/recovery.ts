/**
 * Finishes what a dead process left half done. Reads the log once, notes what has begun and not ended,
 * and takes the same steps that the dead process would have taken, or that make it too late for it.
 */
import * as E from 'fp-ts/lib/Either.js';
import { handoverKey, inNameOf, type InTransit, type Task } from '../../processes';
import type { EventMetadata } from '../../stored-event';
import type { EmailAddress } from '../../values/email-address';
import type { OrgId, RequestId, UserId } from '../../values/ids';
import { decodeWhole, type LedgerEvent } from '../decode-event';
import type { Engine } from '../engine';
import type { Failure } from '../failures';
import { Continuity, storedPages } from '../log-pages';
import { carryOut } from './carry-out';

/** What a recovery found. */
export interface Recovery {
  readonly eventsRead: number;
  /** Claims, approvals and handovers that had begun and not ended. */
  readonly unfinished: number;
  /** Appends that finishing them took. */
  readonly appended: number;
  /** What could not be read or finished: the rest was. */
  readonly failures: ReadonlyArray<Failure>;
}

/** What stands open in one organization, as the log is read. */
class OpenEnds {
  private readonly claims = new Map<
    string,
    { readonly book: 'mailbox' | 'login'; readonly address: EmailAddress; readonly userId: UserId }
  >();
  private readonly mailboxes = new Map<string, UserId>();
  private readonly logins = new Map<UserId, string>();
  private readonly approvals = new Map<
    string,
    { readonly userId: UserId; readonly requestId: RequestId }
  >();
  private readonly handovers = new Map<string, InTransit>();

  take(event: LedgerEvent): void {
    const { stream, streamKind } = event;
    switch (event.type) {
      case 'AddressClaimed': {
        const { address, userId } = event.data;
        const book = streamKind === 'account' ? 'login' : 'mailbox';
        this.claims.set(stream, { book, address, userId });
        return;
      }
      case 'AddressReleased':
        this.claims.delete(stream);
        return;
      case 'SeatRegistered':
      case 'AccountEmailChanged':
        this.logins.set(event.data.userId, event.data.accountEmail.canonical);
        return;
      case 'MailboxAddApproved': {
        const { userId, requestId } = event.data;
        this.approvals.set(`${userId} ${requestId}`, { userId, requestId });
        return;
      }
      case 'MailboxAddAbandoned':
        this.approvals.delete(`${event.data.userId} ${event.data.requestId}`);
        return;
      case 'MailboxAdded': {
        const { userId, requestId, address } = event.data;
        this.approvals.delete(`${userId} ${requestId}`);
        this.mailboxes.set(address.canonical, userId);
        return;
      }
      case 'MailboxDeleted':
        this.mailboxes.delete(event.data.address.canonical);
        return;
      case 'ProspectsReassigned':
        this.takeHandover(event);
        return;
      default:
    }
  }

  tasks(housekeeping: EventMetadata): ReadonlyArray<Task> {
    const approvals = [...this.approvals.values()].map((approved): Task => ({
      type: 'approval',
      approved,
      housekeeping,
    }));
    const claims = [...this.claims.values()]
      .filter(({ book, address, userId }) =>
        book === 'mailbox'
          ? this.mailboxes.get(address.canonical) !== userId
          : this.logins.get(userId) !== address.canonical,
      )
      .map(({ book, address }): Task => ({ type: book, address, housekeeping }));
    const handovers = [...this.handovers.values()].map((inTransit): Task => ({
      type: 'handover',
      inTransit,
    }));
    return [...approvals, ...handovers, ...claims];
  }

  /** It stands on both seats, first on the one that the prospects leave. */
  private takeHandover({
    data,
    stream,
    metadata: by,
  }: Extract<LedgerEvent, { type: 'ProspectsReassigned' }>): void {
    const { fromUserId, toUserId } = data;
    const hasArrived = stream.endsWith(`.${toUserId}`);
    const key = handoverKey(by);
    if (hasArrived) this.handovers.delete(key);
    else this.handovers.set(key, { fromUserId, toUserId, by: inNameOf(by) });
  }
}

/** Runs until the log has been read and everything that was open is finished, or somebody says stop. */
export const recover = async (
  engine: Engine,
  housekeeping: EventMetadata,
  isStopped: () => boolean = () => false,
): Promise<E.Either<Failure, Recovery>> => {
  if (engine.store.atomicity === 'anyStreams') {
    return E.right({ eventsRead: 0, unfinished: 0, appended: 0, failures: [] });
  }
  const organizations = new Map<OrgId, OpenEnds>();
  const failures: Array<Failure> = [];
  const continuity = new Continuity(engine.store);
  let eventsRead = 0;
  for await (const page of storedPages(engine.store)) {
    if (isStopped()) break;
    if (E.isLeft(page)) return page;
    for (const event of page.right) {
      const missing = continuity.take(event);
      if (missing !== undefined) failures.push(missing);
      const decoded = decodeWhole(event);
      if (E.isLeft(decoded)) {
        failures.push(decoded.left);
        continue;
      }
      const { orgId } = decoded.right;
      if (orgId === undefined) continue;
      const known = organizations.get(orgId);
      const ends = known ?? new OpenEnds();
      if (known === undefined) organizations.set(orgId, ends);
      ends.take(decoded.right);
    }
    eventsRead += page.right.length;
  }

  let unfinished = 0;
  let appended = 0;
  for (const [orgId, ends] of organizations) {
    for (const task of ends.tasks(housekeeping)) {
      if (isStopped()) break;
      const carried = await carryOut(engine, orgId, task);
      if (E.isLeft(carried)) {
        failures.push(carried.left);
        continue;
      }
      const { length } = carried.right.done;
      appended += length;
      if (length > 0) unfinished += 1;
    }
  }
  return E.right({ eventsRead, unfinished, appended, failures });
};
