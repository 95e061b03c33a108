// What the planner and the pilot answer, good or bad.

import type { AcceptanceClaim, AcceptanceVerdict } from '../../src/core/acceptance/acceptance-verdict.ts';
import type { PilotDecision } from '../../src/core/pilot/pilot-decision.ts';
import type { Plan, PlanTask } from '../../src/core/plan/plan.ts';
import type { pilotFates, planFates, reviewFates } from './history.ts';

export type Answer =
  | { readonly kind: 'answer'; readonly value: unknown; readonly takesMs: number }
  | { readonly kind: 'down'; readonly retry: 'soon' | 'never' };

function task(key: string, dependsOn: readonly string[] = []): PlanTask {
  return {
    key,
    title: `Do ${key}`,
    prompt: `Please do ${key} in src/${key}/.`,
    role: 'feature',
    dependsOn: [...dependsOn],
    ownedPaths: [`src/${key}/**`],
    contracts: [],
    acceptance: [{ id: 'a1', text: `${key} works.`, level: 'must' }],
  };
}

function plan(...tasks: PlanTask[]): Answer {
  const value: Plan = { tasks, relations: [], notes: '' };
  return { kind: 'answer', value, takesMs: 3_000 };
}

export function answerPlan(fate: (typeof planFates)[number]): Answer {
  switch (fate) {
    case 'one':
      return plan(task('alpha'));
    case 'two':
      return plan(task('alpha'), task('beta'));
    case 'chain':
      return plan(task('alpha'), task('beta', ['alpha']));
    case 'three':
      return plan(task('alpha'), task('beta'), task('gamma', ['alpha']));
    case 'anywhere':
      return plan({ ...task('alpha'), ownedPaths: ['**'] });
    case 'cyclic':
      return plan(task('alpha', ['beta']), task('beta', ['alpha']));
    case 'slow':
      return { ...plan(task('alpha')), takesMs: 40_000 } as Answer;
    case 'garbage':
      return { kind: 'answer', value: { tasks: 'all of them' }, takesMs: 3_000 };
    case 'down':
      return { kind: 'down', retry: 'soon' };
    case 'refused':
      return { kind: 'down', retry: 'never' };
  }
}

/** What a log that the pilot is shown says in these words. */
function observe(prompt: string): Pick<PilotDecision, 'observed'> {
  const [quote, key] = /broken: src\/(\w+)\/\S+/.exec(prompt) ?? [];
  return { observed: quote && key ? [{ text: `Work of ${key} is looked at.`, task: key, quote }] : [] };
}

export function answerPilot(fate: (typeof pilotFates)[number], prompt: string): Answer {
  const keys = ['alpha', 'beta', 'gamma'].filter((key) => prompt.includes(key));
  const decide = (change: Partial<PilotDecision>): Answer => ({
    kind: 'answer',
    value: {
      failureAnalysis: [],
      strategies: [],
      routedContext: [],
      skip: [],
      learnings: ['It was red.'],
      ...observe(prompt),
      batches: [],
      verdict: 'continue',
      verdictReason: 'Because.',
      ...change,
    } satisfies PilotDecision,
    takesMs: fate === 'slow' ? 40_000 : 2_000,
  });
  const [first = 'alpha'] = keys;
  switch (fate) {
    case 'retry':
    case 'slow':
      return decide({
        failureAnalysis: [{ task: first, cause: 'code', why: 'It is red.' }],
        strategies: [{ task: first, action: 'retry_different', guidance: 'Mind the test.', reason: 'Worth it.' }],
        batches: [[first]],
      });
    case 'skip':
      return decide({ skip: [{ task: first, reason: 'Not worth it.' }] });
    case 'replan':
      return decide({ verdict: 'replan' });
    case 'abort':
      return decide({ verdict: 'abort' });
    case 'garbage':
      return { kind: 'answer', value: 'I think that we should retry.', takesMs: 2_000 };
    case 'down':
      return { kind: 'down', retry: 'soon' };
  }
}

export function answerReview(fate: (typeof reviewFates)[number], prompt: string): Answer {
  const items = [...prompt.matchAll(/^- (\w+) \| (\w+) \| must \|/gm)].map(([, task = '', item = '']) => ({
    task,
    item,
  }));
  const say = (change: Partial<AcceptanceClaim>): Answer => ({
    kind: 'answer',
    value: {
      entries: items.map((item) => ({
        ...item,
        status: 'met',
        evidence: { kind: 'command', command: 'check' },
        why: 'It runs.',
        ...change,
      })),
    } satisfies AcceptanceVerdict,
    takesMs: fate === 'slow' ? 40_000 : 2_000,
  });
  switch (fate) {
    case 'met':
    case 'slow':
      return say({});
    case 'not_met':
      return say({ status: 'not_met', why: 'Nothing does that.' });
    case 'missing':
      items.pop();
      return say({});
    case 'bad_evidence':
      return say({ evidence: { kind: 'trace', path: 'README.md', from: 1, to: 9_999, quote: 'all of it' } });
    case 'garbage':
      return { kind: 'answer', value: 'It looks good to me.', takesMs: 2_000 };
    case 'down':
      return { kind: 'down', retry: 'soon' };
  }
}
