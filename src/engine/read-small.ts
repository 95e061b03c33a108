import { ExternalError } from './external-error.ts';
import type { RepositoryRef } from './port/git.ts';
import type { WorkPorts } from './work-ports.ts';

const fileBytesAtMost = 1024 * 1024;

/** A file of a commit, where it is small enough to be looked at; `text` is undefined where there is none. */
export async function readSmall(
  ports: WorkPorts,
  { repository, commit, path }: { repository: RepositoryRef; commit: string; path: string },
): Promise<{ kind: 'read'; text: string | undefined } | { kind: 'too_large' }> {
  try {
    return { kind: 'read', text: await ports.git.readFile(repository, commit, path, fileBytesAtMost) };
  } catch (error) {
    // Half a file is never given.
    if (error instanceof ExternalError && error.retry === 'never') return { kind: 'too_large' };
    throw error;
  }
}
