import type { Run } from '../model/run.ts';
import { askForPart, reserve, toSpendCause } from './budget.ts';
import { type Draft, enter, listWork, nextActionId, want } from './draft.ts';
import { backoffUntil } from './trouble.ts';

export function decidePlanning(draft: Draft, run: Run): void {
  if (listWork(draft).length > 0) return;
  const limits = askForPart(draft, run, 1);
  if (limits === 'later') return;
  if (limits === 'used_up') return enter(draft, run, { kind: 'failed', since: draft.now, cause: toSpendCause(run) });
  const id = nextActionId(run, 'plan');
  reserve(draft, run, id, limits);
  want(draft, { kind: 'plan', id, runId: run.id, limits }, backoffUntil(draft, run, 'plan'));
}
