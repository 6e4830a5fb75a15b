/** Proves a log: it can be read, nothing is missing, every invariant holds, and every decision is the policy's. */
import * as E from 'fp-ts/lib/Either.js';
import type { OrgId } from '../../values/ids';
import { actorOf } from '../../values/principal';
import { Auditor, type Invariant } from '../audit';
import { fingerprint } from '../command-identity';
import type { Failure } from '../failures';
import type { EventStore } from '../ports';
import { type Decision, decisionOf, isAsDecided } from './decision';
import { decideOn, entangledIn, type RecordedIssue, throughLog } from './redecide';
import { termsAsRecorded, World } from './world';

/** Something that must not be so. Plain JSON. */
export interface Finding {
  /** `decided`: the policy decides otherwise. `asGiven`: the recorded command is not the one that was given. */
  readonly kind: Invariant | 'decided' | 'asGiven';
  /** Where it shows first, decimal; `unknown` for what is no event at all. */
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
  /** Commands that were finished or given up by others' appends, and so cannot be decided again alone. */
  readonly notCompared: ReadonlyArray<string>;
  /** An event is missing or could not be read, which ended the proof: nothing after it was looked at. */
  readonly endedEarly: boolean;
}

const told = (decision: Decision): string => {
  switch (decision.type) {
    case 'accepted':
      return `yes, with ${decision.events.map(({ type }) => type).join(', ')}`;
    case 'alreadySo':
      return 'that it was already so';
    case 'refused':
      return `no: ${decision.reasons.map(({ type }) => type).join(', ')}`;
  }
};

/** Decides each command again on what is recorded before it. */
class Redeciding {
  readonly findings: Array<Finding> = [];
  readonly notCompared: Array<string> = [];
  readonly worlds = new Map<OrgId, World>();
  commands = 0;

  constructor(private readonly store: EventStore) {}

  worldOf(orgId: OrgId): World {
    const known = this.worlds.get(orgId);
    if (known !== undefined) return known;
    const world = new World(this.store.atomicity);
    this.worlds.set(orgId, world);
    return world;
  }

  async take(recorded: RecordedIssue): Promise<void> {
    const { orgId, issue, first, events, decision, isEntangled } = recorded;
    const world = this.worldOf(orgId);
    this.checkGiven(recorded);
    if (isEntangled) this.notCompared.push(issue.command.commandId);
    else {
      this.commands += 1;
      const again = decisionOf(await decideOn(world.states(termsAsRecorded), issue));
      if (!isAsDecided(decision, again, this.store.atomicity === 'oneStream')) {
        const { type, commandId } = issue.command;
        const detail = `${type} ${commandId} was told ${told(decision)}; the policy says ${told(again)}`;
        this.find('decided', first.position, detail);
      }
    }
    for (const event of events) world.take(event);
  }

  /** The fingerprint was taken of the command and of who gave it. */
  private checkGiven({ issue, first, orgId }: RecordedIssue): void {
    const { metadata, position } = first;
    if (metadata.issued === undefined) return;
    const { principal, command } = issue;
    const actor = actorOf(principal);
    const isSame =
      principal.orgId === orgId &&
      actor.id === metadata.actor.id &&
      actor.role === metadata.actor.role &&
      command.commandId === metadata.commandId &&
      fingerprint(principal, command) === metadata.fingerprint;
    if (isSame) return;
    const detail = `the command ${metadata.commandId} or its actor is not the one that was given`;
    this.find('asGiven', position, detail);
  }

  private find(kind: Finding['kind'], position: bigint, detail: string): void {
    this.findings.push({ kind, position: String(position), detail });
  }
}

const byPosition = (one: Finding, other: Finding): number =>
  one.position === 'unknown' || other.position === 'unknown'
    ? 0
    : Number(BigInt(one.position) - BigInt(other.position));

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
      const world = redeciding.worldOf(orgId);
      for (const event of facts) world.take(event);
    },
    command: (recorded) => redeciding.take(recorded),
    progress: onProgress,
  });
  const endedEarly = E.isLeft(read) && read.left.type === 'UndecodableEvent';
  if (E.isLeft(read) && !endedEarly) return read;
  if (!endedEarly) auditor.end();
  const findings = [
    ...auditor.violations.map(({ invariant, position: at, detail }) => ({
      kind: invariant,
      position: at,
      detail,
    })),
    ...redeciding.findings,
  ].sort(byPosition);
  return E.right({
    events,
    commands: redeciding.commands,
    organizations: [...redeciding.worlds.keys()].sort(),
    position: String(position),
    findings,
    notCompared: redeciding.notCompared,
    endedEarly,
  });
};
