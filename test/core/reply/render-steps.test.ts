// Who did what in which attempt, as the details of the status comment say it.
import { expect, it } from 'vitest';
import type { StepReport } from '../../../src/core/model/step-report.ts';
import { renderSteps } from '../../../src/core/reply/render-steps.ts';
import { working } from './reply-world.ts';

const step = (id: string, role: string): StepReport => ({ id, role, access: 'write', state: 'done', seconds: 2 });

function render(...attempts: { repaired?: true; steps: StepReport[] }[]): string[] {
  const { run } = working();
  const [task] = run.tasks;
  if (!task) throw new Error('there are tasks');
  const [first] = task.attempts;
  if (!first) throw new Error('it was tried');
  task.attempts = attempts.map(({ repaired, steps }, at) => ({
    ...first,
    number: at + 1,
    steps,
    ...(repaired ? { repair: { paths: ['a.txt'], secondary: [], removed: [] } } : { workflow: 'direct' }),
  }));
  return renderSteps({ ...run, tasks: [task] })
    .split('\n')
    .filter((line) => line.startsWith('- '));
}

it('tells of the newest attempt alone', () => {
  expect(render({ steps: [step('plan', 'planner')] }, { steps: [step('build', 'coder')] })).toEqual([
    '- `parse`, attempt 2, `direct`: `build` (`coder`, 2 s)',
  ]);
});

it('tells of a repair, and of what it repairs', () => {
  const built = { steps: [step('build', 'coder')] };
  expect(
    render({ steps: [step('old', 'coder')] }, built, { repaired: true, steps: [step('settle', 'repair')] }),
  ).toEqual([
    '- `parse`, attempt 2, `direct`: `build` (`coder`, 2 s)',
    '- `parse`, attempt 3, repair of a conflict: `settle` (`repair`, 2 s)',
  ]);
});

it('tells of what was built anew after a repair without that repair', () => {
  const settled = { repaired: true, steps: [step('settle', 'repair')] } as const;
  expect(
    render(
      { steps: [step('old', 'coder')] },
      { ...settled, steps: [...settled.steps] },
      { steps: [step('build', 'coder')] },
    ),
  ).toEqual(['- `parse`, attempt 3, `direct`: `build` (`coder`, 2 s)']);
});
