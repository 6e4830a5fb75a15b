/** The crash tests' own proof: the commands are what they claim, and the verifier sees planted faults. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { sqliteStore } from '../../src/adapters/sqlite';
import { openLedger } from '../../src/application/open-ledger';
import type { Answer } from '../../src/application/outcome';
import { startWriter } from './children';
import { inFile, newPath, seed, Tally, TIMEOUT_MS } from './runs';
import { addressSecret, LaneSender } from './sending';
import { type Sent, type Transcript, transcriptOf } from './transcript';
import { type Problem, verify } from './verify';

const tally = new Tally('verifier');

/** A fixed seed: which commands there are must not depend on chance. */
const plan = { seed: 'fixed', writer: 'w', lanes: 2, sittings: 1, steps: 70 };

let sound: string;
let transcript: Transcript;

/** Works on a new file in this process until `steps` commands of each lane are answered. */
beforeAll(async () => {
  sound = newPath();
  const lines: Array<string> = [];
  const ledger = await openLedger({ store: sqliteStore(sound), addressSecret });
  for (let lane = 0; lane < plan.lanes; lane += 1) {
    const sender = new LaneSender({ ...plan, lane }, (line) => lines.push(JSON.stringify(line)));
    for (let step = 0; step < plan.steps; step += 1) await sender.next(ledger);
  }
  await ledger.close();
  transcript = transcriptOf([lines]);
});

const copied = (): string => {
  const path = newPath();
  copyFileSync(sound, path);
  return path;
};

const eventsOf = (answer: Answer | undefined) =>
  answer?._tag === 'Right' ? answer.right.events : [];

const typesOf = ({ answer }: Sent): ReadonlyArray<string> =>
  eventsOf(answer).map(({ type }) => type);

const kindsOf = (problems: ReadonlyArray<Problem>): ReadonlySet<Problem['kind']> =>
  new Set(problems.map(({ kind }) => kind));

const withAnswer = (commandId: string, answer: Answer | undefined): Transcript => {
  const sent = transcript.get(commandId)!;
  return new Map(transcript).set(commandId, { ...sent, answer });
};

/** A command that added several events to several streams. */
const aDeletion = (): Sent =>
  [...transcript.values()].find((sent) => typesOf(sent).includes('SequencesStopped'))!;

const tamper = (path: string, ...statements: ReadonlyArray<string>): void => {
  inFile(path, (database) => {
    for (const statement of statements) database.exec(statement);
  });
};

const PAGE_BYTES = 4096;

const rootOf = (path: string, index: string): number => {
  const sql = `SELECT rootpage FROM sqlite_master WHERE name = '${index}'`;
  const rows = inFile(path, (database) => database.prepare(sql).all());
  return (rows[0] as { rootpage: number }).rootpage;
};

const ofCommand = (commandId: string): string =>
  `json_extract(metadata, '$.commandId') = '${commandId}'`;

describe('the commands of a lane', () => {
  it('reach deletions with drafts and sequences, moves, refusals and answers that add nothing', () => {
    const all = [...transcript.values()];
    const seen = new Set(all.flatMap(typesOf));
    const moved = all.filter((sent) => {
      const types = typesOf(sent);
      return types.includes('MailboxAdded') && types.includes('MailboxDeleted');
    });
    const refused = all.filter(({ answer }) => answer?._tag === 'Left');
    const unchanged = all.filter((sent) => sent.answer?._tag === 'Right' && !typesOf(sent).length);

    expect([...seen]).toEqual(
      expect.arrayContaining([
        'SeatRegistered',
        'MailboxDeleted',
        'DraftsLost',
        'SequencesStopped',
      ]),
    );
    expect(moved.length).toBeGreaterThan(1);
    expect(unchanged.length).toBeGreaterThan(1);
    expect(refused.length).toBeGreaterThan(1);
    expect(refused.length).toBeLessThan(all.length / 4);
    expect(
      new Set(refused.map(({ answer }) => answer?._tag === 'Left' && answer.left.type)),
    ).toEqual(new Set(['Refused']));
  });

  it('are the same for the same seed', async () => {
    const [first, second] = [[], []] as [Array<string>, Array<string>];
    for (const lines of [first, second]) {
      const path = newPath();
      const ledger = await openLedger({ store: sqliteStore(path), addressSecret });
      const sender = new LaneSender({ seed, writer: 'w', lane: 0 }, (line) => {
        lines.push(JSON.stringify(line));
      });
      for (let step = 0; step < 40; step += 1) await sender.next(ledger);
      await ledger.close();
    }
    expect(second).toEqual(first);
  });
});

describe('the verifier', () => {
  it('finds nothing wrong with a sound ledger', async () => {
    const verdict = await tally.judge(copied(), transcript, 'sound');

    expect(verdict).toMatchObject({ unanswered: 0, eventsLost: 0, commandsAcknowledged: 140 });
    expect(verdict.eventsAcknowledged).toBeGreaterThan(140);
  });

  it(
    'sees a loss when a writer answers before the events are stored',
    async () => {
      const path = newPath();
      const writer = startWriter({ ...plan, path, isHasty: true });
      await writer.said(60);
      writer.kill();
      await writer.exit;
      const verdict = await verify(path, transcriptOf([writer.lines()]));

      expect(kindsOf(verdict.problems)).toContain('lost');
      expect(verdict.eventsLost).toBeGreaterThan(10);
    },
    TIMEOUT_MS,
  );

  it.each(['first', 'last'])('sees that the %s event of a command is missing', async (which) => {
    const path = copied();
    const { commandId } = aDeletion().command;
    const place = which === 'first' ? 'min' : 'max';
    tamper(
      path,
      `DELETE FROM events WHERE position = (SELECT ${place}(position) FROM events WHERE ${ofCommand(commandId)})`,
    );
    const { problems, eventsLost } = await verify(path, transcript);

    expect(problems).toContainEqual({
      kind: 'lost',
      detail: expect.stringContaining(`${commandId}: 1 of`),
    });
    expect(eventsLost).toBe(1);
    expect(kindsOf(problems)).toContain('torn');
    if (which === 'first') expect(kindsOf(problems)).toContain('violation');
  });

  it('sees half a command that nobody was told of', async () => {
    const path = copied();
    const { commandId } = aDeletion().command;
    tamper(
      path,
      `DELETE FROM events WHERE position = (SELECT max(position) FROM events WHERE ${ofCommand(commandId)})`,
    );
    const { problems } = await verify(path, withAnswer(commandId, undefined));

    expect(kindsOf(problems)).toContain('torn');
    expect(kindsOf(problems)).not.toContain('lost');
  });

  it('sees that the end of the log is missing, although what is left is sound', async () => {
    const path = copied();
    const last = [...transcript.keys()].at(-1)!;
    tamper(
      path,
      `DELETE FROM events WHERE ${ofCommand(last)}`,
      `UPDATE heads SET (revision, position) = (SELECT revision, position FROM events
         WHERE events.stream_id = heads.stream_id ORDER BY position DESC LIMIT 1)
       WHERE stream_id IN (SELECT stream_id FROM events)`,
      'DELETE FROM heads WHERE stream_id NOT IN (SELECT stream_id FROM events)',
      'DELETE FROM streams WHERE stream_id NOT IN (SELECT stream_id FROM events)',
    );
    const { problems } = await verify(path, transcript);

    expect(kindsOf(problems)).toContain('lost');
    expect(kindsOf(problems)).not.toContain('violation');
  });

  it('sees what was refused for good and came back', async () => {
    const { commandId } = aDeletion().command;
    const full = { type: 'StoreFull', message: 'Nothing was kept.' } as const;
    const answer: Answer = { _tag: 'Left', left: full };
    const { problems } = await verify(copied(), withAnswer(commandId, answer));

    expect(problems).toEqual([{ kind: 'cameBack', detail: expect.stringContaining(commandId) }]);
  });

  it('sees what nobody has sent', async () => {
    const { commandId } = aDeletion().command;
    const less = new Map(transcript);
    less.delete(commandId);
    const { problems } = await verify(copied(), less);

    expect(problems).toContainEqual({ kind: 'unsent', detail: commandId });
  });

  it('sees another answer than the one that was given', async () => {
    const { commandId } = aDeletion().command;
    const answer = structuredClone(transcript.get(commandId)?.answer)!;
    if (answer._tag === 'Right') Object.assign(answer.right, { position: '1' });
    const { problems } = await verify(copied(), withAnswer(commandId, answer));

    expect(kindsOf(problems)).toEqual(new Set(['answeredAnew']));
  });

  it.each([
    'UPDATE events SET previous = NULL WHERE position = (SELECT max(position) FROM events WHERE revision > 0)',
    'UPDATE heads SET revision = revision + 1 WHERE stream_id = 1',
    'UPDATE heads SET position = position - 1 WHERE stream_id = 1',
    'DELETE FROM heads WHERE stream_id = 1',
    'DELETE FROM streams WHERE stream_id = 1',
    'INSERT INTO heads VALUES (1000, 0, 0)',
    'UPDATE event_ids_end SET position = 0',
    'DELETE FROM event_ids_end',
    "INSERT INTO streams VALUES (1000, 'seat-x.y')",
    "INSERT INTO event_ids VALUES ('nobody', 1000)",
    `INSERT INTO event_ids SELECT id, position + (position = 9) FROM events;
     UPDATE event_ids_end SET position = (SELECT max(position) FROM events)`,
    'INSERT INTO event_ids SELECT id, position FROM events WHERE position = 1',
  ])('sees tables that disagree: %s', async (sql) => {
    const path = copied();
    tamper(path, sql);
    expect(kindsOf((await verify(path, transcript)).problems)).toContain('damaged');
  });

  it('finds nothing wrong with a ledger whose ids are in the index', async () => {
    const path = copied();
    tamper(
      path,
      `INSERT INTO event_ids SELECT id, position FROM events;
       UPDATE event_ids_end SET position = (SELECT max(position) FROM events)`,
    );
    expect((await verify(path, transcript)).problems).toEqual([]);
  });

  it('sees a damaged index, and a file that is no ledger', async () => {
    const path = copied();
    const bytes = readFileSync(path);
    // The last byte of the index of names' first page: SQLite still opens and reads the file.
    const end = rootOf(path, 'sqlite_autoindex_streams_1') * PAGE_BYTES - 1;
    bytes.writeUInt8(bytes.readUInt8(end) ^ 1, end);
    writeFileSync(path, bytes);

    expect(kindsOf((await verify(path, transcript)).problems)).toContain('damaged');
    expect(kindsOf((await verify(__filename, transcript)).problems)).toEqual(new Set(['unusable']));
  });
});
