import { expect, it } from 'vitest';
import type { PlanRoute } from '../../../src/core/model/plan-outcome.ts';
import { renderRoute } from '../../../src/core/reply/render-route.ts';
import { attempting } from '../run/place.ts';

function route(more: Partial<PlanRoute>): string {
  const { run } = attempting(['a']);
  const plain: PlanRoute = { workflow: 'direct', by: 'nothing', because: [], confidence: 0.5, asksApproval: false };
  return renderRoute({ ...run, ...(run.plan ? { plan: { ...run.plan, route: { ...plain, ...more } } } : {}) });
}

const other = 'another one: `/pilot run --workflow <name>` on a new run.';

it.each<[Partial<PlanRoute>, string]>([
  [{ by: 'nothing' }, 'Workflow `direct`: nothing in the issue speaks for another one'],
  [{ by: 'named', workflow: 'default' }, 'Workflow `default`: it was asked for'],
  [
    { by: 'label', because: ['bug'], confidence: 0.9 },
    'Workflow `direct`: the issue is labelled `bug` (confidence 90 %)',
  ],
  [
    { by: 'words', because: ['crash', 'fix'] },
    'Workflow `direct`: the issue speaks of `crash`, `fix` (confidence 50 %)',
  ],
])('says in one line which workflow was chosen, why, and how another one is asked for: $by', (chosen, told) => {
  expect(route(chosen)).toBe(`${told}; ${other}`);
});
