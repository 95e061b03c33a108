import type { Action } from '../model/action.ts';
import type { Run } from '../model/run.ts';
import { type Draft, findEntry } from './draft.ts';
import { isRemoved } from './outbox-after.ts';

export interface HeldAttempt {
  readonly run: Run;
  readonly action: Extract<Action, { kind: 'attempt' }>;
}

/** The attempt of which its holder tells something; undefined where whoever tells it was replaced. */
export function findHeldAttempt(
  draft: Draft,
  { attempt, token }: { readonly attempt: string; readonly token: string },
): HeldAttempt | undefined {
  const entry = findEntry(draft, attempt);
  const { run } = draft.record;
  const isHolder = entry?.state.kind === 'begun' && entry.state.token === token && !isRemoved(draft, attempt);
  if (!isHolder || entry.action.kind !== 'attempt' || run?.id !== entry.action.runId) return undefined;
  return { run, action: entry.action };
}
