/** What would have been decided otherwise under another policy, and what would have followed from that. */
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { mayRead } from '../../authorization';
import type { Organization } from '../../organization';
import type { Command } from '../../commands';
import type { Outcome, Plan, States } from '../../processes';
import type { CommandId, OrgId } from '../../values/ids';
import { closed, wholeNumber } from '../../values/codec';
import { parseAddress } from '../../values/email-address';
import { type Actor, Principal } from '../../values/principal';
import type { Timestamp } from '../../values/timestamp';
import type { LedgerEvent } from '../decode-event';
import { type Failure, invalidInput } from '../failures';
import { read } from '../input';
import { commandKey } from '../one-append';
import type { Refused } from '../outcome';
import type { EventStore } from '../ports';
import { readProgress } from '../reading-options';
import {
  type Decided,
  decisionOf,
  isAsDecided,
  type Scope,
  type ToldDecision,
  toldDecision,
} from './decision';
import { decideOn, entangledIn, type RecordedIssue, throughLog } from './redecide';
import { type Terms, termsAsRecorded, World } from './world';

/** What is other about a policy; what is left out stays as it is. */
export interface OtherPolicy {
  /** P1: mailboxes a user may hold where no contract says otherwise. */
  readonly mailboxLimit?: number;
  /** Let `mailboxLimit`, which it needs, hold for everybody, whatever contracts and grants say. */
  readonly overridesContracts?: boolean;
  /** P6: shared addresses that are permitted besides those of the contract. */
  readonly permittedSharedAddresses?: ReadonlyArray<string>;
}

/** A decision that would have been another one. Plain JSON. */
export interface Difference {
  readonly commandId: CommandId;
  readonly commandType: Command['type'];
  /** The seat concerned; `null` for what concerns the organization. */
  readonly userId: string | null;
  readonly actor: Actor;
  readonly at: Timestamp;
  /** Decimal. */
  readonly position: string;
  readonly decided: ToldDecision;
  readonly wouldBe: ToldDecision;
  /** `policy`: the other policy decides otherwise. `consequence`: only because an earlier decision differs. */
  readonly because: 'policy' | 'consequence';
}

export interface WhatIf {
  /** What was asked about. */
  readonly policy: OtherPolicy;
  /**
   * What the contract allows now, and the position from which on there has been one, which is decimal.
   * From there on a `mailboxLimit` applies only with `overridesContracts`.
   */
  readonly contract: { readonly mailboxLimit: number; readonly since: string } | null;
  /** In the order of the log. */
  readonly differences: ReadonlyArray<Difference>;
  /** Commands that were decided again. */
  readonly commands: number;
  /**
   * Commands that cannot be judged alone, on a store that appends to one stream at a time: begun by one
   * process and given up by another, or answered on streams that had moved before the answer was written.
   * What is recorded of them was taken as it is.
   */
  readonly notCompared: ReadonlyArray<string>;
  /** Positions of decisions that the policy in force does not bear out either: see `verify`. */
  readonly unexplained: ReadonlyArray<string>;
}

const OtherPolicyInput = closed(
  {},
  {
    mailboxLimit: wholeNumber(0, 1_000),
    overridesContracts: t.boolean,
    permittedSharedAddresses: t.readonlyArray(t.string),
  },
);

/** The terms under another policy, or why it cannot be read. */
const termsUnder = ({
  mailboxLimit,
  overridesContracts = false,
  permittedSharedAddresses = [],
}: t.TypeOf<typeof OtherPolicyInput>): E.Either<Failure, Terms> => {
  if (overridesContracts && mailboxLimit === undefined) {
    const expected = 'a limit to hold in place of the contracts, which overridesContracts needs';
    return E.left(invalidInput('query', [{ path: 'mailboxLimit', expected, got: 'nothing' }]));
  }
  const permitted: Array<string> = [];
  for (const typed of permittedSharedAddresses) {
    const parsed = parseAddress(typed);
    if (E.isLeft(parsed)) {
      const path = 'permittedSharedAddresses';
      return E.left(invalidInput('query', [{ path, expected: 'addresses', got: typed }]));
    }
    permitted.push(parsed.right.canonical);
  }
  return E.right((recorded: Organization): Organization => {
    const isOther = mailboxLimit !== undefined && (overridesContracts || !recorded.hasContract);
    return {
      ...recorded,
      mailboxLimit: isOther ? mailboxLimit : recorded.mailboxLimit,
      grants: isOther && overridesContracts ? new Map() : recorded.grants,
      permittedSharedAddresses: new Set([...recorded.permittedSharedAddresses, ...permitted]),
    };
  });
};

const isStale = (outcome: Outcome | undefined): boolean =>
  outcome !== undefined &&
  E.isLeft(outcome) &&
  outcome.left.some(({ type }) => type === 'ImpactChanged');

/**
 * Decides in a world that has gone another way. There a seat is at another revision than the one at which
 * its loss was shown: what was acknowledged is judged by what it names.
 */
const decideElsewhere = async (states: States<never>, issue: RecordedIssue['issue']) => {
  const outcome = await decideOn(states, issue);
  const { principal, command } = issue;
  if (!isStale(outcome) || !('impact' in command)) return outcome;
  const { revision } = command.impact;
  const asked = { ...command, impact: { ...command.impact, revision: '0' } };
  const again = await decideOn(states, { principal, command: asked });
  return again === undefined || E.isLeft(again)
    ? again
    : E.right(JSON.parse(JSON.stringify(again.right), shownAt(revision)) as Plan);
};

/** Puts the revision back at which a loss was shown. */
const shownAt =
  (revision: string) =>
  (key: string, value: unknown): unknown =>
    key === 'acknowledged' && typeof value === 'object' ? { ...value, revision } : value;

class Comparison {
  private readonly recorded: World;
  private readonly other: World;
  /** Commands that went another way in the other world: what is recorded of them did not happen there. */
  private readonly diverted = new Set<string>();
  private readonly scope: Scope;
  readonly differences: Array<Difference> = [];
  readonly notCompared = new Set<string>();
  readonly unexplained: Array<string> = [];
  contract: WhatIf['contract'] = null;
  commands = 0;

  constructor(
    private readonly terms: Terms,
    { atomicity }: EventStore,
  ) {
    this.recorded = new World(atomicity);
    this.other = new World(atomicity);
    // A refusal for the same reasons is the same decision, whatever its figures are.
    this.scope = { inParts: atomicity === 'oneStream', toTheLetter: false };
  }

  takeFacts(events: ReadonlyArray<LedgerEvent>): void {
    this.takeAsRecorded(events);
    for (const event of events) {
      if (!this.diverted.has(commandKey(event))) this.other.take(event);
    }
  }

  async takeCommand(recorded: RecordedIssue): Promise<void> {
    const { issue, first, events, decision, isEntangled, isUnguarded } = recorded;
    if (isEntangled || (isUnguarded && !(await this.isInForce(issue, decision)))) {
      this.notCompared.add(issue.command.commandId);
      this.takeFacts(events);
      return;
    }
    this.commands += 1;
    const { command } = issue;
    const terms = this.termsFor(command);
    const here = decisionOf(await decideOn(this.recorded.states(terms), issue));
    const outcome = await decideElsewhere(this.other.states(terms), issue);
    const there = decisionOf(outcome);
    if (outcome === undefined || there.type === 'contradicted') {
      this.notCompared.add(command.commandId);
      this.takeFacts(events);
      return;
    }
    const isSameHere = isAsDecided(decision, here, this.scope);
    if (!isSameHere && !(await this.isInForce(issue, decision))) {
      this.unexplained.push(String(first.position));
    }
    this.takeAsRecorded(events);
    if (isAsDecided(decision, there, this.scope)) {
      for (const event of events) this.other.take(event);
      return;
    }
    this.diverted.add(commandKey(first));
    if (E.isRight(outcome)) this.other.takePlan(outcome.right);
    this.differences.push({
      commandId: command.commandId,
      commandType: command.type,
      userId: 'userId' in command ? command.userId : null,
      actor: first.metadata.actor,
      at: first.metadata.at,
      position: String(first.position),
      decided: toldDecision(decision),
      wouldBe: toldDecision(there),
      because: isSameHere ? 'consequence' : 'policy',
    });
  }

  private takeAsRecorded(events: ReadonlyArray<LedgerEvent>): void {
    for (const event of events) {
      this.recorded.take(event);
      if (event.streamKind !== 'organization') continue;
      const { hasContract, mailboxLimit } = this.recorded.termsOnRecord();
      const since = this.contract?.since ?? String(event.position);
      if (hasContract) this.contract = { mailboxLimit, since };
    }
  }

  /** A contract is set as it was set: what is other is how it counts. */
  private termsFor({ type }: Command): Terms {
    return type === 'SetContract' || type === 'GrantMailboxLimit' ? termsAsRecorded : this.terms;
  }

  /** Whether a decision is what the policy in force says of what was recorded before. */
  private async isInForce(issue: RecordedIssue['issue'], decision: Decided): Promise<boolean> {
    const inForce = decisionOf(await decideOn(this.recorded.states(termsAsRecorded), issue));
    return isAsDecided(decision, inForce, this.scope);
  }
}

/** Decides everything that an organization was asked again, under another policy. Writes nothing. */
const whatIf = async (
  store: EventStore,
  orgId: OrgId,
  { policy, terms }: { readonly policy: OtherPolicy; readonly terms: Terms },
  onProgress: (position: bigint) => void,
): Promise<E.Either<Failure, WhatIf>> => {
  const entangled = await entangledIn(store);
  if (E.isLeft(entangled)) return entangled;
  const comparison = new Comparison(terms, store);
  const read = await throughLog(store, entangled.right, {
    facts: (of, events) => {
      if (of === orgId) comparison.takeFacts(events);
    },
    command: async (recorded) => {
      if (recorded.orgId === orgId) await comparison.takeCommand(recorded);
    },
    progress: onProgress,
  });
  if (E.isLeft(read)) return read;
  const { contract, differences, commands, notCompared, unexplained } = comparison;
  return E.right({
    policy,
    contract,
    differences,
    commands,
    notCompared: [...notCompared],
    unexplained,
  });
};

/** {@link whatIf} for whoever may read the whole organization. */
export const askWhatIf = async (
  store: EventStore,
  principal: unknown,
  policy: unknown,
  options: unknown,
): Promise<E.Either<Refused | Failure, WhatIf>> => {
  const who = read('principal', Principal, principal);
  if (E.isLeft(who)) return who;
  const which = read('query', OtherPolicyInput, policy);
  if (E.isLeft(which)) return which;
  if (!mayRead(who.right, undefined)) {
    const rejections = [{ type: 'NotOwnSeat' as const }] as const;
    return E.left({
      type: 'Refused',
      commandId: null,
      rejections: [...rejections],
      position: null,
    });
  }
  const terms = termsUnder(which.right);
  if (E.isLeft(terms)) return terms;
  const progress = readProgress(options);
  if (E.isLeft(progress)) return progress;
  return whatIf(
    store,
    who.right.orgId,
    { policy: which.right, terms: terms.right },
    progress.right,
  );
};
