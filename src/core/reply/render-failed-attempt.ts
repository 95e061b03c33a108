import type { Attempt } from '../model/run.ts';
import { renderCause } from './render-cause.ts';

/** Why an attempt failed, and whether the one before it had come to exactly that. Undefined where it did not fail. */
export function renderFailedAttempt({ cause, sameAs }: Pick<Attempt, 'cause' | 'sameAs'>): string | undefined {
  if (!cause) return undefined;
  return `${sameAs === undefined ? '' : `With the same result as attempt ${sameAs}: `}${renderCause(cause)}`;
}
