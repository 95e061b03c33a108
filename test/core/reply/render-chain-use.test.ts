// Whoever was asked for and did not do it is told, wherever a model or a coding agent had to be replaced.
import { expect, it } from 'vitest';
import type { ChainUse } from '../../../src/core/model/chain-use.ts';
import type { AttemptOutcome } from '../../../src/core/model/result.ts';
import { renderPullBody } from '../../../src/core/reply/render-pull-body.ts';
import { renderSticky } from '../../../src/core/reply/render-sticky.ts';
import { anchored, failedAttempt, integrated, judged, planned, red, some, withItems } from '../run/outcome.ts';
import { planning } from '../run/place.ts';

const instead = (role: string): ChainUse => ({ requested: 'large', used: 'small', why: `${role}: overloaded` });
const same: ChainUse = { requested: 'large', used: 'large' };

function play(use: (role: string) => ChainUse) {
  const step = { id: 'build', role: 'coder', access: 'write', state: 'done', seconds: 2 } as const;
  const decision = {
    failureAnalysis: [],
    strategies: [{ task: 'b', action: 'retry_same', reason: 'Once more.' }],
    routedContext: [],
    skip: [],
    learnings: [],
    batches: [['b']],
    verdict: 'continue',
    verdictReason: 'Once more.',
  };
  const built = anchored() as Extract<AttemptOutcome, { kind: 'anchored' }>;
  const steps = [{ ...step, driver: same, model: use('agent') }];
  const plan = planned(['a', 'b']);
  const world = planning()
    .finish('plan', { ...plan, tasks: plan.tasks.map(withItems), model: use('planner') })
    .finish('r1-attempt-a-1-1', { ...built, workflow: 'direct', steps })
    .finish('r1-attempt-b-1-2', failedAttempt(red))
    .finish('attempt', failedAttempt(red))
    .finish('integrate', integrated(['a']));
  world.finish('acceptance', { ...judged(world.run.tasks.slice(0, 1)), model: use('reviewer') });
  return world.finish('pilot', {
    kind: 'decided',
    decision,
    exchange: 'exchange',
    model: use('pilot'),
    seconds: 1,
    spend: some,
  });
}

it('says of planner, agent, reviewer and pilot which model answered instead of which, and why', () => {
  const { run } = play(instead);
  const told = renderSticky(run, 1);
  for (const [line, role] of [
    ['> answered by the model', 'planner'],
    ['`build` (`coder` with the model', 'agent'],
    ['- answered by the model', 'pilot'],
  ])
    expect(told).toContain(`${line} \`small\` instead of \`large\`, since ${role}: overloaded`);
  expect(run.acceptances.map(({ model }) => model)).toEqual([instead('reviewer')]);
  expect(told).toContain('- answered by the model `small` instead of `large`, since reviewer: overloaded');
});

it('keeps of each who was asked for and who answered, also where that is the same, and then says nothing', () => {
  const { record, run } = play(() => same);
  expect([run.plan?.model, run.acceptances[0]?.model, run.boundaries[0]?.model]).toEqual([same, same, same]);
  expect(run.tasks[0]?.attempts[0]?.steps?.[0]?.model).toEqual(same);
  expect(`${renderSticky(run, 1)}${renderPullBody(record, run)}`).not.toContain('instead of');
});
