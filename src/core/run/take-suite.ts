import { findHeldRuns } from '../gate/evaluate-held-ci.ts';
import type { Event } from '../model/event.ts';
import { type Draft, note } from './draft.ts';

/**
 * What other Apps check is their own. That it waits for somebody is told, since nobody else says why nothing happens, and
 * shuts the gate where it is a workflow of the repository; which of them wait is read when that is shown.
 */
export function takeSuite(
  draft: Draft,
  { headSha, isHeld, isWorkflow }: Extract<Event, { kind: 'suite_completed' }>,
): void {
  const pull = draft.record.run?.pullRequest;
  if (pull?.head !== headSha) return;
  const known = isWorkflow ? findHeldRuns(pull) : pull.heldCi;
  if (isHeld === (known !== undefined)) return;
  const whose = isWorkflow ? 'workflows' : 'checks of another App';
  note(draft, 'suite_completed', `${whose} on ${headSha.slice(0, 10)} ${isHeld ? 'wait for somebody' : 'ended'}`);
  if (isWorkflow) draft.urgency = 'now';
  else if (draft.urgency === 'none') draft.urgency = 'soon';
}
