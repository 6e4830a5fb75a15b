/** Races for prospects that stopped with their mailbox (P20). */
import {
  acknowledging,
  agent,
  approveDelete,
  type CommandDraft,
  holding,
  reassign,
  recordSequence,
  requestDelete,
  seated,
  type Step,
  system,
  user,
} from '../builders';
import { demand, raceCase, upTo, yeses } from './race-case';

const STOPPED = 4;

const reassigned = raceCase('prospects that two seats take over at once go on from one of them', {
  round: async (race, round) => {
    const [source, one, two] = ['source', 'one', 'two'].map((name) => user(`${name}-${round}`));
    if (source === undefined || one === undefined || two === undefined) return;
    const address = (name: string): string => `${name}.${round}@acme.example`;
    const states = upTo(STOPPED).map((index) => `state-${round}-${index}`);
    const prospects = states.map((state) => `p-${state}`);
    await race.prepare(
      ...seated(source, one, two),
      ...holding(source, address('kim')),
      ...states.map((state): Step => [
        system,
        recordSequence(source, address('kim'), state, 'active'),
      ]),
      [source, requestDelete(source, address('kim'))],
      [agent, acknowledging(approveDelete(source, address('kim')))],
      ...holding(one, address('lee')),
      ...holding(two, address('sam')),
    );
    const from = { fromUserId: source.userId };
    const takes: ReadonlyArray<CommandDraft> = [
      reassign(one, address('lee'), { ...from, prospectIds: prospects.slice(1) }),
      reassign(two, address('sam'), { ...from, prospectIds: prospects.slice(0, -1) }),
      reassign(two, address('sam'), { ...from, prospectIds: prospects }),
      reassign(one, address('lee'), { ...from, prospectIds: prospects }),
    ];
    const answers = await race.race(...takes.map((take): Step => [system, take]));
    yeses('taking over', takes.length, answers);
    await race.judge();
    for (const state of states) {
      const runners = race.audit.seatsRunning(state);
      demand(runners.length === 1, `${state} runs on ${runners.join(' and ') || 'no seat'}`);
    }
  },
});

export const prospectCases = [reassigned];
