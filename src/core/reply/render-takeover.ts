import type { AnewReason, Takeover } from '../model/checkpoint.ts';
import { renderMoment } from './render-moment.ts';

/** How an attempt went on when its worker was gone. */
export function renderTakeover(takeover: Takeover): string {
  if (takeover.kind === 'resumed')
    return `another worker goes on where its agent was at ${renderMoment(takeover.takenAt)}`;
  return `another worker begins it anew, since ${reasons[takeover.why]}`;
}

const reasons: Readonly<Record<AnewReason, string>> = {
  none: 'nothing of it was kept',
  gone: 'what was kept of it is gone',
  corrupt: 'what was kept of it is damaged',
  not_restored: 'what was kept of it could not be restored within its limits',
  session_gone: 'its agent does not know the session any more',
  agent_missing: 'its agent is not offered any more',
  workflow_changed: 'its workflow is another one now',
};
