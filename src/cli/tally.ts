/** What came of the lines of one file: counts, and the refusals of each organization by clause. */
import * as E from 'fp-ts/lib/Either.js';
import type { RecordedCommand, Refused } from '../application/outcome';
import { type Explanation, explainStored } from '../explain';
import type { Rejection } from '../rejection';

/** One reason for a refusal. */
interface Reason {
  readonly clause: Explanation['clause'];
  readonly type: Rejection['type'];
}

/** A line whose command was refused, and every reason for it. */
export interface RefusedLine {
  readonly line: number;
  readonly commandId: string | null;
  readonly reasons: ReadonlyArray<Reason>;
}

/** How often one reason was given, on which lines, and the first time it was. */
interface RefusalCount extends Reason {
  readonly times: number;
  readonly lines: number;
  /** The first ten. */
  readonly firstLines: ReadonlyArray<number>;
  readonly example: Omit<Explanation, 'clause'> & { readonly line: number };
}

export interface OrganizationTally {
  readonly orgId: string;
  readonly commands: number;
  readonly refused: number;
  /** By clause; what is no clause's matter last. */
  readonly refusals: ReadonlyArray<RefusalCount>;
}

/** Lines by what came of them. The first three are the commands. */
export interface LineCounts {
  readonly recorded: number;
  readonly alreadySo: number;
  readonly refused: number;
  /** Not a command in JSON. */
  readonly unreadable: number;
  /** The command's id had been used for another command. */
  readonly idReused: number;
}

interface Organization {
  commands: number;
  refused: number;
  readonly refusals: Map<string, RefusalCount>;
}

const MOST_REFUSED_LINES_KEPT = 1000;
const MOST_LINES_OF_A_REASON = 10;

const clauseNumber = ({ clause }: RefusalCount): number =>
  clause === null ? Number.MAX_SAFE_INTEGER : Number(clause.slice(1));

const byClause = (a: RefusalCount, b: RefusalCount): number =>
  clauseNumber(a) - clauseNumber(b) || (a.type < b.type ? -1 : 1);

const reasonOf = (rejection: Rejection): Reason => ({
  clause: explainStored(rejection).clause,
  type: rejection.type,
});

/** Counts the reasons of one line. It may give one reason several times, as for several seats. */
const addRefusals = (
  refusals: Map<string, RefusalCount>,
  rejections: ReadonlyArray<Rejection>,
  line: number,
): void => {
  const met = new Set<string>();
  for (const rejection of rejections) {
    const { clause, ...example } = explainStored(rejection);
    const { type } = rejection;
    const key = `${clause ?? ''} ${type}`;
    const known = refusals.get(key) ?? {
      ...{ clause, type, times: 0, lines: 0, firstLines: [] },
      example: { ...example, line },
    };
    const isListed = !met.has(key) && known.lines < MOST_LINES_OF_A_REASON;
    refusals.set(key, {
      ...known,
      times: known.times + 1,
      lines: known.lines + (met.has(key) ? 0 : 1),
      firstLines: isListed ? [...known.firstLines, line] : known.firstLines,
    });
    met.add(key);
  }
};

export class Tally {
  private readonly counts = { recorded: 0, alreadySo: 0, refused: 0, unreadable: 0, idReused: 0 };
  private readonly organizations = new Map<string, Organization>();
  private readonly refusedLines: Array<RefusedLine> = [];
  private oldRefusals = 0;
  private newAnswers = 0;
  private highest: bigint;

  /** @param head position of the log's last event before the first line */
  constructor(head: string) {
    this.highest = BigInt(head);
  }

  answer(orgId: string, answer: E.Either<Refused, RecordedCommand>, line: number): void {
    const isNew = this.place(E.isLeft(answer) ? answer.left.position : answer.right.position);
    const organization = this.organizationOf(orgId);
    organization.commands += 1;
    if (E.isRight(answer)) {
      this.counts[answer.right.events.length > 0 ? 'recorded' : 'alreadySo'] += 1;
      return;
    }
    const { commandId, rejections } = answer.left;
    this.counts.refused += 1;
    if (!isNew) this.oldRefusals += 1;
    organization.refused += 1;
    if (this.refusedLines.length < MOST_REFUSED_LINES_KEPT) {
      this.refusedLines.push({ line, commandId, reasons: rejections.map(reasonOf) });
    }
    addRefusals(organization.refusals, rejections, line);
  }

  faulty(what: 'unreadable' | 'idReused'): void {
    this.counts[what] += 1;
  }

  get lines(): LineCounts {
    return { ...this.counts };
  }

  get commands(): number {
    const { recorded, alreadySo, refused } = this.counts;
    return recorded + alreadySo + refused;
  }

  /** Commands that had not been answered before their line. */
  get answeredNow(): number {
    return this.newAnswers;
  }

  /** Refusals that had been given before their line. */
  get refusedBefore(): number {
    return this.oldRefusals;
  }

  /** The first 1,000; `lines` counts all. */
  get refused(): ReadonlyArray<RefusedLine> {
    return [...this.refusedLines];
  }

  /** In the order of their first line. */
  get byOrganization(): ReadonlyArray<OrganizationTally> {
    return [...this.organizations].map(([orgId, { commands, refused, refusals }]) => ({
      orgId,
      commands,
      refused,
      refusals: [...refusals.values()].sort(byClause),
    }));
  }

  /** Whether the answer is new. Lines are taken one after the other, so an answer that is not above all before it was given earlier. */
  private place(position: string | null): boolean {
    const given = BigInt(position ?? this.highest);
    if (given <= this.highest) return false;
    this.highest = given;
    this.newAnswers += 1;
    return true;
  }

  private organizationOf(orgId: string): Organization {
    const known = this.organizations.get(orgId);
    if (known !== undefined) return known;
    const made: Organization = { commands: 0, refused: 0, refusals: new Map() };
    this.organizations.set(orgId, made);
    return made;
  }
}
