// A run that only reads has one task, which is made without asking a planner: what people wrote says what to look at.
import type { PlannedTask } from '../model/plan-outcome.ts';
import type { Run } from '../model/run.ts';
import { renderTexts, type SaidText } from '../prompt/render-texts.ts';

interface ReviewInput {
  readonly reads: NonNullable<Run['reads']>;
  readonly workflow: string;
  /** What people wrote, as far as it may reach a model. */
  readonly texts: readonly SaidText[];
}

export const reviewKey = 'review';

export function toReviewTask({ reads, workflow, texts }: ReviewInput): PlannedTask {
  const { pull, head } = reads;
  const what = pull
    ? `pull request #${pull.number}: what its head ${head} changes when it is merged into ${pull.base}`
    : `the repository as it is at ${head}`;
  return {
    key: reviewKey,
    title: pull ? `Review of pull request #${pull.number}` : (texts[0]?.title ?? 'Review'),
    prompt: [
      `You look at ${what}. Report what is wrong with it and change nothing.`,
      ...(texts.length > 0 ? ['What people wrote about it:', renderTexts(texts)] : []),
    ].join('\n\n'),
    role: 'feature',
    dependsOn: [],
    ownedPaths: [],
    contracts: [],
    acceptance: [],
    workflow,
  };
}
