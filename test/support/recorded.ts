/** Builds logs by hand: facts with a stream, a revision, a position and metadata, as a store gives them. */
import type { ProjectedEvent } from '../../projections/projection';
import type { AddressEvent } from '../../src/address/events';
import type { OrganizationEvent } from '../../src/organization/events';
import type { SeatEvent } from '../../src/seat/events';
import type { EmailAddress } from '../../src/values/email-address';
import type { AgentId, CommandId, OrgId, UserId } from '../../src/values/ids';
import type { Actor } from '../../src/values/principal';
import { organizationStream, seatStream, type StreamKind } from '../../src/values/stream-name';
import type { Timestamp } from '../../src/values/timestamp';

/** An address whose canonical form is its lower case, which is so for all that tests write. */
export const address = (typed: string): EmailAddress => ({ canonical: typed.toLowerCase(), typed });

/** Minutes into the day on which tests take place. */
export const minute = (minutes: number): Timestamp =>
  new Date(Date.UTC(2026, 2, 1, 0, minutes)).toISOString() as Timestamp;

export const supportAgent: Actor = { role: 'support', id: 'agent-1' as AgentId };

type Fact = SeatEvent | AddressEvent | OrganizationEvent;

interface Place {
  readonly stream: string;
  readonly streamKind: StreamKind;
  readonly orgId: OrgId;
}

/** A log in the making. Every call is one append, one minute after the one before. */
export class LogBuilder {
  readonly events: Array<ProjectedEvent> = [];
  private readonly revisions = new Map<string, bigint>();
  private appends = 0;

  /** @param actor who all of it is done by */
  constructor(private readonly actor: Actor = supportAgent) {}

  /** The time that the next append will bear. */
  get now(): Timestamp {
    return minute(this.appends);
  }

  seat(orgId: OrgId, userId: UserId, ...facts: ReadonlyArray<SeatEvent>): this {
    return this.append({ stream: seatStream(orgId, userId), streamKind: 'seat', orgId }, facts);
  }

  organization(orgId: OrgId, ...facts: ReadonlyArray<OrganizationEvent>): this {
    const stream = organizationStream(orgId);
    return this.append({ stream, streamKind: 'organization', orgId }, facts);
  }

  /** @param key stands for the address in the stream's name */
  address(orgId: OrgId, key: string, ...facts: ReadonlyArray<AddressEvent>): this {
    return this.append({ stream: `address-${orgId}.${key}`, streamKind: 'address', orgId }, facts);
  }

  private append(place: Place, facts: ReadonlyArray<Fact>): this {
    const commandId = `command-${this.appends}` as CommandId;
    const metadata = {
      commandId,
      commandType: 'Test',
      actor: this.actor,
      at: this.now,
      policyVersion: '2026-11',
      fingerprint: commandId,
    };
    this.appends += 1;
    for (const fact of facts) {
      const revision = (this.revisions.get(place.stream) ?? -1n) + 1n;
      this.revisions.set(place.stream, revision);
      const position = BigInt(this.events.length);
      this.events.push({
        ...fact,
        ...place,
        id: `event-${position}`,
        revision,
        position,
        metadata,
      });
    }
    return this;
  }
}
