/** What a caller is told. All of it is plain JSON: revisions and positions are decimal strings. */
import * as E from 'fp-ts/lib/Either.js';
import type { NonEmptyArray } from 'fp-ts/lib/NonEmptyArray.js';
import type { Impact } from '../seat';
import type { CommandId } from '../values/ids';
import type { Rejection } from '../rejection';
import type { AnyEvent } from './decode-event';
import type { Failure } from './failures';

/** One event that a command added. */
export interface AddedEvent {
  readonly type: AnyEvent['type'];
  readonly data: AnyEvent['data'];
  readonly stream: string;
  readonly revision: string;
}

/** Yes. No events: what was asked for was already so. */
export interface RecordedCommand {
  readonly type: 'Recorded';
  readonly commandId: CommandId;
  readonly events: ReadonlyArray<AddedEvent>;
  /** Position in the log of the last event that this answer rests on. */
  readonly position: string;
}

/** No, for these reasons in order of precedence. Nothing that was asked for has happened. */
export interface Refused {
  readonly type: 'Refused';
  /** `null` for a question that was not allowed. */
  readonly commandId: CommandId | null;
  readonly rejections: NonEmptyArray<Rejection>;
  /** Where the refusal is recorded; `null` for a dry run or a question. */
  readonly position: string | null;
}

/** What a command would add if it were sent now. Nothing has been recorded. */
export interface Preview {
  readonly type: 'Preview';
  readonly commandId: CommandId;
  readonly events: ReadonlyArray<Pick<AddedEvent, 'type' | 'data' | 'stream'>>;
  /** What would be lost, ready to be handed back as acknowledged; `null` where nothing is deleted. */
  readonly impact: Impact | null;
}

export type Answer = E.Either<Refused | Failure, RecordedCommand>;
export type DryAnswer = E.Either<Refused | Failure, Preview>;

/** An event that stands in the log, as it was appended or read back. */
export interface PlacedEvent {
  readonly type: AnyEvent['type'];
  readonly data: AnyEvent['data'];
  readonly stream: string;
  readonly revision: bigint;
}

interface Answered {
  readonly commandId: CommandId;
}

export const recorded = (
  { commandId }: Answered,
  events: ReadonlyArray<PlacedEvent>,
  position: bigint,
): Answer =>
  E.right({
    type: 'Recorded',
    commandId,
    events: events.map(({ type, data, stream, revision }) => ({
      type,
      data,
      stream,
      revision: String(revision),
    })),
    position: String(position),
  });

export const refused = (
  { commandId }: Answered,
  rejections: NonEmptyArray<Rejection>,
  position: bigint,
): Answer => E.left({ type: 'Refused', commandId, rejections, position: String(position) });
