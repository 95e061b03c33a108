// How much of a pull request that no run made is looked at, and by whom.
import { expect, it } from 'vitest';
import { type ReviewPolicy, reviewFocuses } from '../../../src/core/model/review.ts';
import { openCatalog } from '../../../src/core/resource/open-catalog.ts';
import { deepenReview } from '../../../src/core/review/deepen-review.ts';
import { type PullRisk, planPullReview } from '../../../src/core/review/plan-pull-review.ts';
import { createResources } from '../../../src/resource/create-resources.ts';
import { ready } from '../run/place.ts';

const calm: PullRisk = { paths: ['src/a.ts', 'src/b.ts'], conflicts: [], changedByBase: ['src/c.ts'] };
const { policy } = ready().run;
const review: ReviewPolicy = {
  reviewers: [...reviewFocuses],
  blocking: ['major'],
  fullPaths: ['src/pay/**'],
  maxInline: 6,
  push: 'after_review',
};
const run = { policy: { ...policy, review, protectedPaths: ['.github/**'] }, reads: { head: 'h' } };

it.each([
  [{}, 'selective', 'its base changed none of its files', ['correctness', 'security']],
  [
    { changedByBase: ['src/b.ts', 'src/c.ts'] },
    'targeted',
    'its base changed one of its files as well',
    ['correctness', 'concurrency', 'tests'],
  ],
  [{ paths: ['.github/workflows/ci.yml'] }, 'full', 'protected paths are touched', [...review.reviewers]],
  [{ paths: ['src/pay/a.ts'] }, 'full', 'the settings ask for it here', [...review.reviewers]],
  [
    { conflicts: ['src/a.ts'], changedByBase: ['src/a.ts'] },
    'full',
    'it conflicts with its base',
    [...review.reviewers],
  ],
])('%j is looked at %s', (more, depth, why, reviewers) => {
  expect(planPullReview(run, { ...calm, ...more })).toMatchObject({ depth, why, reviewers });
});

it('is full where somebody asked for it, and by everybody where the settings have nothing of runs reviewed', () => {
  const { review: _, ...without } = run.policy;
  const asked = { policy: without, reads: { head: 'h', isFull: true } };
  expect(planPullReview(asked, calm)).toEqual({
    ...{ depth: 'full', why: 'somebody asked for it', paths: [] },
    reviewers: ['correctness', 'concurrency', 'tests', 'security', 'simplification'],
  });
});

it('has further readers beside those of the workflow, whose claims are checked with the others', async () => {
  const catalog = openCatalog(await createResources(undefined).read(), { agents: ['pi'], models: [] });
  const workflow = catalog.workflows.get('review');
  if (!workflow) throw new Error('there is a workflow for reviews');
  expect(deepenReview(workflow, planPullReview(run, calm))).toBe(workflow);
  const deeper = deepenReview(workflow, planPullReview(run, { ...calm, changedByBase: ['src/b.ts'] }));
  expect(deeper.steps.map(({ id, parallel }) => `${id} ${parallel ?? 'alone'}`)).toEqual([
    ...['explore alone', 'code-review reviews', 'security-review reviews', 'concurrency reviews', 'tests reviews'],
    'verify alone',
  ]);
  const [readers = '', check = ''] = deeper.body.split('## verify');
  expect(readers).toContain('## concurrency');
  expect(readers).toContain('Look first at: src/b.ts.');
  expect(check).toMatch(/\{output:security-review\}\s+\{output:concurrency\}\s+\{output:tests\}\s+$/);
  const alone = { ...workflow, steps: workflow.steps.slice(0, -1) };
  expect(deepenReview(alone, planPullReview({ ...run, reads: { head: 'h', isFull: true } }, calm))).toBe(alone);
});
