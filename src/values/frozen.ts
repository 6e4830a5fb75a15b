/**
 * Freezes `value` and everything in it. What the ledger hands out is also what it remembers: nobody may
 * change it afterwards.
 */
export const frozen = <Value>(value: Value): Value => {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  if (Array.isArray(value)) value.forEach(frozen);
  // A list of the values would be made for every event.
  else for (const field in value) frozen(value[field]);
  return value;
};
