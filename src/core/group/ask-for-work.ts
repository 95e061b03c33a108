import type { GroupRecord } from '../model/group.ts';
import { isRemoved } from '../run/outbox-after.ts';
import { type GroupDraft, isUnderWay, wantOfGroup } from './group-draft.ts';

/** Reading and verifying by turns: what is verified is read once more before it counts. */
export function askForWork(draft: GroupDraft): void {
  const { record, now } = draft;
  if (isUnderWay(draft, 'verify_group') || isUnderWay(draft, 'read_group')) return;
  if (wantsVerification(record) && now >= record.verifyAt) {
    record.verifications += 1;
    return wantOfGroup(draft, { kind: 'verify_group', id: `verify-${record.verifications}` });
  }
  if (now < record.readAt) return;
  record.readings += 1;
  wantOfGroup(draft, { kind: 'read_group', id: `read-${record.readings}` });
}

function wantsVerification({ reading, verification }: GroupRecord): boolean {
  if (!reading?.needsVerification || reading.carried || reading.mustNotRun !== undefined) return false;
  // What is not to be merged whatever a command says costs no sandbox, and what has to be waited for is waited for.
  if (reading.parts.some(({ state }) => state !== 'open')) return false;
  const { verify, mistakes } = reading.settings;
  if (verify.length === 0 || mistakes.length > 0) return false;
  return verification?.commands.join('\n') !== verify.join('\n');
}

/** Whoever has begun is asked to end. */
export function cancelWork(draft: GroupDraft): void {
  for (const { action, state } of draft.snapshot.outbox) {
    if (action.kind !== 'read_group' && action.kind !== 'verify_group') continue;
    if (isRemoved(draft, action.id) || (state.kind === 'begun' && state.cancelled)) continue;
    draft.outbox.push({ kind: 'cancel', id: action.id });
  }
}
