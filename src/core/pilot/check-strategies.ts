import { type Boundary, hasAttemptLeft, isOpen } from './boundary.ts';
import { MAX_GUIDANCE_CHARS } from './decision-limits.ts';
import type { DecisionRejection } from './decision-rejection.ts';
import type { PilotDecision } from './pilot-decision.ts';

type Strategy = PilotDecision['strategies'][number];

export function checkStrategies(decision: PilotDecision, boundary: Boundary): DecisionRejection[] {
  const keys = decision.strategies.map(({ task }) => task);
  const doubled = new Set(keys.filter((key, at) => keys.indexOf(key) !== at));
  const skipped = new Set(decision.skip.map(({ task }) => task));
  return [
    ...[...doubled].map((key) => ({ kind: 'doubled_strategy', key }) as const),
    ...decision.strategies.flatMap((strategy) => [
      ...checkGuidance(strategy),
      ...(strategy.action === 'skip' ? [] : checkRetry(strategy.task, skipped, boundary)),
    ]),
  ];
}

function checkGuidance({ task, action, guidance = '' }: Strategy): DecisionRejection[] {
  if (action === 'retry_different' && guidance.trim() === '') return [{ kind: 'guidance_missing', key: task }];
  if (guidance.length <= MAX_GUIDANCE_CHARS) return [];
  return [{ kind: 'guidance_too_long', key: task, chars: guidance.length, maxChars: MAX_GUIDANCE_CHARS }];
}

function checkRetry(key: string, skipped: ReadonlySet<string>, boundary: Boundary): DecisionRejection[] {
  if (skipped.has(key)) return [{ kind: 'retry_and_skip', key }];
  const task = boundary.tasks.find((candidate) => candidate.key === key);
  if (task === undefined || !isOpen(boundary, task) || hasAttemptLeft(boundary, task)) return [];
  return [{ kind: 'attempts_spent', key, used: task.attemptsUsed, maxAttempts: boundary.maxAttempts }];
}
