import type { Event } from '../model/event.ts';
import { parsePolicyWithPast } from '../policy/parse-policy.ts';
import { addReceipt, type Draft, note, settleReceipt, toRevision } from './draft.ts';
import { readSlash } from './read-run-policy.ts';
import { renderIgnored } from './request-ignore.ts';
import { requestRun } from './request-run.ts';

/**
 * A moment of a schedule: what somebody who may write would get by asking for a run on its issue, in the words of the
 * default branch as they are now.
 */
export function takeScheduled(draft: Draft, event: Extract<Event, { kind: 'scheduled' }>): void {
  const { schedule: name, at, actor, thread } = event;
  if (draft.record.title === '') draft.record.title = event.title;
  const receiptId = `schedule/${name}/${at}`;
  addReceipt(draft, {
    id: receiptId,
    at: draft.now,
    actor,
    source: { kind: 'schedule', name, at, thread },
    command: 'run',
    state: { kind: 'kept' },
    revision: toRevision(draft),
  });
  const refuse = (reply: string) => {
    note(draft, 'refused', reply);
    settleReceipt(draft, receiptId, 'refused', reply);
  };
  const ignored = renderIgnored(draft, readSlash(draft));
  if (ignored !== undefined) return refuse(ignored);
  const facts = draft.snapshot.facts.repository;
  if (!facts)
    return refuse('GitHub did not answer when the repository was read. Ask for a run here, or wait for its next time.');
  const { policy } = parsePolicyWithPast(facts.policyText, facts.earlierPolicyTexts);
  const schedule = policy.schedule.find((entry) => entry.name === name);
  if (!schedule) return refuse('`.github/gatepilot.yml` does not name it any more; nothing was started.');
  requestRun(draft, { receiptId, actor, text: schedule.text, workflow: schedule.workflow });
}
