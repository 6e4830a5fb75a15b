/** Sends lanes to a ledger, and says each command before and each answer after. */
import type { Ledger } from '../../src/application/ledger';
import type { Answer } from '../../src/application/outcome';
import type { CommandInput } from '../../src/commands';
import type { Step } from '../../src/testing/builders';
import { type Lane, stepsOf } from './lanes';
import type { Line } from './transcript';

export const addressSecret = 'a secret of the crash tests';

type Say = (line: Line) => void;

/** An approval carries what the ledger says now; where that is nothing, or cannot be asked, it goes as it is. */
const withImpact = async (
  ledger: Ledger,
  [by, draft]: Step,
  commandId: string,
): Promise<CommandInput> => {
  if (!('acknowledging' in draft)) return { ...draft, commandId };
  const command: CommandInput = { ...draft.acknowledging, commandId };
  const preview = await ledger.dryRun(by, command);
  return preview._tag === 'Right' && preview.right.impact !== null
    ? ({ ...command, impact: preview.right.impact } as CommandInput)
    : command;
};

/** One lane's place in its story, which outlives the ledger it is sent to. */
export class LaneSender {
  private readonly steps: ReturnType<typeof stepsOf>;
  private sent = 0;

  constructor(
    private readonly lane: Lane,
    private readonly say: Say,
  ) {
    this.steps = stepsOf(lane);
  }

  /** Sends the next step, whatever became of the one before. */
  async next(ledger: Ledger): Promise<Answer> {
    const step = this.steps.next().value;
    const commandId = `${this.lane.writer}-${this.lane.lane}-${this.sent}`;
    this.sent += 1;
    const command = await withImpact(ledger, step, commandId);
    this.say(['sent', step[0], command]);
    const answer = await ledger.execute(step[0], command);
    this.say(['answered', commandId, answer]);
    return answer;
  }
}
