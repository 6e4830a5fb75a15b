/** How a seat's story comes of the facts in its own stream. */
import { shortened } from '../values/codec';
import type { RequestId } from '../values/ids';
import type { Outcome, Permission, RequestSpan, SeatFact, SeatStory } from './seat-story';

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
  { position, data, metadata }: Extract<SeatFact, { type: 'MailboxDeleted' }>,
): void => {
  const { canonical } = data.address;
  const { at, actor: by } = metadata;
  const end = {
    position,
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
    position: fact.position,
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
