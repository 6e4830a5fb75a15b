/** What a host gives as a view of its own, looked at before anything follows the log for it. */
import { nearest } from '../../values/nearest';

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

const FIELDS = ['projection', 'keyFields', 'filterFields', 'owner', 'get', 'list'];

/** A view may have more than is asked of it; what is named nearly like a field was meant to be that field. */
const demandNoSlip = (fields: ReadonlyArray<string>): void => {
  for (const field of fields) {
    const meant = FIELDS.includes(field) ? undefined : nearest(field, FIELDS);
    if (meant !== undefined && !fields.includes(meant)) {
      throw new TypeError(`A view has no field ${field}. Did you mean ${meant}?`);
    }
  }
};

/** @throws TypeError when it is no view, or its projection is none, and says what each is */
export const demandView = (given: unknown): void => {
  if (!isObject(given) || !isProjection(given['projection'])) {
    throw new TypeError(
      'A view needs a projection, which defineProjection({ name, version, tables, on }) of seatledger/projections makes.',
    );
  }
  demandNoSlip(Object.keys(given));
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
