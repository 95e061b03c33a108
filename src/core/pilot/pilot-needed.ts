import type { Boundary } from './boundary.ts';
import { listRunnable } from './key-sets.ts';

export type PilotNeed =
  | { readonly kind: 'call' }
  | { readonly kind: 'not_called'; readonly why: 'stopping' | 'disabled' | 'no_failure' | 'nothing_runnable' };

/** The pilot costs money, so it is asked only when there is both something to explain and something left to decide. */
export function isPilotNeeded(boundary: Boundary): PilotNeed {
  if (boundary.stopping) return { kind: 'not_called', why: 'stopping' };
  if (!boundary.enabled) return { kind: 'not_called', why: 'disabled' };
  const batch = new Set(boundary.batch);
  const hasFailure = boundary.tasks.some((task) => batch.has(task.key) && task.state !== 'passed');
  if (!hasFailure) return { kind: 'not_called', why: 'no_failure' };
  return listRunnable(boundary).length > 0 ? { kind: 'call' } : { kind: 'not_called', why: 'nothing_runnable' };
}
