// What a run observed about the repository. It reaches other runs only through the notes file, which people change and
// review like everything else there.
import type { Run } from '../model/run.ts';
import { quoteCode, quoteInline } from './quote-inline.ts';

export function renderLearnings({ learnings = [], policy }: Run): string {
  if (learnings.length === 0) return '';
  const lines = learnings.map(
    ({ text, quote, task, attempt, command }) =>
      `- ${quoteInline(text, 500)} (${quoteCode(command)} of ${quoteCode(task)}, attempt ${attempt}, printed ${quoteCode(quote, 300)})`,
  );
  const where =
    policy.notesFile === undefined
      ? 'a file that `notes.file` in `.github/gatepilot.yml` names'
      : quoteCode(policy.notesFile);
  const what = learnings.length === 1 ? 'one thing' : `${learnings.length} things`;
  return `<details><summary>Learned (${what})</summary>\n\nA model concluded this from words that a command printed; that the words stand there was checked. Other agents of this run are told; later runs know what stands in ${where} on the default branch.\n\n${lines.join('\n')}\n\n</details>`;
}
