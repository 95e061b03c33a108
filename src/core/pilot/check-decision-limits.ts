import type { Boundary } from './boundary.ts';
import { MAX_FACT_CHARS, MAX_FACTS, MAX_LEARNING_CHARS, MAX_LEARNINGS, MAX_QUOTE_CHARS } from './decision-limits.ts';
import type { DecisionRejection } from './decision-rejection.ts';
import type { PilotDecision } from './pilot-decision.ts';

export function checkDecisionLimits(decision: PilotDecision, boundary: Boundary): DecisionRejection[] {
  const { routedContext, observed = [], verdict } = decision;
  const learnings = [...decision.learnings, ...observed.map(({ text }) => text)];
  const rejections: DecisionRejection[] = [];
  if (routedContext.length > MAX_FACTS)
    rejections.push({ kind: 'too_many_facts', count: routedContext.length, max: MAX_FACTS });
  for (const { to, fact } of routedContext.filter(({ fact }) => fact.length > MAX_FACT_CHARS)) {
    rejections.push({ kind: 'fact_too_long', key: to, chars: fact.length, maxChars: MAX_FACT_CHARS });
  }
  if (learnings.length > MAX_LEARNINGS) {
    rejections.push({ kind: 'too_many_learnings', count: learnings.length, max: MAX_LEARNINGS });
  }
  for (const [at, { length }] of learnings.entries()) {
    if (length <= MAX_LEARNING_CHARS) continue;
    rejections.push({ kind: 'learning_too_long', position: at + 1, chars: length, maxChars: MAX_LEARNING_CHARS });
  }
  for (const [at, { quote }] of observed.entries()) {
    if (quote.length > MAX_QUOTE_CHARS)
      rejections.push({ kind: 'quote_too_long', position: at + 1, chars: quote.length, maxChars: MAX_QUOTE_CHARS });
  }
  if (verdict === 'replan' && boundary.isReplanSpent) rejections.push({ kind: 'replan_spent' });
  return rejections;
}
