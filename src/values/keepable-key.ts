/**
 * Whether a key comes back from a file as it went in. SQLite compares a text up to its first NUL only, and
 * holds no lone surrogates: keys that differ in such places would be one and the same.
 */
export const isKeepableKey = (key: unknown): key is string =>
  typeof key === 'string' && !key.includes('\0') && key.isWellFormed();
