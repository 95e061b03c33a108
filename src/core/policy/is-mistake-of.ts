import type { PolicyMistake } from './policy-mistake.ts';

/**
 * Whether nobody knows what one of these sections wants: the file cannot be read at all, or says that wrongly, be it by a slip in
 * the name, and never said it rightly. In the place of a section stands a key of it where that is all that matters: then
 * whatever else the file has never said is no mistake of one that cannot be read.
 */
export function isMistakeOf({ path, nearest, kept = [] }: PolicyMistake, wanted: readonly string[]): boolean {
  const sections = wanted.map(toSection);
  const isAbout = path === '' || [path, nearest ?? path].some((one) => sections.includes(toSection(one)));
  if (!isAbout || kept.includes(path)) return false;
  return !wanted.every((key) => kept.includes(key));
}

function toSection(key: string): string {
  return key.split('.')[0] ?? '';
}
