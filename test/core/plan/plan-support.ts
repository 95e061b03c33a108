// Short ways to write plans in tests. What a test does not mention is ordinary and harmless.
import fc from 'fast-check';
import { normalisePlan } from '../../../src/core/plan/normalise-plan.ts';
import type { Plan, PlanTask, Relation } from '../../../src/core/plan/plan.ts';
import { renderPlanComplaint } from '../../../src/core/plan/plan-complaint.ts';
import type { PlannedBatches } from '../../../src/core/plan/planned-batches.ts';

export function task(key: string, overrides: Partial<PlanTask> = {}): PlanTask {
  return {
    key,
    title: `Do ${key}`,
    prompt: `Please do ${key}.`,
    role: 'feature',
    dependsOn: [],
    ownedPaths: [`src/${key}/**`],
    contracts: [],
    acceptance: [{ id: 'a1', text: `${key} works.`, level: 'must' }],
    ...overrides,
  };
}

export function foundation(key: string, overrides: Partial<PlanTask> = {}): PlanTask {
  return task(key, { role: 'foundation', contracts: [`src/${key}/contract.ts`], ...overrides });
}

export function relation(kind: Relation['kind'], a: string, b: string, why = 'because'): Relation {
  return { kind, a, b, why };
}

export function plan(tasks: PlanTask[], relations: Relation[] = []): Plan {
  return { tasks, relations, notes: '' };
}

/** The batches of a plan that must be accepted. */
export function batched(input: Plan): PlannedBatches {
  const result = normalisePlan(input);
  if (result.kind === 'rejected') throw new Error(result.complaints.map(renderPlanComplaint).join('\n'));
  return result.batches;
}

/** The sentences that the planner gets back for a plan that must be rejected. */
export function complaints(input: Plan, maxTasks = 12): string[] {
  const result = normalisePlan(input, { maxTasks });
  if (result.kind === 'batched') throw new Error('The plan was accepted.');
  return result.complaints.map(renderPlanComplaint);
}

const SEGMENTS = [
  'src',
  'lib',
  'test',
  'a',
  'b',
  'A',
  '[id]',
  '*',
  '**',
  '?',
  '*.ts',
  'a.ts',
  '{a,b}',
  '{a,lib/b}.ts',
  'fixtures',
];
export const anyGlob = fc
  .array(fc.constantFrom(...SEGMENTS), { minLength: 1, maxLength: 4 })
  .map((names) => names.join('/'));
const ODD_PATHS = [
  '/etc',
  '../up',
  '.git/config',
  '.github/workflows/ci.yml',
  'a\\b',
  '',
  '{',
  '{a}',
  '!a',
  'tsconfig.json',
  './a//b/',
];
const anyPath = fc.oneof({ weight: 6, arbitrary: anyGlob }, { weight: 1, arbitrary: fc.constantFrom(...ODD_PATHS) });
const KEYS = ['alpha', 'beta', 'gamma', 'delta', 'epsilon', 'zeta'] as const;

function anyTask(paths: fc.Arbitrary<string>): fc.Arbitrary<PlanTask> {
  return fc.record({
    key: fc.constantFrom(...KEYS),
    title: fc.string(),
    prompt: fc.string(),
    role: fc.constantFrom('foundation', 'feature', 'feature', 'feature', 'amendment', 'repair'),
    dependsOn: fc.array(fc.constantFrom(...KEYS, 'nobody'), { maxLength: 2 }),
    ownedPaths: fc.array(paths, { maxLength: 3 }),
    contracts: fc.array(paths, { maxLength: 1 }),
    acceptance: fc.constant([]),
  });
}

const anyRelation: fc.Arbitrary<Relation> = fc.record({
  a: fc.constantFrom(...KEYS),
  b: fc.constantFrom(...KEYS, 'nobody'),
  kind: fc.constantFrom('independent', 'additive', 'dependent', 'contradictory', 'uncertain'),
  why: fc.string(),
});

/** Anything of the right shape: unknown keys, doubled keys, cycles, unsafe paths, misplaced contracts. */
export const anyPlan: fc.Arbitrary<Plan> = fc.record({
  tasks: fc.array(anyTask(anyPath), { maxLength: 7 }),
  relations: fc.array(anyRelation, { maxLength: 4 }),
  notes: fc.string(),
});

/** Plans that normalisePlan accepts: what waits stands later in the list, contracts are in order, no set-up files. */
export const acceptablePlan: fc.Arbitrary<Plan> = fc
  .record({
    tasks: fc.uniqueArray(anyTask(anyGlob), { minLength: 1, maxLength: 6, selector: ({ key }) => key }),
    relations: fc.array(anyRelation, { maxLength: 4 }),
  })
  .map(({ tasks, relations }) => {
    const at = new Map(tasks.map(({ key }, index) => [key, index]));
    const isBackwards = (from: string, to: string) => (at.get(to) ?? 99) < (at.get(from) ?? -1);
    return plan(
      tasks.map((each, index) => ({
        ...each,
        role: index === 0 && each.role === 'foundation' ? 'foundation' : each.role === 'repair' ? 'repair' : 'feature',
        dependsOn: each.dependsOn.filter((key) => isBackwards(each.key, key)),
        ...(index === 0 && each.role === 'foundation'
          ? { ownedPaths: ['contract.ts', 'base/**'], contracts: ['contract.ts'] }
          : { ownedPaths: each.ownedPaths.map((path) => `src/${path.replaceAll('fixtures', 'x')}`), contracts: [] }),
      })),
      relations.filter(({ a, b }) => isBackwards(a, b)),
    );
  });
