/** What came of the lines of one file: counts, and the refusals of each organization by clause. */
import * as E from 'fp-ts/lib/Either.js';
import type { RecordedCommand, Refused } from '../application/outcome';
import { type Explanation, explainStored } from '../explain';
import type { Rejection } from '../rejection';

/** How often one reason was given, and the first time it was. */
interface RefusalCount {
  readonly clause: Explanation['clause'];
  readonly type: Rejection['type'];
  readonly times: number;
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

const clauseNumber = ({ clause }: RefusalCount): number =>
  clause === null ? Number.MAX_SAFE_INTEGER : Number(clause.slice(1));

const byClause = (a: RefusalCount, b: RefusalCount): number =>
  clauseNumber(a) - clauseNumber(b) || (a.type < b.type ? -1 : 1);

const addRefusal = (
  refusals: Map<string, RefusalCount>,
  rejection: Rejection,
  line: number,
): void => {
  const { clause, ...example } = explainStored(rejection);
  const key = `${clause ?? ''} ${rejection.type}`;
  const known = refusals.get(key);
  refusals.set(
    key,
    known === undefined
      ? { clause, type: rejection.type, times: 1, example: { ...example, line } }
      : { ...known, times: known.times + 1 },
  );
};

export class Tally {
  private readonly counts = { recorded: 0, alreadySo: 0, refused: 0, unreadable: 0, idReused: 0 };
  private readonly organizations = new Map<string, Organization>();
  private newAnswers = 0;
  private highest: bigint;

  /** @param head position of the log's last event before the first line */
  constructor(head: string) {
    this.highest = BigInt(head);
  }

  answer(orgId: string, answer: E.Either<Refused, RecordedCommand>, line: number): void {
    this.place(E.isLeft(answer) ? answer.left.position : answer.right.position);
    const organization = this.organizationOf(orgId);
    organization.commands += 1;
    if (E.isRight(answer)) {
      this.counts[answer.right.events.length > 0 ? 'recorded' : 'alreadySo'] += 1;
      return;
    }
    this.counts.refused += 1;
    organization.refused += 1;
    for (const rejection of answer.left.rejections) {
      addRefusal(organization.refusals, rejection, line);
    }
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

  /** In the order of their first line. */
  get byOrganization(): ReadonlyArray<OrganizationTally> {
    return [...this.organizations].map(([orgId, { commands, refused, refusals }]) => ({
      orgId,
      commands,
      refused,
      refusals: [...refusals.values()].sort(byClause),
    }));
  }

  /** Lines are taken one after the other, so an answer that is not above all before it was given earlier. */
  private place(position: string | null): void {
    const given = BigInt(position ?? this.highest);
    if (given <= this.highest) return;
    this.highest = given;
    this.newAnswers += 1;
  }

  private organizationOf(orgId: string): Organization {
    const known = this.organizations.get(orgId);
    if (known !== undefined) return known;
    const made: Organization = { commands: 0, refused: 0, refusals: new Map() };
    this.organizations.set(orgId, made);
    return made;
  }
}
