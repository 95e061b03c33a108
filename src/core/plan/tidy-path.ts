import { hasWildcard } from './glob.ts';
import { splitPath } from './protected-path.ts';

/** The same places in one spelling, so that equal paths are equal texts. Only for paths that parseGlob accepts. */
export function tidyPath(path: string): string {
  const names = splitPath(path);
  const isBelowPattern = path.endsWith('/') && hasWildcard(names.at(-1) ?? '') && names.at(-1) !== '**';
  return names.length === 0 ? '**' : [...names, ...(isBelowPattern ? ['**'] : [])].join('/');
}
