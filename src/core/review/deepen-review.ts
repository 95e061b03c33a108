// A review by a workflow, with more readers where more can go wrong: each looks for one thing, beside the readers that there are, and
// what it claims is checked by whoever checks the others.
import type { ReviewFocus, ReviewPlan } from '../model/review.ts';
import type { Workflow } from '../resource/resource.ts';
import { renderFocus } from './review-workflow.ts';

/** What the readers of the workflow look for without being told. */
const usual: readonly ReviewFocus[] = ['correctness', 'security'];

/** One that does not end with somebody who checks stays as it is. */
export function deepenReview(workflow: Workflow, { reviewers, paths }: ReviewPlan): Workflow {
  const last = workflow.steps.at(-1);
  const known = new Set(workflow.steps.map(({ id }) => id));
  const more = reviewers.filter((focus) => !usual.includes(focus) && !known.has(focus));
  const marker = `## ${last?.id}\n`;
  const at = workflow.body.indexOf(marker);
  if (last?.role !== 'verifier' || more.length === 0 || at < 0) return workflow;
  const group = workflow.steps.find(({ parallel }) => parallel !== undefined)?.parallel ?? 'reviews';
  const sections = more.map((focus) => `${renderFocus(focus, paths)}\n\n`).join('');
  const claims = more.map((focus) => `\n\n{output:${focus}}`).join('');
  const steps = more.map((focus) => ({
    id: focus,
    role: 'reviewer',
    parallel: group,
    verify: false,
    skills: ['findings'],
  }));
  return {
    ...workflow,
    steps: [...workflow.steps.slice(0, -1), ...steps, last],
    body: `${workflow.body.slice(0, at)}${sections}${workflow.body.slice(at).trimEnd()}${claims}\n`,
  };
}
