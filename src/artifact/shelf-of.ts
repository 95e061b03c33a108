import { join } from 'node:path';

/** Where everything of one repository is kept: readable, unique, and without any separator, whatever stands in its key. */
export function shelfOf(folder: string, repository: string): string {
  return join(folder, `r-${encodeURIComponent(repository)}`);
}
