/** Settings as text that is the same for equal ones, whatever order they were written in. For hashing. */
export function canonicalText(settings: unknown): string {
  return JSON.stringify(sortKeys(settings));
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, entry]) => [key, sortKeys(entry)]));
}
