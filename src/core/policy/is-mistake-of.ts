import type { PolicyMistake } from './policy-mistake.ts';

/** Whether nobody knows what one of these sections wants: the file cannot be read at all, or says that wrongly and never said it rightly. */
export function isMistakeOf({ path, isKept }: PolicyMistake, sections: readonly string[]): boolean {
  if (isKept) return false;
  return path === '' || sections.includes(path.split('.')[0] ?? '');
}
