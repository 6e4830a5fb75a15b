/** The whole policy and every race, through the real client and gRPC. */
import { describe, it } from '@jest/globals';
import { raceSuite } from '../../src/testing';
import { policySuite } from '../policy/suite';
import { servers } from './servers';

describe.each(servers)('the policy on %s', (_, fresh) => {
  policySuite(fresh);
});

describe.each(servers)('the race suite, on %s', (_, fresh) => {
  const cases = raceSuite({ rounds: 2, claimers: 4, commands: 120 });
  it.each(cases.map(({ name, run }) => [name, run] as const))('%s', (_name, run) => run(fresh));
});
