/** Logs for the report, as a ledger gives them: seats, contracts and refusals, at times that a test names. */
import type { LedgerEvent } from '../../src/application/decode-event';
import { CommandRefused } from '../../src/application/answers';
import type { OrganizationEvent } from '../../src/organization/events';
import type { Rejection } from '../../src/rejection';
import type { SeatEvent } from '../../src/seat/events';
import { LedgerStory, LogFingerprint, type Report, reportPage } from '../../src/report';
import type { AgentId, CommandId, OrgId, UserId } from '../../src/values/ids';
import type { Actor } from '../../src/values/principal';
import { answerStream, organizationStream, seatStream } from '../../src/values/stream-name';
import type { Timestamp } from '../../src/values/timestamp';

export const acme = 'acme' as OrgId;
export const sam: Actor = { role: 'support', id: 'sam' as AgentId };

/** Noon of a day in March 2026; later days go on into April and beyond. */
export const day = (number: number): Timestamp =>
  new Date(Date.UTC(2026, 2, 1, 12) + (number - 1) * 86_400_000).toISOString() as Timestamp;

interface Command {
  readonly type: string;
  readonly [field: string]: unknown;
}

export class ReportLog {
  readonly events: Array<LedgerEvent> = [];
  private at = day(1);
  private readonly revisions = new Map<string, bigint>();

  constructor(private readonly orgId = acme) {}

  /** What is told from here on happened then. */
  on(at: Timestamp): this {
    this.at = at;
    return this;
  }

  seat(userId: string, ...facts: ReadonlyArray<SeatEvent>): this {
    return this.append(seatStream(this.orgId, userId as UserId), 'seat', facts);
  }

  contract(...facts: ReadonlyArray<OrganizationEvent>): this {
    return this.append(organizationStream(this.orgId), 'organization', facts);
  }

  refused(command: Command, ...rejections: ReadonlyArray<Rejection>): this {
    const commandId = `refused-${this.events.length}` as CommandId;
    return this.append(
      answerStream(this.orgId, commandId),
      'answer',
      [CommandRefused({ rejections })],
      command,
    );
  }

  /** Takes every event in, as a report does. */
  get story(): LedgerStory {
    const story = new LedgerStory();
    for (const event of this.events) story.take(event);
    return story;
  }

  /** The report on this log, made at noon of `madeOn`. */
  report(madeOn: Timestamp = day(40)): Report {
    const fingerprint = new LogFingerprint();
    for (const event of this.events) fingerprint.take(event);
    const made = {
      file: 'ledger.db',
      head: BigInt(this.events.length - 1),
      events: fingerprint.events,
      fingerprint: fingerprint.digest(),
      generatedAt: madeOn,
      release: '1.2.3',
    };
    return { made, organizations: this.story.told };
  }

  /** The page of {@link report}. */
  page(madeOn?: Timestamp): string {
    return [...reportPage(this.report(madeOn))].join('');
  }

  private append(
    stream: string,
    streamKind: LedgerEvent['streamKind'],
    facts: ReadonlyArray<SeatEvent | OrganizationEvent | ReturnType<typeof CommandRefused>>,
    command?: Command,
  ): this {
    for (const fact of facts) {
      const revision = (this.revisions.get(stream) ?? -1n) + 1n;
      this.revisions.set(stream, revision);
      const position = BigInt(this.events.length);
      this.events.push({
        ...fact,
        id: `event-${position}`,
        stream,
        streamKind,
        orgId: this.orgId,
        revision,
        position,
        metadata: {
          commandId: `command-${position}` as CommandId,
          commandType: command?.type ?? 'Test',
          actor: sam,
          at: this.at,
          policyVersion: '2026-11',
          fingerprint: '',
          ...(command !== undefined && { issued: { principal: {}, command: { ...command } } }),
        },
      });
    }
    return this;
  }
}
