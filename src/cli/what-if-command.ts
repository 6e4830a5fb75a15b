/** `seatledger what-if`: which decisions another policy would have made otherwise. */
import * as E from 'fp-ts/lib/Either.js';
import { InvalidArgumentError } from 'commander';
import type { Difference, OtherPolicy, ToldDecision, WhatIf } from '../application/redeciding';
import { exitCodesHelp } from './exit-codes';
import { onAsked, type PastOptions, stopFor, tell, withPastOptions } from './past';
import { shownTable } from './print-past';
import type { Page } from './print-organization';
import type { Register } from './register';
import { misuse, type Stop } from './stop';
import { amountOf, grouped, printable } from './terminal';

interface WhatIfOptions extends PastOptions {
  readonly limit?: number;
  readonly overrideContracts?: boolean;
  readonly permit?: ReadonlyArray<string>;
}

const policyOf = ({ limit, overrideContracts, permit }: WhatIfOptions): OtherPolicy => ({
  ...(limit !== undefined && { mailboxLimit: limit }),
  ...(overrideContracts !== undefined && { overridesContracts: overrideContracts }),
  ...(permit !== undefined && { permittedSharedAddresses: permit }),
});

const whatIf = async (options: WhatIfOptions): Promise<E.Either<Stop, WhatIf>> => {
  if (options.overrideContracts === true && options.limit === undefined) {
    return E.left(misuse('--override-contracts needs --limit: the limit that is to hold instead.'));
  }
  return onAsked(options, async ({ ledger, reader }) => {
    const answer = await ledger.whatIf(reader, policyOf(options));
    if (E.isRight(answer)) return answer;
    // The policy was typed here: that it cannot be read is no failure of the ledger.
    const { left } = answer;
    return E.left(left.type === 'InvalidInput' ? misuse(left.message) : stopFor(left));
  });
};

const decisionText = (decision: ToldDecision): string => {
  switch (decision.type) {
    case 'accepted':
      return 'yes';
    case 'alreadySo':
      return 'already so';
    case 'refused':
      return decision.reasons
        .map(({ type, clause }) => `no: ${type}${clause === null ? '' : ` (${clause})`}`)
        .join('\n');
  }
};

const rowOf = ({ position, at, commandType, commandId, userId, ...rest }: Difference) => ({
  cells: [
    position,
    at.slice(0, 16).replace('T', ' '),
    `${commandType}\n${commandId}`,
    userId ?? '-',
    decisionText(rest.decided),
    decisionText(rest.wouldBe),
    rest.because,
  ],
});

const columns = [
  { head: 'Position', align: 'right' as const },
  { head: 'When', wraps: true },
  { head: 'Command', wraps: true },
  { head: 'Seat', wraps: true },
  { head: 'It was', wraps: true },
  { head: 'It would be', wraps: true },
  { head: 'Because of', wraps: true },
];

const policyText = (policy: OtherPolicy): string => {
  const { mailboxLimit, overridesContracts = false, permittedSharedAddresses = [] } = policy;
  const where = overridesContracts
    ? 'whatever contracts and grants say'
    : 'where no contract says otherwise';
  const parts = [
    ...(mailboxLimit === undefined ? [] : [`a limit of ${grouped(mailboxLimit)} ${where}`]),
    ...(permittedSharedAddresses.length === 0
      ? []
      : [`shared addresses permitted besides: ${permittedSharedAddresses.join(', ')}`]),
  ];
  return `The policy asked about: ${parts.join('; ') || 'the one in force'}.`;
};

/** Why a limit had no say, where that is so. */
const outranked = ({ policy, contract }: WhatIf): ReadonlyArray<string> => {
  const { mailboxLimit, overridesContracts = false } = policy;
  if (mailboxLimit === undefined || overridesContracts || contract === null) return [];
  return [
    `There has been a contract since position ${contract.since}, which allows ${grouped(contract.mailboxLimit)} now: from there on`,
    `--limit ${mailboxLimit} did not apply. To try it anyway, add --override-contracts.`,
  ];
};

const printWhatIf = (page: Page, answer: WhatIf): string => {
  const { policy, differences, commands, notCompared, unexplained } = answer;
  const lines = [
    printable(policyText(policy)),
    ...outranked(answer),
    `${amountOf(commands, 'decision')} made again: ${amountOf(differences.length, 'would be another one', 'would be others')}.`,
  ];
  if (differences.length > 0) lines.push('', shownTable(page, columns, differences.map(rowOf)));
  if (notCompared.length > 0) {
    lines.push(
      '',
      `Not compared, for several processes had a part in them: ${notCompared.join(', ')}.`,
    );
  }
  if (unexplained.length > 0) {
    lines.push(
      '',
      `Not what the policy in force says either, at the positions ${unexplained.join(', ')}. See: seatledger verify`,
    );
  }
  return lines.join('\n');
};

const whole = (typed: string): number => {
  if (/^\d{1,4}$/.test(typed)) return Number(typed);
  throw new InvalidArgumentError('Give a whole number of mailboxes.');
};

const whatIfHelp = `
Every command on record is decided again, in its order, under the other policy. "policy" says that it
would have been decided otherwise as things stood; "consequence", only because an earlier decision would
have been another one. Nothing is written. Without an option the policy is the one in force, and the list
is empty.
`;

export const registerWhatIf: Register = (program, finish) => {
  withPastOptions(
    program
      .command('what-if')
      .description('List the decisions that another policy would have made otherwise.'),
  )
    .option(
      '--limit <mailboxes>',
      'mailboxes a user may hold where no contract says otherwise',
      whole,
    )
    .option('--override-contracts', 'let --limit hold whatever contracts and grants say')
    .option('--permit <address...>', 'shared addresses that are permitted besides')
    .addHelpText('after', `${whatIfHelp}${exitCodesHelp}`)
    .action(async (options: WhatIfOptions) => {
      finish(tell(await whatIf(options), options, printWhatIf));
    });
};
