import type { Policy } from './policy.ts';

/** The policy as text that is the same for equal settings, whatever order they were written in. For hashing. */
export function canonicalPolicy(policy: Policy): string {
  return JSON.stringify(sortKeys(policy));
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, entry]) => [key, sortKeys(entry)]));
}
