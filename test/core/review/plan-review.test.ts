// How much of a run is reviewed, by what can go wrong.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ReviewPolicy } from '../../../src/core/model/review.ts';
import type { Run } from '../../../src/core/model/run.ts';
import { planReview } from '../../../src/core/review/plan-review.ts';
import { toReviewWorkflow } from '../../../src/core/review/review-workflow.ts';
import { builtInFolder } from '../../../src/resource/create-resources.ts';
import { anchored, integrated, sha, verified } from '../run/outcome.ts';
import { attempting, verifying } from '../run/place.ts';

const policy: ReviewPolicy = {
  reviewers: ['correctness', 'concurrency', 'tests', 'security', 'simplification'],
  blocking: ['critical', 'major'],
  fullPaths: [],
  maxInline: 6,
  push: 'after_review',
};

/** Both tasks merged, with the files that each changed. */
function runOf(...paths: readonly string[][]): Run {
  const keys = paths.map((_, at) => String.fromCharCode(97 + at));
  const world = attempting(keys);
  for (const [at, own] of paths.entries()) {
    const built = anchored(sha(String(at + 1)));
    world.finish(`r1-attempt-${keys[at]}-1-${at + 1}`, built.kind === 'anchored' ? { ...built, paths: own } : built);
  }
  return world.finish('integrate', integrated(keys)).run;
}

describe('30 risk-plan', () => {
  it('single: one task alone is looked at by the two reviewers that most often find something', () => {
    expect(planReview(verifying().run, policy)).toEqual({
      depth: 'selective',
      why: 'no two tasks met in a file',
      reviewers: ['correctness', 'security'],
      paths: [],
    });
  });

  it('disjoint: so are tasks that met nowhere', () => {
    expect(planReview(runOf(['a.ts'], ['b.ts']), policy)).toMatchObject({ depth: 'selective' });
  });

  it('overlap: where tasks met in a file, that is looked at first, by those who look at what meets', () => {
    expect(planReview(runOf(['a.ts', 'shared.ts'], ['b.ts', 'shared.ts']), policy)).toEqual({
      depth: 'targeted',
      why: 'several tasks changed one file',
      reviewers: ['correctness', 'concurrency', 'tests'],
      paths: ['shared.ts'],
    });
  });

  it('conflict: where an agent settled one, everybody looks', () => {
    const run = runOf(['a.ts', 'shared.ts'], ['b.ts', 'shared.ts']);
    const repair = { paths: ['shared.ts'], secondary: [], removed: [] };
    const tasks = run.tasks.map((task) => ({
      ...task,
      attempts: task.attempts.map((attempt) => (task.key === 'b' ? { ...attempt, repair } : attempt)),
    }));
    expect(planReview({ ...run, tasks }, policy)).toEqual({
      depth: 'full',
      why: 'a conflict was settled by an agent',
      reviewers: policy.reviewers,
      paths: ['shared.ts'],
    });
  });
});

describe('everybody looks', () => {
  it('where protected paths are touched', () => {
    const run = verifying().finish('verify', verified(sha('1'), 0, { touched: ['.github/workflows/ci.yml'] })).run;
    expect(planReview(run, policy)).toMatchObject({ depth: 'full', paths: ['.github/workflows/ci.yml'] });
  });

  it('where the settings ask for it', () => {
    const run = verifying().finish('verify', verified(sha('1'), 0, { grave: ['src/auth/a.ts'] })).run;
    expect(planReview(run, { ...policy, fullPaths: ['src/auth/**'] })).toMatchObject({
      depth: 'full',
      why: 'the settings ask for it here',
      paths: ['src/auth/a.ts'],
    });
  });
});

it('asks only reviewers that the settings name, and all of these where they name none of the usual ones', () => {
  const { run } = verifying();
  expect(planReview(run, { ...policy, reviewers: ['security', 'tests'] }).reviewers).toEqual(['security']);
  expect(planReview(run, { ...policy, reviewers: ['simplification'] }).reviewers).toEqual(['simplification']);
});

it('becomes a workflow whose last step sees what every reviewer claims', () => {
  const plan = planReview(runOf(['a.ts', 'shared.ts'], ['b.ts', 'shared.ts']), policy);
  const { steps, body } = toReviewWorkflow(plan);
  expect(steps.map(({ id, role }) => `${id}: ${role}`)).toEqual([
    'correctness: reviewer',
    'concurrency: reviewer',
    'tests: reviewer',
    'check: verifier',
  ]);
  for (const focus of plan.reviewers) expect(body).toContain(`{output:${focus}}`);
  expect(body).toContain('Look first at: shared.ts.');
});

it('asks whoever checks for the same evidence as the workflow that reviews pull requests of people', () => {
  const { body } = toReviewWorkflow(planReview(verifying().run, policy));
  const asked = body.slice(
    body.indexOf('Check these claims'),
    body.indexOf('\n\n', body.indexOf('Check these claims')),
  );
  expect(asked).toContain('"kind": "command"');
  expect(readFileSync(join(builtInFolder, 'workflows/review.md'), 'utf8')).toContain(asked);
});
