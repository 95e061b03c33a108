import type { Message } from '../model/message.ts';
import { type Draft, note } from './draft.ts';

/** Each group that the pull request was in; the newest is the one that is merged. */
const treesKept = 10;

/** The merge queue merges what was verified there: whoever reads what landed knows it by its tree. */
export function takeQueueVerified(draft: Draft, event: Extract<Message, { kind: 'queue_verified' }>): void {
  const { run } = draft.record;
  if (run?.id !== event.runId) return note(draft, 'ignored', `the queue speaks of ${event.runId}, which is gone`);
  run.queuedTrees = [...(run.queuedTrees ?? []).filter((tree) => tree !== event.tree), event.tree].slice(-treesKept);
  note(draft, 'queued', `the merge queue verified ${event.group.slice(0, 10)} with this pull request in it`);
}
