/** What a case of the race suite is made of. */
import type { Rejection } from '../../rejection';
import type { ContractCase } from '../store-contract/contract-case';
import type { Settled } from './answer-audit';
import { Race, type RaceSettings } from './race';

/** One race, run again and again on a log that keeps growing. */
export interface Scene {
  readonly setUp?: (race: Race) => Promise<void>;
  readonly round: (race: Race, round: number) => Promise<void>;
  /** How often; as the settings say, unless given. */
  readonly rounds?: number;
}

/** A case of the given name, for given settings. */
export type RaceCase = (settings: RaceSettings) => ContractCase;

const play = async (race: Race, { setUp, round, rounds }: Scene): Promise<void> => {
  await setUp?.(race);
  const most = rounds ?? race.settings.rounds;
  for (let number = 0; number < most; number += 1) {
    try {
      await round(race, number);
      await race.judge();
    } catch (error) {
      const what = error instanceof Error ? error.message : String(error);
      throw new Error(`round ${number} of ${most}, seed ${race.settings.seed}: ${what}`, {
        cause: error,
      });
    }
  }
  await race.judgeViews();
};

export const raceCase =
  (name: string, scene: Scene): RaceCase =>
  (settings) => ({
    name,
    run: async (fresh) => {
      const { connector, dispose } = await fresh();
      try {
        const race = await Race.open(connector, settings);
        try {
          await play(race, scene);
        } finally {
          await race.close();
        }
      } finally {
        await dispose();
      }
    },
  });

type Reason = Rejection['type'];

export const isYes = (answer: Settled | undefined): boolean => answer?._tag === 'Right';

const shortly = (answer: Settled): string =>
  answer._tag === 'Right'
    ? `yes (${answer.right.events.map(({ type }) => type).join(', ') || 'already so'})`
    : `no (${answer.left.rejections.map(({ type }) => type).join(', ')})`;

/** @throws Error unless as many as that were told yes */
export const yeses = (what: string, count: number, answers: ReadonlyArray<Settled>): void => {
  if (answers.filter(isYes).length === count) return;
  throw new Error(`${what}: ${count} should be a yes, but: ${answers.map(shortly).join('; ')}`);
};

/** @throws Error unless whoever was told no was told one of these reasons, and no other */
export const noOtherReasons = (
  what: string,
  reasons: ReadonlyArray<Reason>,
  answers: ReadonlyArray<Settled>,
): void => {
  for (const answer of answers) {
    if (answer._tag === 'Right') continue;
    if (answer.left.rejections.every(({ type }) => reasons.includes(type))) continue;
    throw new Error(`${what}: a no for one of ${reasons.join(', ')}; got ${shortly(answer)}`);
  }
};

export const demand = (isSo: boolean, what: string): void => {
  if (!isSo) throw new Error(what);
};

export const upTo = (count: number): ReadonlyArray<number> =>
  Array.from({ length: count }, (_, index) => index);
