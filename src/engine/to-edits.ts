import { redact } from '../core/sanitise/redact.ts';
import type { RepositoryRef, TreeDiff } from './port/git.ts';
import type { WorkPorts } from './work-ports.ts';

/** So much of it people are shown, and the rest is in the artifact. */
const charsShown = 4_000;

/** What took the place of git's marks, for people. */
export async function toEdits(
  { artifacts }: Pick<WorkPorts, 'artifacts'>,
  repository: RepositoryRef,
  { patch }: TreeDiff,
): Promise<{ readonly edits: string; readonly patch: string }> {
  const text = redact(patch).text;
  const edits =
    text.length > charsShown ? `${text.slice(0, charsShown)}\n… ${text.length - charsShown} more characters` : text;
  return { edits, patch: await artifacts.putText(repository.key, text) };
}
