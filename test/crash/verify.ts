/** Judges a ledger file after its writers are gone: against what they said, and against a reference. */
import * as TE from 'fp-ts/lib/TaskEither.js';
import { sqliteStore } from '../../src/adapters/sqlite';
import { loadDriver } from '../../src/adapters/sqlite/driver';
import type { Ledger } from '../../src/application/ledger';
import { openLedger } from '../../src/application/open-ledger';
import type { EventStore } from '../../src/application/ports';
import type { CommandInput } from '../../src/commands';
import { holding, seated, user } from '../../src/testing/builders';
import { violationsIn } from '../../src/application/audit';
import type { PrincipalInput } from '../../src/values/principal';
import { factOf, Reference, storedIn, textOf, wholeLog } from './reference';
import { addressSecret } from './sending';
import { failureOf, isAcknowledged, leavesOpen, type Transcript } from './transcript';

/**
 * - `unusable`: it does not open, or cannot be read or written.
 * - `damaged`: SQLite's own check finds something, or the tables disagree.
 * - `violation`: an invariant of the log is broken.
 * - `lost`: an acknowledged answer whose events are not, or not all, in the log.
 * - `torn`: a command whose events are not those of a complete one.
 * - `cameBack`: a command that was answered with "nothing was kept" and is in the log.
 * - `unsent`: events of a command that nobody sent.
 * - `answeredAnew`: sending a command again is answered differently than before, or than it should be.
 */
export interface Problem {
  readonly kind:
    'unusable' | 'damaged' | 'violation' | 'lost' | 'torn' | 'cameBack' | 'unsent' | 'answeredAnew';
  readonly detail: string;
}

export interface Verdict {
  readonly problems: ReadonlyArray<Problem>;
  readonly commandsAcknowledged: number;
  readonly eventsAcknowledged: number;
  readonly eventsLost: number;
  /** Commands without an answer, and how many of them had been stored all the same. */
  readonly unanswered: number;
  readonly unansweredStored: number;
  /** Commands sent again, answered or not. */
  readonly repeated: number;
}

type Report = (kind: Problem['kind'], detail: string) => void;

/** Whatever in the other tables does not follow from the events. */
const DISAGREEING = `
  WITH said AS (
    SELECT stream_id, revision, position, id, previous,
      lag(position) OVER stream AS before, lead(position) OVER stream AS after
    FROM events WINDOW stream AS (PARTITION BY stream_id ORDER BY revision))
  SELECT 'previous' AS what, position AS place FROM said WHERE previous IS NOT before
  UNION ALL SELECT 'head', said.position FROM said LEFT JOIN heads USING (stream_id)
    WHERE after IS NULL AND (said.revision, said.position) IS NOT (heads.revision, heads.position)
  UNION ALL SELECT 'head without events', stream_id FROM heads LEFT JOIN said USING (stream_id)
    WHERE id IS NULL
  UNION ALL SELECT 'name', stream_id FROM heads LEFT JOIN streams USING (stream_id)
    WHERE name IS NULL
  UNION ALL SELECT 'name without events', stream_id FROM streams LEFT JOIN heads USING (stream_id)
    WHERE revision IS NULL
  UNION ALL SELECT 'id', said.position FROM said LEFT JOIN event_ids USING (id)
    WHERE event_ids.position IS NOT
      iif(said.position <= (SELECT position FROM event_ids_end), said.position, NULL)
  UNION ALL SELECT 'id without event', event_ids.position FROM event_ids LEFT JOIN said USING (id)
    WHERE said.position IS NULL
  UNION ALL SELECT 'ends', count(*) FROM event_ids_end HAVING count(*) <> 1`;

const integrityOf = (path: string): ReadonlyArray<unknown> => {
  const driver = loadDriver();
  if (driver === undefined) throw new Error('There is no SQLite driver.');
  const database = new driver.DatabaseSync(path, { readOnly: true });
  try {
    return [
      ...database
        .prepare('PRAGMA integrity_check')
        .all()
        .map((row) => (row as { integrity_check: unknown }).integrity_check),
      ...database
        .prepare(DISAGREEING)
        .all()
        .map((row) => Object.values(row as object).join(' ')),
    ];
  } finally {
    database.close();
  }
};

class Verification {
  private readonly counts = {
    commandsAcknowledged: 0,
    eventsAcknowledged: 0,
    eventsLost: 0,
    unanswered: 0,
    unansweredStored: 0,
    repeated: 0,
  };

  constructor(
    private readonly transcript: Transcript,
    private readonly ledger: Ledger,
    private readonly store: EventStore,
    private readonly reference: Reference,
    private readonly report: Report,
  ) {}

  async run(): Promise<Omit<Verdict, 'problems'>> {
    await this.checkInvariants();
    await this.checkLog();
    await this.checkNewCommands();
    await this.checkRepeated();
    await this.checkInvariants();
    await this.compareWithReference();
    return this.counts;
  }

  private async checkInvariants(): Promise<void> {
    for (const { invariant, position, detail } of await violationsIn(this.store)) {
      this.report('violation', `${invariant} at ${position}: ${detail}`);
    }
  }

  /** Before anything is written: acknowledged is durable, refused stays away, and what is there is whole. */
  private async checkLog(): Promise<void> {
    const stored = storedIn(await wholeLog(this.store));
    for (const [commandId, { answer }] of this.transcript) {
      const found = stored.get(commandId)?.facts ?? [];
      const failure = failureOf(answer);
      if (isAcknowledged(answer)) this.checkDurable(commandId, found);
      else if (failure === undefined || leavesOpen(failure)) {
        this.counts.unanswered += 1;
        this.counts.unansweredStored += found.length > 0 ? 1 : 0;
      } else if (found.length > 0) {
        this.report('cameBack', `${commandId} was answered with ${failure.message}`);
      }
    }
    for (const [commandId, { at }] of stored) {
      const sent = this.transcript.get(commandId);
      if (sent === undefined) this.report('unsent', commandId);
      else await this.reference.send(sent.by, sent.command, at);
    }
    await this.compareWithReference();
  }

  private checkDurable(commandId: string, found: ReadonlyArray<string>): void {
    const answer = this.transcript.get(commandId)?.answer;
    const told = answer?._tag === 'Right' ? answer.right.events.map(factOf) : [];
    // A refusal, or a yes that adds nothing, is one event in a stream of its own.
    const promised = Math.max(told.length, 1);
    const missing =
      told.length === 0 ? 1 - found.length : told.filter((fact) => !found.includes(fact)).length;
    this.counts.commandsAcknowledged += 1;
    this.counts.eventsAcknowledged += promised;
    if (missing <= 0) return;
    this.counts.eventsLost += missing;
    this.report('lost', `${commandId}: ${missing} of ${promised} events`);
  }

  private async compareWithReference(): Promise<void> {
    const [expected, found] = [await this.reference.stored(), storedIn(await wholeLog(this.store))];
    for (const [commandId, { facts }] of found) {
      const whole = expected.get(commandId)?.facts ?? [];
      if (textOf(facts) === textOf(whole)) continue;
      this.report(
        'torn',
        `${commandId}: ${facts.length} events, a complete one has ${whole.length}`,
      );
    }
  }

  private async checkNewCommands(): Promise<void> {
    const newcomer = user('newcomer');
    const steps = [...seated(newcomer), ...holding(newcomer, 'newcomer.sells@acme.example')];
    for (const [index, [by, draft]] of steps.entries()) {
      const command = { ...draft, commandId: `newcomer-${index}` } as CommandInput;
      const answer = await this.sendToBoth(by, command);
      if (answer._tag === 'Left') this.report('unusable', `a new command: ${textOf(answer.left)}`);
    }
  }

  /** First what was never answered, which may still change something; then everything that was. */
  private async checkRepeated(): Promise<void> {
    for (const { by, command, answer } of this.transcript.values()) {
      if (isAcknowledged(answer)) continue;
      this.counts.repeated += 1;
      const failure = failureOf(await this.sendToBoth(by, command));
      if (failure !== undefined) {
        this.report('unusable', `${command.commandId}, sent again: ${failure.message}`);
      }
    }
    await Promise.all(
      [...this.transcript.values()].map(async ({ by, command, answer }) => {
        if (!isAcknowledged(answer)) return;
        this.counts.repeated += 1;
        const again = await this.ledger.execute(by, command);
        if (textOf(again) !== textOf(answer)) {
          this.report('answeredAnew', `${textOf(answer)}, sent again: ${textOf(again)}`);
        }
      }),
    );
  }

  private async sendToBoth(by: PrincipalInput, command: CommandInput) {
    const at = new Date().toISOString();
    const answer = await this.ledger.execute(by, command, { at });
    const expected = await this.reference.send(by, command, at);
    if (textOf(answer) !== textOf(expected)) {
      this.report('answeredAnew', `${textOf(answer)} instead of ${textOf(expected)}`);
    }
    return answer;
  }
}

const nothing = {
  commandsAcknowledged: 0,
  eventsAcknowledged: 0,
  eventsLost: 0,
  unanswered: 0,
  unansweredStored: 0,
  repeated: 0,
};

/**
 * Opens the file, judges it, works on it, and closes it.
 *
 * @returns every problem, none for a ledger that kept its word; never throws
 */
export const verify = async (path: string, transcript: Transcript): Promise<Verdict> => {
  const problems: Array<Problem> = [];
  const report: Report = (kind, detail) => problems.push({ kind, detail });
  const connected = await sqliteStore(path).connect();
  if (connected._tag === 'Left') {
    report('unusable', connected.left.message);
    return { ...nothing, problems };
  }
  const store = connected.right;
  try {
    for (const found of integrityOf(path)) if (found !== 'ok') report('damaged', String(found));
    const connector = { name: store.name, connect: TE.right(store) };
    const ledger = await openLedger({ store: connector, addressSecret });
    const reference = await Reference.open();
    const verification = new Verification(transcript, ledger, store, reference, report);
    return { ...(await verification.run()), problems };
  } catch (error) {
    report('unusable', String(error));
    return { ...nothing, problems };
  } finally {
    await store.close();
  }
};
