/**
 * Proves a log: it can be read, nothing is missing, every invariant holds, every decision is the policy's, and
 * what the store keeps beside its events is as they say.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { OrgId } from '../../values/ids';
import { POLICY_VERSION } from '../../values/policy';
import { Auditor, type Invariant } from '../audit';
import type { LedgerEvent } from '../decode-event';
import type { Failure } from '../failures';
import { type EventStore, MOST_MISFITS } from '../ports';
import { type Contradicted, type Decided, decisionOf, isAsDecided } from './decision';
import { type Misgiven, misgiven } from './given';
import { decideOn, entangledIn, type RecordedIssue, throughLog } from './redecide';
import { Unexplained } from './unexplained';
import { termsAsRecorded, World } from './world';

const UNKNOWN = 'unknown';

/** Something that must not be so. Plain JSON. */
export interface Finding {
  /**
   * `decided`: the policy decides otherwise. `asGiven`: the recorded command is not the one that was given,
   * or an event names another giver, time or policy than its command. `unexplained`: no command on record
   * says why the event is there. `misfit`: what the store keeps beside its events, and relies on when it
   * appends, is not as they say.
   */
  readonly kind: Invariant | 'decided' | 'asGiven' | 'unexplained' | 'misfit';
  /** Where it shows first, decimal; `unknown` for what is about no event. */
  readonly position: string;
  readonly detail: string;
}

export interface Verified {
  readonly events: number;
  readonly commands: number;
  readonly organizations: ReadonlyArray<OrgId>;
  /** Position of the last event that was read. */
  readonly position: string;
  /** By position; none for a sound log. */
  readonly findings: ReadonlyArray<Finding>;
  /**
   * Events of which no command on record can be read. Nobody is known to have asked for them: none but a
   * claim that its writer did not live to use may be there without being found.
   */
  readonly unexplained: number;
  /**
   * Commands that cannot be decided again alone: finished or given up by others' appends, or answered on
   * streams that had moved before the answer was written. Only a store that appends to one stream at a
   * time has them.
   */
  readonly notCompared: ReadonlyArray<string>;
  /** An event is missing or could not be read, which ended the proof: nothing after it was looked at. */
  readonly endedEarly: boolean;
}

const told = (decision: Decided | Contradicted, inWhole: boolean): string => {
  switch (decision.type) {
    case 'contradicted':
      return 'nothing, for what is recorded before it contradicts itself';
    case 'accepted':
      return `yes, with ${decision.events
        .map((event) => (inWhole ? JSON.stringify(event) : event.type))
        .join(', ')}`;
    case 'alreadySo':
      return 'that it was already so';
    case 'refused':
      return `no: ${decision.rejections
        .map((rejection) => (inWhole ? JSON.stringify(rejection) : rejection.type))
        .join(', ')}`;
  }
};

/** Decides each command again on what is recorded before it. */
class Redeciding {
  readonly findings: Array<Finding> = [];
  readonly notCompared = new Set<string>();
  readonly worlds = new Map<OrgId, World>();
  readonly unexplained: Unexplained;
  commands = 0;

  constructor(private readonly store: EventStore) {
    this.unexplained = new Unexplained(store.atomicity);
  }

  worldOf(orgId: OrgId): World {
    const known = this.worlds.get(orgId);
    if (known !== undefined) return known;
    const world = new World(this.store.atomicity);
    this.worlds.set(orgId, world);
    return world;
  }

  async take(recorded: RecordedIssue): Promise<void> {
    const { orgId, issue, first, events, isEntangled, isUnguarded } = recorded;
    const world = this.worldOf(orgId);
    this.findGiven([...this.unexplained.command(recorded), ...misgiven(recorded)]);
    const difference = isEntangled
      ? undefined
      : this.difference(recorded, decisionOf(await decideOn(world.states(termsAsRecorded), issue)));
    if (isEntangled || (isUnguarded && difference !== undefined)) {
      this.notCompared.add(issue.command.commandId);
    } else {
      this.commands += 1;
      if (difference !== undefined) this.find('decided', first.position, difference);
    }
    for (const event of events) world.take(event);
  }

  facts(orgId: OrgId, events: ReadonlyArray<LedgerEvent>): void {
    const world = this.worldOf(orgId);
    for (const event of events) world.take(event);
    this.findGiven(this.unexplained.facts(events));
  }

  /** The log is at its end: what has no command by now will have none. */
  end(): void {
    for (const { position, detail } of this.unexplained.found()) {
      this.find('unexplained', position, detail);
    }
  }

  private findGiven(misgivings: ReadonlyArray<Misgiven>): void {
    for (const { position, detail } of misgivings) this.find('asGiven', position, detail);
  }

  /** What is otherwise in a decision than the policy says; `undefined` where nothing is. */
  private difference(
    { issue, first, decision }: RecordedIssue,
    again: Decided | Contradicted,
  ): string | undefined {
    const inParts = this.store.atomicity === 'oneStream';
    const { type, commandId } = issue.command;
    // Another policy may have told more, or less, with the same reason.
    const toTheLetter = first.metadata.policyVersion === POLICY_VERSION;
    if (isAsDecided(decision, again, { inParts, toTheLetter })) return undefined;
    const [was, is] = [told(decision, false), told(again, false)];
    // The same in short is different in some field: then all of them are told.
    return was === is
      ? `${type} ${commandId} was told ${told(decision, true)}; the policy says ${told(again, true)}`
      : `${type} ${commandId} was told ${was}; the policy says ${is}`;
  }

  private find(kind: Finding['kind'], position: bigint, detail: string): void {
    this.findings.push({ kind, position: String(position), detail });
  }
}

/** What the store keeps beside its events and they contradict. */
const misfitsIn = async (store: EventStore): Promise<E.Either<Failure, ReadonlyArray<Finding>>> => {
  if (store.inspect === undefined) return E.right([]);
  const misfits = await store.inspect();
  if (E.isLeft(misfits)) return misfits;
  const findings = misfits.right.slice(0, MOST_MISFITS).map(({ position, detail }): Finding => ({
    kind: 'misfit',
    position: position === undefined ? UNKNOWN : String(position),
    detail,
  }));
  if (misfits.right.length <= MOST_MISFITS) return E.right(findings);
  return E.right([
    ...findings,
    { kind: 'misfit', position: UNKNOWN, detail: 'there are more of these, which are not told' },
  ]);
};

/** What has no position comes last. */
const byPosition = (one: Finding, other: Finding): number => {
  if (one.position === UNKNOWN || other.position === UNKNOWN) {
    return Number(one.position === UNKNOWN) - Number(other.position === UNKNOWN);
  }
  return Number(BigInt(one.position) - BigInt(other.position));
};

/** Reads everything that the store holds and proves it. Writes nothing; memory grows with the seats. */
export const verify = async (
  store: EventStore,
  onProgress: (position: bigint) => void,
): Promise<E.Either<Failure, Verified>> => {
  const entangled = await entangledIn(store);
  if (E.isLeft(entangled)) return entangled;
  const auditor = new Auditor(store);
  const redeciding = new Redeciding(store);
  let events = 0;
  let position = -1n;
  const read = await throughLog(store, entangled.right, {
    stored: (event) => {
      auditor.takeAny(event);
      events += 1;
      position = event.position;
    },
    facts: (orgId, facts) => {
      redeciding.facts(orgId, facts);
    },
    command: (recorded) => redeciding.take(recorded),
    progress: onProgress,
  });
  const endedEarly = E.isLeft(read) && read.left.type === 'UndecodableEvent';
  if (E.isLeft(read) && !endedEarly) return read;
  if (!endedEarly) auditor.end();
  redeciding.end();
  const misfits = endedEarly ? E.right([]) : await misfitsIn(store);
  if (E.isLeft(misfits)) return misfits;
  const findings = [
    ...auditor.violations.map(({ invariant, position: at, detail }) => ({
      kind: invariant,
      position: at,
      detail,
    })),
    ...redeciding.findings,
    ...misfits.right,
  ].sort(byPosition);
  return E.right({
    events,
    commands: redeciding.commands,
    organizations: [...redeciding.worlds.keys()].sort(),
    position: String(position),
    findings,
    unexplained: redeciding.unexplained.events,
    notCompared: [...redeciding.notCompared],
    endedEarly,
  });
};
