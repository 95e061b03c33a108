/**
 * A copy that shares nothing with its original, of what JSON can hold. Every decision begins with one of its record, and
 * `structuredClone`, which can copy much more, takes several times as long.
 */
export function copyPlain<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copyPlain) as T;
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const part = copyPlain(value[key as keyof T]);
    // Assigned, this one would be no key.
    if (key === '__proto__')
      Object.defineProperty(copy, key, { value: part, enumerable: true, configurable: true, writable: true });
    else copy[key] = part;
  }
  return copy as T;
}
