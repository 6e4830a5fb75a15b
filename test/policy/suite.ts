/** The policy, clause by clause, on any store. */
import { type FreshStore, scenario } from '../../src/testing';
import type { Given } from './cast';
import { tenCases } from './cases';
import { approvingClauses } from './clauses-approving';
import { askingClauses } from './clauses-asking';
import { deletingClauses } from './clauses-deleting';
import { movingClauses } from './clauses-moving';
import { rescuingClauses } from './clauses-rescuing';
import { seatClauses } from './clauses-seats';
import { issuingTable } from './issuing';
import { precedence } from './precedence';
import { stateMachines } from './states';

/** Declares every test of the policy; `fresh` gives each of them a store that holds nothing yet. */
export const policySuite = (fresh: FreshStore): void => {
  const given: Given = (...steps) => scenario(...steps).on(fresh);
  askingClauses(given);
  approvingClauses(given);
  movingClauses(given);
  deletingClauses(given);
  rescuingClauses(given);
  seatClauses(given);
  tenCases(given);
  issuingTable(fresh);
  precedence(given);
  stateMachines(given);
};
