import { redact } from '../core/sanitise/redact.ts';

/** Token-shaped strings in the lines that a patch adds. What was in the repository before is not ours to judge. */
export function countSecrets(patch: string): number {
  const added = patch.split('\n').filter((line) => line.startsWith('+') && !line.startsWith('+++ '));
  return redact(added.map((line) => line.slice(1)).join('\n')).count;
}
