/** What happened on one seat, as far as it is drawn: a fold of the seat's own stream. */
import type { SeatEvent } from '../seat/events';
import type { Recorded } from '../stored-event';
import { shortened } from '../values/codec';
import type { RequestId, UserId } from '../values/ids';
import type { Actor } from '../values/principal';
import type { Timestamp } from '../values/timestamp';

export type Outcome = 'open' | 'fulfilled' | 'rejected' | 'withdrawn' | 'abandoned';

/** A request from the moment it was asked to its answer. */
export interface RequestSpan {
  readonly requestId: RequestId;
  readonly kind: 'add' | 'delete';
  readonly address: string;
  readonly canonical: string;
  readonly askedAt: Timestamp;
  readonly askedBy: Actor;
  readonly approval: {
    readonly at: Timestamp;
    readonly by: Actor;
    readonly evidence: string;
  } | null;
  readonly outcome: Outcome;
  readonly closing: { readonly at: Timestamp; readonly by: Actor; readonly reason: string } | null;
}

/** What left with a mailbox. */
export interface Losses {
  readonly drafts: number;
  readonly scheduled: number;
  readonly stopped: number;
}

/** A mailbox from the moment it was added to its end. */
export interface Holding {
  readonly address: string;
  readonly canonical: string;
  readonly from: Timestamp;
  readonly movedFrom: UserId | null;
  readonly configured: { readonly at: Timestamp; readonly use: string } | null;
  readonly end:
    | (Losses & { readonly at: Timestamp; readonly by: Actor; readonly movedTo: UserId | null })
    | null;
}

/** A time during which the seat was locked. */
export interface LockedSpell {
  readonly from: Timestamp;
  readonly to: Timestamp | null;
}

/** A holder's word on letting an address go (P24). */
export interface Permission {
  readonly at: Timestamp;
  readonly by: Actor;
  readonly standing: 'granted' | 'revoked';
  readonly address: string;
  readonly toUserId: UserId;
}

/** Prospects that had stopped went on: from this seat's mailbox, or from another seat's. */
export interface Recovery {
  readonly at: Timestamp;
  readonly by: Actor;
  readonly fromUserId: UserId;
  readonly toUserId: UserId;
  readonly address: string;
  readonly prospects: number;
  readonly skipped: number;
}

export interface SeatStory {
  readonly userId: UserId;
  readonly registeredAt: Timestamp;
  readonly requests: Array<RequestSpan>;
  readonly holdings: Array<Holding>;
  readonly locks: Array<LockedSpell>;
  readonly permissions: Array<Permission>;
  readonly recoveries: Array<Recovery>;
}

export type SeatFact = Recorded<SeatEvent>;

export const newStory = (userId: UserId, registeredAt: Timestamp): SeatStory => ({
  userId,
  registeredAt,
  requests: [],
  holdings: [],
  locks: [],
  permissions: [],
  recoveries: [],
});

/** Evidence and reasons may be long; the ledger keeps them whole. */
const MOST_OF_A_NOTE = 300;

const isOpen = ({ outcome }: RequestSpan): boolean => outcome === 'open';

/** Replaces the newest entry that fits. */
const amendLast = <Entry>(
  entries: Array<Entry>,
  fits: (entry: Entry) => boolean,
  amended: (entry: Entry) => Entry,
): void => {
  const index = entries.findLastIndex(fits);
  const entry = entries[index];
  if (entry !== undefined) entries[index] = amended(entry);
};

interface About {
  readonly data: { readonly requestId: RequestId };
  readonly metadata: SeatFact['metadata'];
}

const ask = (
  story: SeatStory,
  kind: RequestSpan['kind'],
  { data, metadata }: Extract<SeatFact, { type: `Mailbox${'Add' | 'Delete'}Requested` }>,
): void => {
  story.requests.push({
    requestId: data.requestId,
    kind,
    address: data.address.typed,
    canonical: data.address.canonical,
    askedAt: metadata.at,
    askedBy: data.requestedBy,
    approval: null,
    outcome: 'open',
    closing: null,
  });
};

const approve = (story: SeatStory, { data, metadata }: About, evidence: string): void => {
  const approval = {
    at: metadata.at,
    by: metadata.actor,
    evidence: shortened(evidence, MOST_OF_A_NOTE),
  };
  amendLast(
    story.requests,
    ({ requestId }) => requestId === data.requestId,
    (request) => ({ ...request, approval }),
  );
};

const close = (
  story: SeatStory,
  outcome: Exclude<Outcome, 'open'>,
  { data, metadata }: About,
  reason = '',
): void => {
  const closing = {
    at: metadata.at,
    by: metadata.actor,
    reason: shortened(reason, MOST_OF_A_NOTE),
  };
  amendLast(
    story.requests,
    ({ requestId }) => requestId === data.requestId,
    (request) => ({ ...request, outcome, closing }),
  );
};

const remove = (
  story: SeatStory,
  { data, metadata }: Extract<SeatFact, { type: 'MailboxDeleted' }>,
): void => {
  const { canonical } = data.address;
  const { at, actor: by } = metadata;
  const end = {
    at,
    by,
    movedTo: data.movedTo ?? null,
    drafts: data.draftsLost,
    scheduled: data.scheduledLost,
    stopped: data.sequencesStopped,
  };
  amendLast(
    story.holdings,
    (holding) => holding.canonical === canonical && holding.end === null,
    (holding) => ({ ...holding, end }),
  );
  // Whoever asked to delete it has got what they asked for, whichever request it served.
  for (const [index, request] of story.requests.entries()) {
    if (request.kind !== 'delete' || request.canonical !== canonical || !isOpen(request)) continue;
    story.requests[index] = { ...request, outcome: 'fulfilled', closing: { at, by, reason: '' } };
  }
};

const add = (story: SeatStory, fact: Extract<SeatFact, { type: 'MailboxAdded' }>): void => {
  const { address, movedFrom } = fact.data;
  close(story, 'fulfilled', fact);
  story.holdings.push({
    address: address.typed,
    canonical: address.canonical,
    from: fact.metadata.at,
    movedFrom: movedFrom ?? null,
    configured: null,
    end: null,
  });
};

const permit = (
  story: SeatStory,
  standing: Permission['standing'],
  { data, metadata }: Extract<SeatFact, { type: `DeletePermission${'Granted' | 'Revoked'}` }>,
): void => {
  story.permissions.push({
    at: metadata.at,
    by: metadata.actor,
    standing,
    address: data.address.typed,
    toUserId: data.toUserId,
  });
};

/** Takes in one event of the seat's own stream. Activity is not drawn, and leaves nothing. */
export const tell = (story: SeatStory, fact: SeatFact): void => {
  switch (fact.type) {
    case 'SeatLocked':
      story.locks.push({ from: fact.metadata.at, to: null });
      return;
    case 'SeatUnlocked': {
      const to = fact.metadata.at;
      amendLast(
        story.locks,
        (spell) => spell.to === null,
        (spell) => ({ ...spell, to }),
      );
      return;
    }
    case 'MailboxAddRequested':
      ask(story, 'add', fact);
      return;
    case 'MailboxDeleteRequested':
      ask(story, 'delete', fact);
      return;
    case 'MailboxAddApproved':
      approve(story, fact, fact.data.evidence);
      return;
    case 'MailboxDeleteApproved':
      approve(story, fact, '');
      return;
    case 'MailboxAdded':
      add(story, fact);
      return;
    case 'MailboxAddRejected':
    case 'MailboxDeleteRejected':
      close(story, 'rejected', fact, fact.data.reason);
      return;
    case 'MailboxAddAbandoned':
      close(story, 'abandoned', fact);
      return;
    case 'RequestWithdrawn':
      close(story, 'withdrawn', fact);
      return;
    case 'MailboxConfigured': {
      const { canonical } = fact.data.address;
      const configured = { at: fact.metadata.at, use: fact.data.use };
      amendLast(
        story.holdings,
        (holding) => holding.canonical === canonical && holding.end === null,
        (holding) => ({ ...holding, configured }),
      );
      return;
    }
    case 'MailboxDeleted':
      remove(story, fact);
      return;
    case 'DeletePermissionGranted':
      permit(story, 'granted', fact);
      return;
    case 'DeletePermissionRevoked':
      permit(story, 'revoked', fact);
      return;
    case 'ProspectsReassigned': {
      const { fromUserId, toUserId, address, reassigned, skipped } = fact.data;
      story.recoveries.push({
        at: fact.metadata.at,
        by: fact.metadata.actor,
        fromUserId,
        toUserId,
        address: address.typed,
        prospects: reassigned.length,
        skipped: skipped.length,
      });
      return;
    }
    case 'SeatRegistered':
    case 'AccountEmailChanged':
    case 'AccountEmailAbandoned':
    case 'ProfileChanged':
    case 'DraftsLost':
    case 'SequencesStopped':
    case 'MailingRecorded':
    case 'SequenceStateRecorded':
    case 'ProspectsTagged':
      return;
  }
};
