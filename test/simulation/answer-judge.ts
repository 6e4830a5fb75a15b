/** Judges what callers were told: against the log, and against what others were told of the same command. */
import { isLeft, isRight } from 'fp-ts/lib/Either.js';
import { isDeepStrictEqual } from 'node:util';
import type { Failure, RecordedCommand, RecordedEvent, Refused } from '../../src';
import { metadataOf } from './log-judge';
import type { Sending } from './society';

type Settled = RecordedCommand | Refused;

const settledAnswer = ({ answer }: Sending): Settled | undefined => {
  if (answer === undefined) return undefined;
  if (isRight(answer)) return answer.right;
  return answer.left.type === 'Refused' ? answer.left : undefined;
};

/** Failures that a world full of faults explains; any other one is a problem. */
const expected: ReadonlySet<string> = new Set(['StoreUnavailable', 'OutcomeUnknown', 'Contended']);

/** Where nobody forges, nothing that stands in the streams keeps from fitting together. */
const isExplained = ({ type, message }: Failure): boolean =>
  expected.has(type) && !message.includes('never fitted together');

const isClaim = (stream: string): boolean =>
  stream.startsWith('account-') || stream.startsWith('address-');

const isAnswer = ({ stream }: RecordedEvent): boolean => stream.startsWith('answer-');

/** Where a command stands in the log. */
class Record {
  /** What it changed, in the order of the log. */
  readonly facts: ReadonlyArray<RecordedEvent>;
  /** A claim that came to nothing is none: a login is claimed before it is known to be the seat's. */
  readonly effects: ReadonlyArray<RecordedEvent>;
  readonly answer: RecordedEvent | undefined;

  constructor(
    events: ReadonlyArray<RecordedEvent>,
    private readonly since: (at: string) => bigint | undefined,
  ) {
    this.facts = events.filter((event) => !isAnswer(event));
    this.answer = events.find(isAnswer);
    this.effects = this.facts.filter(({ stream }) => !isClaim(stream));
  }

  /** It was given up after it had begun, and answered with a refusal. */
  get isAbandoned(): boolean {
    return this.facts.some(({ type }) => type === 'MailboxAddAbandoned');
  }

  /**
   * Decision 0011: sent twice at the same time, it was answered to one while the other wrote. Each had set
   * out before the other was done.
   */
  get isTornTwin(): boolean {
    const [first] = this.effects;
    if (first === undefined || this.answer === undefined || this.isAbandoned) return false;
    const writer = this.since(metadataOf(first).at);
    const refuser = this.since(metadataOf(this.answer).at);
    if (writer === undefined || refuser === undefined) return false;
    const isConcurrent = writer < this.answer.position && refuser < first.position;
    // Whoever wrote found no answer there, or the answer would have been found first.
    return isConcurrent && this.answer.position < first.position;
  }
}

const isStored = (
  { type, data, stream, revision }: RecordedCommand['events'][number],
  facts: ReadonlyArray<RecordedEvent>,
): boolean =>
  facts.filter(
    (stored) =>
      stored.stream === stream &&
      String(stored.revision) === revision &&
      stored.type === type &&
      isDeepStrictEqual(stored.data, data),
  ).length === 1;

const againstLog = (told: Settled, record: Record): ReadonlyArray<string> => {
  const { facts, effects, answer } = record;
  if (told.type === 'Refused') {
    const problems =
      answer?.type === 'CommandRefused' ? [] : ['was refused, which is not recorded'];
    const isExcused = effects.length === 0 || record.isAbandoned || record.isTornTwin;
    const types = effects.map(({ type }) => type).join(', ');
    return isExcused ? problems : [...problems, `was refused, and yet wrote ${types}`];
  }
  if (told.events.length === 0) {
    return answer?.type === 'CommandUnchanged' ? [] : ['was so already, which is not recorded'];
  }
  const problems = told.events
    .filter((event) => !isStored(event, facts))
    .map(({ type, stream }) => `was answered with ${type} in ${stream}, which is not there`);
  // A slow copy may claim a login again that the seat has left, which comes to nothing and is not told.
  const untold = facts.filter(
    ({ stream, revision }) =>
      !stream.startsWith('account-') &&
      !told.events.some((event) => event.stream === stream && event.revision === String(revision)),
  );
  return untold.length === 0
    ? problems
    : [...problems, `did not tell of ${untold.map(({ type }) => type).join(', ')}`];
};

const ofOneCommand = (sendings: ReadonlyArray<Sending>, record: Record): ReadonlyArray<string> => {
  const failures = sendings.flatMap(({ answer }) =>
    answer !== undefined &&
    isLeft(answer) &&
    answer.left.type !== 'Refused' &&
    !isExplained(answer.left)
      ? [`failed: ${answer.left.type}`]
      : [],
  );
  const told = sendings.flatMap((sending) => settledAnswer(sending) ?? []);
  const distinct: Array<Settled> = [];
  for (const answer of told) {
    if (!distinct.some((other) => isDeepStrictEqual(answer, other))) distinct.push(answer);
  }
  const problems = distinct.flatMap((answer) => againstLog(answer, record));
  if (distinct.length > (record.isTornTwin ? 2 : 1)) {
    problems.push(`got several answers: ${distinct.map((one) => JSON.stringify(one)).join(' ')}`);
  }
  return [...failures, ...problems];
};

const groupedBy = <Item>(
  items: ReadonlyArray<Item>,
  key: (item: Item) => string,
): ReadonlyMap<string, ReadonlyArray<Item>> => {
  const groups = new Map<string, Array<Item>>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return groups;
};

/** Everything that is wrong with the answers to all sendings. */
export const answerProblems = (
  sendings: ReadonlyArray<Sending>,
  log: ReadonlyArray<RecordedEvent>,
  since: (at: string) => bigint | undefined,
): ReadonlyArray<string> => {
  const events = groupedBy(log, (event) => metadataOf(event).commandId);
  const sent = groupedBy(sendings, ({ command }) => command.commandId);
  return [...sent].flatMap(([commandId, all]) => {
    const record = new Record(events.get(commandId) ?? [], since);
    return ofOneCommand(all, record).map(
      (problem) => `${all[0]?.command.type ?? ''} ${commandId} ${problem}`,
    );
  });
};
