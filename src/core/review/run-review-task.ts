// What reviewers of a run's own work are told: what was asked for, and what would be merged. Not what the builders thought.
import type { Attempt, Run, Task } from '../model/run.ts';
import { fence } from '../sanitise/fence.ts';
import { reviewKey } from './review-task.ts';

interface About {
  readonly number: number;
  readonly base: string;
  readonly startedAt: number;
}

export function toRunReviewTask(run: Run, { number, base, startedAt }: About): Task {
  const asked = run.tasks
    // What was to be mended is claimed again, for whoever checks: who looks anew is not told what others found.
    .filter(({ state, fixes }) => state.kind === 'merged' && fixes === undefined)
    .map(({ title, prompt, acceptance }) =>
      [title, fence(prompt), ...acceptance.map(({ text }) => `- ${text}`)].join('\n'),
    );
  return {
    key: reviewKey,
    title: 'Review before the merge',
    prompt: [
      'You review a change before it is merged. Report what is wrong with it and change nothing. Whoever wrote it was asked for this:',
      ...asked,
    ].join('\n\n'),
    role: 'feature',
    dependsOn: [],
    ownedPaths: [],
    contracts: [],
    acceptance: [],
    state: { kind: 'running' },
    attempts: Array.from({ length: number }, (_, at): Attempt => ({ number: at + 1, base, startedAt })),
    facts: [],
  };
}
