import { findNearestName } from '../command/nearest-name.ts';
import { Policy, policySections } from './policy.ts';

const sections: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(policySections).map(([name, schema]) => [name, Object.keys(schema.shape)]),
);

/** What an unknown key was probably meant to be: a neighbour by its spelling, or the same key in another section. */
export function findNearestKey(path: readonly string[]): string | undefined {
  const key = path.at(-1) ?? '';
  const neighbours = path.length === 1 ? Object.keys(Policy.shape) : (sections.get(path[0] ?? '') ?? []);
  const nearest = findNearestName(key, neighbours);
  if (nearest !== undefined) return [...path.slice(0, -1), nearest].join('.');
  if (Object.hasOwn(Policy.shape, key)) return key;
  const section = [...sections].find(([, keys]) => keys.includes(key));
  return section && `${section[0]}.${key}`;
}
