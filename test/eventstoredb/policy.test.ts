/** The whole policy and every race, through the real client and gRPC. */
import { describe, it } from '@jest/globals';
import { raceSuite, scenario } from '../../src/testing';
import { tenCases } from '../policy/cases';
import { movingClauses } from '../policy/clauses-moving';
import { policySuite } from '../policy/suite';
import { onTestServerSharing, servers } from './servers';

describe.each(servers)('the policy on %s', (_, fresh) => {
  policySuite(fresh);
});

// How appends travel changes no decision: what makes the most of them stands for the rest.
describe('the ten cases and every move, where appends share one call', () => {
  tenCases((...steps) => scenario(...steps).on(onTestServerSharing));
  movingClauses((...steps) => scenario(...steps).on(onTestServerSharing));
});

const racing = [
  ...servers,
  ['the test server, where appends share one call', onTestServerSharing],
] as const;

describe.each(racing)('the race suite, on %s', (_, fresh) => {
  const cases = raceSuite({ rounds: 2, claimers: 4, commands: 120 });
  it.each(cases.map(({ name, run }) => [name, run] as const))('%s', (_name, run) => run(fresh));
});
