/** Refusals, counted by the clause that was broken, with the latest of each. */
import type { CommandRefused } from '../application/answers';
import { type Explanation, explainStored } from '../explain';
import type { Rejection } from '../rejection';
import type { EventFrom, Recorded } from '../stored-event';
import { shortened } from '../values/codec';
import type { Actor } from '../values/principal';
import type { Timestamp } from '../values/timestamp';

/** What was asked, in the words of the command: the fields that say whom and what it is about. */
export interface CommandTold {
  readonly type: string;
  readonly fields: ReadonlyArray<readonly [field: string, value: string]>;
}

export interface RefusalExample {
  readonly at: Timestamp;
  readonly by: Actor;
  readonly command: CommandTold;
  readonly sentence: string;
  /** What `seatledger why` asks for. */
  readonly commandId: string;
}

/** One reason for saying no. */
export interface Reason {
  readonly clause: Explanation['clause'];
  readonly type: string;
  readonly times: number;
  /** As it was said the last time. */
  readonly sentence: string;
  readonly remedy: string;
  /** Newest first, at most {@link MOST_EXAMPLES}. */
  readonly examples: ReadonlyArray<RefusalExample>;
}

export type Refusal = Recorded<EventFrom<typeof CommandRefused>>;

const MOST_EXAMPLES = 3;

const toldFields = [
  'userId',
  'requestId',
  'address',
  'sender',
  'accountEmail',
  'use',
  'toUserId',
  'fromUserId',
  'mailingId',
  'sequenceStateId',
  'state',
  'tag',
  'reason',
] as const;

const MOST_OF_A_FIELD = 100;

const commandOf = ({ metadata }: Refusal): CommandTold => {
  const given = metadata.issued?.command ?? {};
  return {
    type: metadata.commandType,
    fields: toldFields.flatMap((field) => {
      const value = given[field];
      return typeof value === 'string' ? [[field, shortened(value, MOST_OF_A_FIELD)] as const] : [];
    }),
  };
};

/** Whom the refused command was about. */
export const seatConcerned = ({ metadata }: Refusal): string | undefined => {
  const userId = metadata.issued?.command['userId'];
  return typeof userId === 'string' ? userId : undefined;
};

const clauseNumber = ({ clause }: Reason): number =>
  clause === null ? Number.MAX_SAFE_INTEGER : Number(clause.slice(1));

export class Refusals {
  private readonly reasons = new Map<string, Reason>();
  private refused = 0;

  take(refusal: Refusal): void {
    this.refused += 1;
    for (const rejection of refusal.data.rejections) this.count(refusal, rejection);
  }

  /** Commands that were refused, each for one reason or several. */
  get commands(): number {
    return this.refused;
  }

  /** By clause; what is no clause's matter last. */
  get byClause(): ReadonlyArray<Reason> {
    return [...this.reasons.values()].sort(
      (a, b) => clauseNumber(a) - clauseNumber(b) || (a.type < b.type ? -1 : 1),
    );
  }

  private count(refusal: Refusal, rejection: Rejection): void {
    const { clause, sentence, remedy } = explainStored(rejection);
    const type = shortened(rejection.type);
    const key = `${clause ?? ''} ${type}`;
    const known = this.reasons.get(key);
    const example = {
      at: refusal.metadata.at,
      by: refusal.metadata.actor,
      command: commandOf(refusal),
      sentence,
      commandId: refusal.metadata.commandId,
    };
    const examples = [example, ...(known?.examples ?? [])].slice(0, MOST_EXAMPLES);
    this.reasons.set(key, {
      clause,
      type,
      times: (known?.times ?? 0) + 1,
      sentence,
      remedy,
      examples,
    });
  }
}
