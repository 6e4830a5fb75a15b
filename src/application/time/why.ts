/** Why a command was answered as it was: the rules that judged it, and the events that they rest on. */
import * as E from 'fp-ts/lib/Either.js';
import { mayRead } from '../../authorization';
import { type Command, IssuedCommand, type IssuedCommandInput } from '../../commands';
import type { Rejection } from '../../rejection';
import type { CommandId } from '../../values/ids';
import type { Clause } from '../../values/policy';
import { frozen } from '../../values/frozen';
import { type Actor, Principal, type PrincipalInput } from '../../values/principal';
import type { Timestamp } from '../../values/timestamp';
import { userOfSeat } from '../../values/stream-name';
import type { Engine, Issue } from '../engine';
import type { Failure } from '../failures';
import type { AddedEvent } from '../outcome';
import { groundsOf } from './evidence';
import { findCommand, type FoundCommand } from './find-command';
import type { Absence } from './grounds';
import { type Past, readPast } from './past';
import { type CataloguedRule, rulesOf } from './rule-catalogue';
import { mayPointAt, ownerOf, type ToldReason, toldTo } from './veil';

/** Where one event stands. Positions and revisions are decimal strings. */
export interface EvidenceEvent {
  readonly stream: string;
  readonly revision: string;
  readonly position: string;
  readonly type: string;
}

/** What a rule was judged on. */
export interface Evidence {
  /** Oldest first; of very many, the last hundred. */
  readonly events: ReadonlyArray<EvidenceEvent>;
  /** What was not there, and would have made another answer. */
  readonly absences: ReadonlyArray<Absence>;
  /** What the command itself said: fields of it, or `principal`. */
  readonly said: ReadonlyArray<string>;
  /** Events that are left out, because there are very many. */
  readonly more: number;
  /** Events that are left out, because they are about a seat that the reader may not see. */
  readonly withheld: number;
}

/**
 * What became of one rule. `notReached`: an earlier one was broken, and this one was never asked. `unknown`:
 * a reason was given that is none of this release's rules, so that it cannot be told whether this one was
 * asked, or has that reason under another name now.
 */
export interface JudgedRule {
  /** From 1. All rules of a stage are judged together. */
  readonly stage: number;
  readonly name: string;
  readonly clauses: ReadonlyArray<Clause>;
  readonly demands: string;
  readonly verdict: 'kept' | 'broken' | 'notReached' | 'unknown';
  readonly reasons: ReadonlyArray<ToldReason>;
  readonly evidence: Evidence;
}

/** What the command was told. */
export type ToldAnswer =
  | { readonly type: 'Refused'; readonly reasons: ReadonlyArray<ToldReason> }
  | { readonly type: 'Recorded'; readonly events: ReadonlyArray<AddedEvent> }
  /** What it asked for was so already. */
  | { readonly type: 'AlreadySo' };

/** One command, its answer, and what that rests on. Plain JSON. */
export interface Why {
  readonly commandId: CommandId;
  readonly commandType: string;
  /**
   * As it was given; `null` where this release cannot read it. What was sent as an address and is over 1,024
   * characters, or no text in any encoding, is `{ text, fault, sha256 }`: its beginning, and its digest.
   */
  readonly command: IssuedCommandInput | null;
  readonly principal: PrincipalInput | null;
  readonly actor: Actor;
  readonly at: Timestamp;
  /** The policy that decided. The rules are told as this release has them. */
  readonly policyVersion: string;
  readonly answer: ToldAnswer;
  /** Where the answer stands in the log: it rests on what stands before. */
  readonly position: string;
  /** In order of precedence. */
  readonly rules: ReadonlyArray<JudgedRule>;
}

const MOST_EVENTS = 100;

const noEvidence: Evidence = { events: [], absences: [], said: [], more: 0, withheld: 0 };

const mayBeToldOf = (reader: Principal, absence: Absence): boolean =>
  !absence.stream.startsWith('seat-') || mayRead(reader, userOfSeat(absence.stream));

const evidenceOf = (
  reader: Principal,
  past: Past,
  rule: CataloguedRule,
  reasons: ReadonlyArray<Rejection>,
): Evidence => {
  const { events, absences, said } = groundsOf(past, rule, reasons);
  const seen = events.filter((event) => mayPointAt(reader, event));
  const shown = seen.slice(-MOST_EVENTS);
  return {
    events: shown.map(({ stream, revision, position, type }) => ({
      stream,
      revision: String(revision),
      position: String(position),
      type,
    })),
    absences: absences.filter((absence) => mayBeToldOf(reader, absence)),
    said,
    more: seen.length - shown.length,
    // Of a rule that was kept, that somebody else has to do with it is not told either.
    withheld: reasons.length === 0 ? 0 : events.length - seen.length,
  };
};

/** Whether the seat that the address would have left was asked what it loses: not where it may not leave. */
const wasAsked = ({ name }: CataloguedRule, given: ReadonlyArray<Rejection>, past: Past): boolean =>
  past.command.type !== 'ApproveMailboxAdd' ||
  (name !== 'oldSeatHoldsMailbox' && name !== 'impactAcknowledged') ||
  !given.some(({ type }) => type === 'AddressInUse');

/** Both seats of a reassignment may be missing, for the same reason. */
const isOf = ({ name, raises }: CataloguedRule, reason: Rejection, { command }: Past): boolean => {
  if (!raises.includes(reason.type)) return false;
  if (name !== 'sourceSeatExists' || command.type !== 'ReassignProspects') return true;
  return reason.type === 'SeatNotFound' && reason.userId === (command.fromUserId ?? command.userId);
};

/** What became of each rule, from the reasons that were given. */
const judged = (
  reader: Principal,
  past: Past,
  given: ReadonlyArray<Rejection>,
): ReadonlyArray<JudgedRule> => {
  const stages = rulesOf(past.command.type);
  const explains = (rules: ReadonlyArray<CataloguedRule>, reason: Rejection): boolean =>
    rules.some((rule) => isOf(rule, reason, past));
  const broke = stages.findIndex((rules) => given.some((reason) => explains(rules, reason)));
  // The reasons of a refusal are of one stage; a store may hold those of another release.
  const isExplained = given.every((reason) => explains(stages[broke] ?? [], reason));
  return stages.flatMap((rules, place) =>
    rules.map(({ raises, ...rule }): JudgedRule => {
      const whole = { raises, ...rule };
      const { name, clauses, demands } = rule;
      const told = { stage: place + 1, name, clauses, demands };
      const unjudged = { ...told, reasons: [], evidence: noEvidence };
      const isReached = (broke < 0 || place <= broke) && wasAsked(whole, given, past);
      if (!isReached) return { ...unjudged, verdict: 'notReached' };
      const reasons = place === broke ? given.filter((one) => isOf(whole, one, past)) : [];
      const isTold = isExplained || reasons.length > 0 || place < broke;
      if (!isTold) return { ...unjudged, verdict: 'unknown' };
      return {
        ...told,
        verdict: reasons.length > 0 ? 'broken' : 'kept',
        reasons: reasons.map((reason) => toldTo(reader, reason)),
        evidence: evidenceOf(reader, past, whole, reasons),
      };
    }),
  );
};

/** A user may ask of what they sent themselves, and of what was sent about their own seat. */
const mayAsk = (reader: Principal, { first, issue }: FoundCommand): boolean => {
  if (reader.role !== 'user') return true;
  const { role, id } = first.metadata.actor;
  if ((role === 'user' || role === 'admin') && id === reader.userId) return true;
  const command = issue?.command;
  const subject = command === undefined ? ownerOf(first) : seatOf(command);
  return subject !== undefined && mayRead(reader, subject);
};

const seatOf = (command: Command): string | undefined =>
  'userId' in command ? command.userId : undefined;

/** The command as it was given, without what another seat would have lost. */
const givenTo = (reader: Principal, { command }: Issue): IssuedCommandInput => {
  const given = IssuedCommand.encode(command);
  if (!('impact' in given) || given.impact === undefined) return given;
  if (mayRead(reader, given.impact.userId)) return given;
  const shown: IssuedCommandInput = { ...given };
  delete (shown as { impact?: unknown }).impact;
  return shown;
};

const toldAnswer = (reader: Principal, { answer }: FoundCommand): ToldAnswer => {
  if (E.isLeft(answer)) {
    const rejections = answer.left.type === 'Refused' ? answer.left.rejections : [];
    return { type: 'Refused', reasons: rejections.map((one) => toldTo(reader, one)) };
  }
  const { events } = answer.right;
  if (events.length === 0) return { type: 'AlreadySo' };
  const mayBeShown = ({ stream, data }: AddedEvent): boolean =>
    stream.startsWith('seat-')
      ? mayRead(reader, userOfSeat(stream))
      : !('userId' in data) || mayRead(reader, data.userId);
  return { type: 'Recorded', events: events.filter(mayBeShown) };
};

/** `null`: there is no such command, or none that the reader may ask about. */
export const why = async (
  engine: Engine,
  reader: Principal,
  commandId: CommandId,
): Promise<E.Either<Failure, Why | null>> => {
  const search = await findCommand(engine.store, reader.orgId, commandId);
  if (E.isLeft(search)) return search;
  const found = search.right;
  if (found === undefined || !mayAsk(reader, found)) return E.right(null);
  const { first, issue, answer } = found;
  const given = E.isLeft(answer) && answer.left.type === 'Refused' ? answer.left.rejections : [];
  const past = issue && (await readPast(engine, issue, first.position));
  if (past !== undefined && E.isLeft(past)) return past;

  const { commandType, actor, at, policyVersion } = first.metadata;
  // What it tells of a rule stands in one place for all answers.
  return E.right(
    frozen<Why>({
      commandId,
      commandType,
      command: issue === undefined ? null : givenTo(reader, issue),
      principal: issue === undefined ? null : Principal.encode(issue.principal),
      actor,
      at,
      policyVersion,
      answer: toldAnswer(reader, found),
      position: String(first.position),
      rules: past === undefined ? [] : judged(reader, past.right, given),
    }),
  );
};
