/** The policy, clause by clause, on any store. */
import { type FreshStore, scenario } from '../../src/testing';
import type { Given } from './cast';
import { tenCases } from './cases';
import { approvingClauses } from './clauses-approving';
import { askingClauses } from './clauses-asking';
import { deletingClauses } from './clauses-deleting';
import { seatClauses } from './clauses-seats';
import { issuingTable } from './issuing';

/** Declares every test of the policy; `fresh` gives each of them a store that holds nothing yet. */
export const policySuite = (fresh: FreshStore): void => {
  const given: Given = (...steps) => scenario(...steps).on(fresh);
  askingClauses(given);
  approvingClauses(given);
  deletingClauses(given);
  seatClauses(given);
  tenCases(given);
  issuingTable(fresh);
};
