import type { Run } from '../model/run.ts';
import { reserve, shareOf, toSpendCause } from './budget.ts';
import { type Draft, enter, listWork, nextActionId, want } from './draft.ts';
import { backoffUntil } from './trouble.ts';

export function decidePlanning(draft: Draft, run: Run): void {
  if (listWork(draft).length > 0) return;
  const limits = shareOf(run, 1);
  if (!limits) return enter(draft, run, { kind: 'failed', since: draft.now, cause: toSpendCause(run) });
  const id = nextActionId(run, 'plan');
  reserve(run, id, limits);
  want(draft, { kind: 'plan', id, runId: run.id, limits }, backoffUntil(draft, run, 'plan'));
}
