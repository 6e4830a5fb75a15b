/** Every clause of the policy, on every store. */
import { describe } from '@jest/globals';
import { inMemory, inSqlite } from './stores';
import { policySuite } from './suite';

describe.each([
  ['memory', inMemory],
  ['sqlite', inSqlite],
])('the policy on %s', (_, fresh) => {
  policySuite(fresh);
});
