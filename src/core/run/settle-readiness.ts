// A pull request that was opened as a draft is marked ready for review once: when nothing but that is in the way of its merge. Whether
// that is so is decided anew with everything that happens, and the publisher acts on what was saved.
import { isReadySoon } from '../gate/is-only-draft.ts';
import type { Readiness } from '../model/readiness.ts';
import type { PullRequest, Run } from '../model/run.ts';
import { type Draft, note } from './draft.ts';

/** How a pull request of the run begins: nothing is done about it where the settings want no drafts. */
export function withReadiness({ policy }: Run, isDraft: boolean): { readonly ready?: Readiness } {
  if (!policy.opensDrafts) return {};
  return { ready: { kind: isDraft ? 'awaited' : 'done' } };
}

/** Whoever saw that it is no draft, or was none: what happens to it from then on is what people want. */
export function noteReady(draft: Draft, pull: PullRequest): void {
  if (!pull.ready || pull.ready.kind === 'done') return;
  pull.ready = { kind: 'done' };
  // People may have made it a draft again before we heard of it.
  note(draft, 'ready_for_review', `#${pull.number} ${pull.isDraft ? 'was' : 'is'} ready for review`);
}

export function settleReadiness(draft: Draft): void {
  const { run } = draft.record;
  const pull = run?.pullRequest;
  if (!run || (pull?.ready?.kind !== 'awaited' && pull?.ready?.kind !== 'due')) return;
  if (!pull.isDraft) return noteReady(draft, pull);
  const isDue = run.state.kind === 'ready' && pull.state === 'open' && isReadySoon(run);
  if (isDue === (pull.ready.kind === 'due')) return;
  pull.ready = { kind: isDue ? 'due' : 'awaited' };
  draft.urgency = 'now';
}

/** What the publisher found, or did. */
export function takeReadiness(
  draft: Draft,
  told: { readonly number: number; readonly refused?: string | undefined },
): void {
  const pull = draft.record.run?.pullRequest;
  if (pull?.number !== told.number || !pull.ready || pull.ready.kind === 'done') return;
  draft.urgency = 'now';
  if (told.refused !== undefined) {
    pull.ready = { kind: 'refused', why: told.refused };
    return note(draft, 'ready_for_review', `#${pull.number} could not be marked ready for review: ${told.refused}`);
  }
  delete pull.isDraft;
  noteReady(draft, pull);
}
