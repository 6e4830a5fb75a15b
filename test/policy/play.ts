/** A random sequence of commands as it was sent and answered, for properties to look at. */
import { isRight } from 'fp-ts/lib/Either.js';
import type { Answer, CommandInput, DryAnswer, Ledger, PrincipalInput } from '../../src';
import type { RecordedEvent } from '../../src';
import { Stage, type Step } from '../../src/testing';

/** One command that was sent, and what it did to the log. */
export interface Sent {
  readonly by: PrincipalInput;
  /** As it was sent, with whatever impact it acknowledged. */
  readonly command: CommandInput;
  /** What the dry run said just before. */
  readonly preview: DryAnswer;
  readonly answer: Answer;
  /** Whether the dry run added anything to the log. */
  readonly previewAdded: number;
  readonly added: ReadonlyArray<RecordedEvent>;
}

export interface Played {
  readonly sent: ReadonlyArray<Sent>;
  readonly log: ReadonlyArray<RecordedEvent>;
}

interface Numbered {
  readonly command: CommandInput;
  readonly isAcknowledging: boolean;
}

const numbered = ([, command]: Step): Numbered =>
  'acknowledging' in command
    ? { command: command.acknowledging as CommandInput, isAcknowledging: true }
    : { command: command as CommandInput, isAcknowledging: false };

/** What is sent for a step: an approval acknowledges what the ledger says is lost now. */
export const toSend = async (
  ledger: Ledger,
  step: Step,
): Promise<{ readonly command: CommandInput; readonly preview: DryAnswer }> => {
  const { command, isAcknowledging } = numbered(step);
  const preview = await ledger.dryRun(step[0], command);
  if (!isAcknowledging || !isRight(preview) || preview.right.impact === null) {
    return { command, preview };
  }
  return { command: { ...command, impact: preview.right.impact } as CommandInput, preview };
};

/** Sends all of it to a new ledger, lets `look` see the stage at the end, and closes. */
export const played = async <Result>(
  steps: ReadonlyArray<Step>,
  look: (all: Played, stage: Stage) => Promise<Result>,
): Promise<Result> => {
  const stage = await Stage.open();
  try {
    const sent: Array<Sent> = [];
    let length = (await stage.log()).length;
    for (const step of steps) {
      const { command, preview } = await toSend(stage.ledger, step);
      const previewAdded = (await stage.log()).length - length;
      const answer = await stage.ledger.execute(step[0], command);
      const log = await stage.log();
      sent.push({ by: step[0], command, preview, answer, previewAdded, added: log.slice(length) });
      length = log.length;
    }
    return await look({ sent, log: await stage.log() }, stage);
  } finally {
    await stage.close();
  }
};
