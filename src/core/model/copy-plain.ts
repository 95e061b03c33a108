/**
 * A copy that shares nothing with its original, of what JSON can hold. Every decision begins with one of its record, and
 * `structuredClone`, which can copy much more, takes several times as long.
 */
export function copyPlain<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copyPlain) as T;
  // Not by assignment: a key may be called "__proto__".
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, copyPlain(part)])) as T;
}
