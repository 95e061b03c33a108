// What an agent is told that settles a conflict between the branch of a run and what was merged into its base meanwhile.
import type { Run } from '../model/run.ts';
import { quoteCode } from '../reply/quote-inline.ts';
import { fence } from '../sanitise/fence.ts';
import { renderDenials } from './render-denials.ts';
import { listLearnings, renderKnown } from './render-known.ts';
import { cutPatch, type RepairView, renderRepairRules } from './render-repair-prompt.ts';

export function renderBaseRepairPrompt(run: Run, { marked, own, others, notes }: RepairView): string {
  const branch = quoteCode(run.base.branch);
  const tasks = run.tasks.filter(({ state }) => state.kind === 'merged').map(({ title }) => `- ${title}`);
  return [
    `# Settle a conflict\n\nA branch is built and verified. ${branch} has moved since. Merged with that, these files conflict and hold git's marks:\n\n${marked.map((path) => `- ${path}`).join('\n')}`,
    `# Keep both\n\nOf each conflict the first side is the branch, the second is ${branch}. Both were asked for and both passed. Keep what either of them added, and where one line cannot be both, keep what both were meant to do. Take every mark away.`,
    tasks.length === 0 ? '' : `# What the branch was asked for\n\n${fence(tasks.join('\n'))}`,
    renderDenials(run),
    `# What the branch changed\n\n${cutPatch(own)}`,
    `# What ${branch} changed\n\n${cutPatch(others)}`,
    ...renderKnown({ learnings: listLearnings(run), notes }),
    renderRepairRules(run),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}
