/**
 * Freezes `value` and everything in it. What the ledger hands out is also what it remembers: nobody may
 * change it afterwards.
 */
export const frozen = <Value>(value: Value): Value => {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const inner of Object.values(value)) frozen(inner as unknown);
  return value;
};
