/** The policy, clause by clause, on any store. */
import { type FreshStore, scenario } from '../../src/testing';
import { askingClauses } from './clauses-asking';
import type { Given } from './cast';

export const policySuite = (fresh: FreshStore): void => {
  const given: Given = (...steps) => scenario(...steps).on(fresh);
  askingClauses(given);
};
