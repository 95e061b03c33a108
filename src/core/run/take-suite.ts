import type { Event } from '../model/event.ts';
import { type Draft, note } from './draft.ts';

/**
 * What other Apps check is their own. That it waits for somebody is told, since nobody else says why nothing happens;
 * which of them wait is read when that is shown.
 */
export function takeSuite(draft: Draft, { headSha, isHeld }: Extract<Event, { kind: 'suite_completed' }>): void {
  const pull = draft.record.run?.pullRequest;
  if (pull?.head !== headSha || isHeld === (pull.heldCi !== undefined)) return;
  note(
    draft,
    'suite_completed',
    `checks of another App on ${headSha.slice(0, 10)} ${isHeld ? 'wait for somebody' : 'ended'}`,
  );
  if (draft.urgency === 'none') draft.urgency = 'soon';
}
