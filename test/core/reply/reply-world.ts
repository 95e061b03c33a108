// Runs as people meet them, for what is rendered from them.
import type { WorldOfDecisions } from '../../support/world-of-decisions.ts';
import {
  anchored,
  comment,
  failedAttempt,
  integrated,
  judged,
  merged,
  planned,
  published,
  red,
  sha,
  some,
  verified,
} from '../run/outcome.ts';
import { merging, planning, ready } from '../run/place.ts';

/** Three tasks in two batches; the second of the first batch is tried once more. */
export function working(): WorldOfDecisions {
  const plan = planned(['parse', 'render'], ['report']);
  const tasks = plan.tasks.map((task) => ({
    ...task,
    dependsOn: task.key === 'report' ? ['parse', 'render'] : [],
    acceptance: [{ id: 'a1', text: `The work of ${task.key} is done.`, level: 'must' as const }],
  }));
  return planning()
    .finish('plan', { ...plan, tasks, adjustments: ['A second task with the key `parse` is called `render`.'] })
    .finish('r1-attempt-parse-1-1', anchored())
    .finish('r1-attempt-render-1-2', failedAttempt(red));
}

/** The pilot told the one that failed what to do otherwise. */
export function afterBoundary(): WorldOfDecisions {
  const decision = {
    failureAnalysis: [{ task: 'render', cause: 'code', why: 'The template is not closed.' }],
    strategies: [
      { task: 'render', action: 'retry_different', guidance: 'Close the template.', reason: 'One tag is missing.' },
    ],
    routedContext: [{ to: 'report', fact: 'The page is rendered by `render`.', from: 'render' }],
    skip: [],
    learnings: ['Templates need a closing tag.'],
    batches: [['render'], ['report']],
    verdict: 'continue',
    verdictReason: 'One tag is missing, and the rest stands.',
  };
  const world = working().finish('attempt', failedAttempt(red));
  return world
    .finish('integrate', integrated(['parse']))
    .finish('acceptance', judged(world.run.tasks))
    .finish('pilot', { kind: 'decided', decision, exchange: 'exchange', seconds: 4.2, spend: some });
}

/** Delivered with one task that never succeeded. */
export function inPart(): WorldOfDecisions {
  return afterBoundary()
    .finish('attempt', failedAttempt({ kind: 'agent_gave_up', why: 'there is no template' }))
    .finish('verify', verified())
    .finish('publish_branch', published());
}

/** Delivered with as many acceptance items as a plan may have, each with as long a text. */
export function endless(): WorldOfDecisions {
  const world = ready();
  const [task] = world.run.tasks;
  if (!task) throw new Error('there is a task');
  const acceptance = Array.from({ length: 20 }, (_, at) => ({
    id: `a${at}`,
    text: `${at} ${'@x'.repeat(240)}`,
    level: 'must' as const,
  }));
  const results = acceptance.map((item) => ({ ...item, status: 'failed' as const, evidence: '#1'.repeat(250) }));
  world.run.tasks = Array.from({ length: 30 }, (_, at) => ({
    ...structuredClone(task),
    key: `t${at}`,
    acceptance,
    attempts: task.attempts.map((attempt) => ({ ...attempt, acceptance: results })),
  }));
  return world;
}

export function alarm(): WorldOfDecisions {
  return merging().finish('merge', merged('tree-another'));
}

export function refusedMerge(): WorldOfDecisions {
  return merging().finish('merge', { kind: 'head_moved', expected: sha('1'), actual: sha('2') });
}

export function failed(): WorldOfDecisions {
  const world = working();
  return world.pass(24 * 3_600_000);
}

export function asked(body: string): WorldOfDecisions {
  return comment(ready(), body).settle();
}
