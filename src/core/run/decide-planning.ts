import type { Run } from '../model/run.ts';
import { type Draft, listWork, nextActionId, want } from './draft.ts';
import { backoffUntil } from './trouble.ts';

export function decidePlanning(draft: Draft, run: Run): void {
  if (listWork(draft).length > 0) return;
  want(draft, { kind: 'plan', id: nextActionId(run, 'plan'), runId: run.id }, backoffUntil(draft, run, 'plan'));
}
