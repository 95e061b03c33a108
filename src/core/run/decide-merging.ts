import type { Run, RunState } from '../model/run.ts';
import { type Draft, enter, listWork, nextActionId, want } from './draft.ts';
import { backoffUntil } from './trouble.ts';

export function decideMerging(draft: Draft, run: Run, state: Extract<RunState, { kind: 'merging' }>): void {
  if (listWork(draft).length > 0) return;
  const { pullRequest, verification } = run;
  if (!pullRequest) {
    enter(draft, run, { kind: 'ready', since: draft.now });
    return;
  }
  if (state.by.kind === 'person') {
    want(
      draft,
      { kind: 'prove_merge', id: nextActionId(run, 'prove'), runId: run.id, number: pullRequest.number },
      backoffUntil(draft, run, 'prove'),
    );
    return;
  }
  if (!verification) {
    enter(draft, run, { kind: 'ready', since: draft.now });
    return;
  }
  want(draft, {
    kind: 'merge',
    id: nextActionId(run, 'merge'),
    runId: run.id,
    number: pullRequest.number,
    head: verification.key.head,
    base: verification.key.base,
    requestedBy: state.by.actor,
  });
}
