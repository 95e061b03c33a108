import type { PlanRoute } from '../model/plan-outcome.ts';
import type { Run } from '../model/run.ts';
import { quoteCode } from './quote-inline.ts';

/** Which workflow the run takes and why, and how to have another one, also where nothing spoke for any. */
export function renderRoute({ plan, policy }: Run): string {
  const route = plan?.route;
  if (!route) return '';
  const other = `another one: \`/${policy.slash} run --workflow <name>\` on a new run`;
  return `Workflow ${quoteCode(route.workflow)}: ${renderReason(route)}; ${other}.`;
}

function renderReason({ by, because, confidence }: PlanRoute): string {
  const list = because
    .slice(0, 5)
    .map((word) => quoteCode(word))
    .join(', ');
  const sure = `(confidence ${Math.round(confidence * 100)} %)`;
  if (by === 'named') return 'it was asked for';
  if (by === 'nothing') return 'nothing in the issue speaks for another one';
  return by === 'label' ? `the issue is labelled ${list} ${sure}` : `the issue speaks of ${list} ${sure}`;
}
