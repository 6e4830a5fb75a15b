/** What the protocol remembers of a stream, beyond the state that the rules read. */
import * as E from 'fp-ts/lib/Either.js';
import { Map, Set } from 'immutable';
import type { AddressEvent } from '../../address';
import type { OrganizationEvent } from '../../organization';
import { Impact, permissionKey, type SeatEvent } from '../../seat';
import type { EventMetadata } from '../../stored-event';
import type { CommandId, RequestId, UserId } from '../../values/ids';

/** Where a command first wrote to the stream, and what tells it from another with the same id. */
export interface Written {
  readonly revision: bigint;
  readonly fingerprint: string;
}

/** An approval that is neither a mailbox nor abandoned yet. */
export interface Approval {
  /** Who approved, when and by which command: whoever finishes it writes in that name. */
  readonly by: EventMetadata;
  readonly releaseVerification: string | undefined;
  /** What may be lost with it; `undefined` where it does not say, as in logs of older releases. */
  readonly acknowledged: { readonly impact: Impact | undefined } | undefined;
}

/** A mailbox that left this seat for another seat's request. */
export interface Surrendered {
  readonly toUserId: UserId;
  readonly requestId: RequestId;
}

export type Handover = Extract<SeatEvent, { type: 'ProspectsReassigned' }>['data'];

export interface Trace {
  readonly commands: Map<CommandId, Written>;
  readonly approvals: Map<RequestId, Approval>;
  /** Those that were given up: why, is told when somebody asks. */
  readonly abandoned: Map<RequestId, Approval>;
  /** By {@link permissionKey}: what the protocol has withheld from a request, which is about to be given up. */
  readonly withheld: Set<string>;
  /** By canonical address: the command that deleted the last mailbox there, on the seat's own request. */
  readonly deletions: Map<string, CommandId>;
  /** By canonical address. */
  readonly surrendered: Map<string, Surrendered>;
  /** Prospects that left this seat for another, by {@link handoverKey}. */
  readonly handovers: Map<string, ReadonlyArray<Handover>>;
  /** Handovers that stand on this seat, by {@link handoverKey}. */
  readonly arrivals: Set<string>;
  /** By canonical login: how many of the claims it has had can no longer be used by this seat. */
  readonly abandonedLogins: Map<string, number>;
}

/** A command id alone may be used for something else, on another seat. */
export const handoverKey = ({ commandId, fingerprint }: EventMetadata): string =>
  `${commandId} ${fingerprint}`;

/** Whether both were written for one command, and not for two that took the same id. */
export const isSameCommand = (one: EventMetadata, other: EventMetadata): boolean =>
  one.commandId === other.commandId && one.fingerprint === other.fingerprint;

export const noTrace: Trace = {
  commands: Map(),
  approvals: Map(),
  abandoned: Map(),
  withheld: Set(),
  deletions: Map(),
  arrivals: Set(),
  surrendered: Map(),
  handovers: Map(),
  abandonedLogins: Map(),
};

/** The id that the protocol writes under when it cleans up after others. */
export const HOUSEKEEPING = 'seatledger-recovery' as CommandId;

export type Fact = SeatEvent | AddressEvent | OrganizationEvent;

/** One event with what the trace reads of its envelope. */
export type TracedFact = Fact & {
  readonly metadata: EventMetadata;
  readonly revision: bigint;
};

/**
 * In the name of whoever did something, for what follows from it: the command itself stands with its
 * first event only.
 */
export const inNameOf = (metadata: EventMetadata): EventMetadata => {
  const by = { ...metadata };
  delete by.issued;
  return by;
};

/** Whether this very command, and no other with its id, was the first to write to the stream under the id. */
export const hasWritten = (
  { commands }: Trace,
  { commandId, fingerprint }: EventMetadata,
): boolean => commands.get(commandId)?.fingerprint === fingerprint;

const acknowledgedIn = ({ issued }: EventMetadata): Approval['acknowledged'] => {
  if (issued === undefined) return undefined;
  const { impact } = issued.command;
  if (impact === undefined) return { impact: undefined };
  const shown = Impact.decode(impact);
  return E.isRight(shown) ? { impact: shown.right } : undefined;
};

const withCommand = (trace: Trace, { metadata, revision }: TracedFact): Trace => {
  const { commandId, fingerprint } = metadata;
  return commandId === HOUSEKEEPING || trace.commands.has(commandId)
    ? trace
    : { ...trace, commands: trace.commands.set(commandId, { revision, fingerprint }) };
};

const withFact = (trace: Trace, fact: TracedFact): Trace => {
  switch (fact.type) {
    case 'MailboxAddApproved': {
      const { requestId, releaseVerification } = fact.data;
      const by = inNameOf(fact.metadata);
      const approval = { by, releaseVerification, acknowledged: acknowledgedIn(fact.metadata) };
      return { ...trace, approvals: trace.approvals.set(requestId, approval) };
    }
    case 'MailboxAddAbandoned': {
      const { requestId } = fact.data;
      const approval = trace.approvals.get(requestId);
      const approvals = trace.approvals.delete(requestId);
      return approval === undefined
        ? { ...trace, approvals }
        : { ...trace, approvals, abandoned: trace.abandoned.set(requestId, approval) };
    }
    case 'MailboxAdded': {
      const { requestId, address } = fact.data;
      return {
        ...trace,
        approvals: trace.approvals.delete(requestId),
        surrendered: trace.surrendered.delete(address.canonical),
      };
    }
    case 'MailboxDeleted': {
      const { movedTo: toUserId, requestId, address } = fact.data;
      if (toUserId === undefined) {
        const deletions = trace.deletions.set(address.canonical, fact.metadata.commandId);
        return { ...trace, deletions };
      }
      const surrendered = trace.surrendered.set(address.canonical, { toUserId, requestId });
      return { ...trace, surrendered };
    }
    case 'ProspectsReassigned': {
      const key = handoverKey(fact.metadata);
      if (fact.data.fromUserId === fact.data.toUserId) return trace;
      const soFar = trace.handovers.get(key) ?? [];
      return {
        ...trace,
        handovers: trace.handovers.set(key, [...soFar, fact.data]),
        arrivals: trace.arrivals.add(key),
      };
    }
    case 'DeletePermissionRevoked': {
      if (fact.metadata.commandId !== HOUSEKEEPING) return trace;
      const { address, toUserId, requestId } = fact.data;
      const withheld = trace.withheld.add(permissionKey(address, toUserId, requestId));
      return { ...trace, withheld };
    }
    case 'AccountEmailAbandoned': {
      const { accountEmail, holding } = fact.data;
      const abandonedLogins = trace.abandonedLogins.set(accountEmail.canonical, holding);
      return { ...trace, abandonedLogins };
    }
    default:
      return trace;
  }
};

/** Takes one event of the stream in. */
export const traced = (trace: Trace, fact: TracedFact): Trace =>
  withFact(withCommand(trace, fact), fact);
