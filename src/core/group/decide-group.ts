// What happens next for a commit of the merge queue: (snapshot) -> decision, as `run/decide.ts` for a subject. It is read
// what the commit holds, verified, and read again: only what holds at that moment lets the queue merge, and it is read on
// for as long as the queue has it.
import { evaluateGroup } from '../gate/evaluate-group.ts';
import type { Decision } from '../model/decision.ts';
import { type GroupRecord, type GroupSnapshot, groupMs } from '../model/group.ts';
import { listMoments } from '../run/list-moments.ts';
import { askForWork, cancelWork } from './ask-for-work.ts';
import { type GroupDraft, noteGroup, openGroupDraft, toGroupDecision } from './group-draft.ts';
import { reclaimDeadOfGroup } from './reclaim-dead-of-group.ts';
import { showFrom, showVerdict } from './show-verdict.ts';
import { endGroup, takeGroupEvent } from './take-group-event.ts';

/** How long what is over is remembered, for deliveries that come late. */
const rememberMs = 24 * 3_600_000;
/** A queue takes out what failed within moments. Whoever did not hear of it does not wait for that for ever. */
const closedMs = 3_600_000;

export function decideGroup(snapshot: GroupSnapshot): Decision<GroupRecord> {
  const draft = openGroupDraft(snapshot);
  for (const entry of snapshot.inbox) takeGroupEvent(draft, entry);
  reclaimDeadOfGroup(draft);
  judge(draft);
  if (draft.record.state.kind === 'judging') askForWork(draft);
  else cancelWork(draft);
  showVerdict(draft);
  return toGroupDecision(draft, earliestWake(draft));
}

/** When nothing has to be known of it any more. */
export function forgottenFrom({ state }: GroupRecord): number | undefined {
  return state.kind === 'over' ? state.at + rememberMs : undefined;
}

/** What failed stays failed: the queue takes it out, and makes another commit of what is left. */
function judge(draft: GroupDraft): void {
  const { record, now } = draft;
  if (record.state.kind === 'closed' && now >= record.state.at + closedMs) endGroup(draft, 'nobody heard more of it');
  if (record.state.kind !== 'judging') return;
  const verdict = evaluateGroup(record);
  if (verdict.state.kind === 'closed') return close(draft, verdict.because);
  if (verdict.state.kind === 'waiting' && now >= record.since + groupMs)
    close(draft, `The verdict did not happen within ${groupMs / 60_000} minutes. ${verdict.because}`);
}

function close(draft: GroupDraft, because: string): void {
  draft.record.state = { kind: 'closed', at: draft.now, because };
  noteGroup(draft, 'group_judged', because);
}

function earliestWake(draft: GroupDraft): number {
  const { record } = draft;
  const moments = listMoments(draft);
  if (record.shown.wanted > record.shown.done && showFrom(record) > draft.now) moments.push(showFrom(record));
  switch (record.state.kind) {
    case 'judging':
      moments.push(...[record.since + groupMs, record.readAt, record.verifyAt].filter((moment) => moment > draft.now));
      break;
    case 'closed':
      moments.push(record.state.at + closedMs);
      break;
    case 'over':
      moments.push(record.state.at + rememberMs);
  }
  return Math.min(...moments);
}
