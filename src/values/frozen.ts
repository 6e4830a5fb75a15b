/**
 * Freezes `value` and everything in it, however deep. What the ledger hands out is also what it remembers:
 * nobody may change it afterwards.
 */
export const frozen = <Value>(value: Value): Value => {
  const waiting: Array<unknown> = [value];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (typeof next !== 'object' || next === null || Object.isFrozen(next)) continue;
    Object.freeze(next);
    for (const inner of Object.values(next)) {
      if (typeof inner === 'object') waiting.push(inner);
    }
  }
  return value;
};
