/** What a host gives as a view of its own, looked at before anything follows the log for it. */

const isObject = (given: unknown): given is Readonly<Record<string, unknown>> =>
  typeof given === 'object' && given !== null;

const isProjection = (given: unknown): boolean => {
  if (!isObject(given)) return false;
  const { name, version, handles, tables, evolve } = given;
  return (
    typeof name === 'string' &&
    typeof version === 'number' &&
    isObject(handles) &&
    typeof handles['has'] === 'function' &&
    Array.isArray(tables) &&
    typeof evolve === 'function'
  );
};

/** @throws TypeError when it is no view, or its projection is none, and says what each is */
export const demandView = (given: unknown): void => {
  if (!isObject(given) || !isProjection(given['projection'])) {
    throw new TypeError(
      'A view needs a projection, which defineProjection({ name, version, tables, on }) of seatledger/projections makes.',
    );
  }
  const { keyFields, filterFields, get, list } = given;
  const isWhole =
    isObject(keyFields) &&
    isObject(filterFields) &&
    typeof get === 'function' &&
    typeof list === 'function';
  if (isWhole) return;
  throw new TypeError(
    'A view needs the objects keyFields and filterFields, and the functions get and list, beside its projection.',
  );
};
