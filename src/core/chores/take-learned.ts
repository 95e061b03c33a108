import type { Message } from '../model/message.ts';
import { parseSubjectId } from '../model/subject.ts';
import { type ChoresDraft, noteChore } from './chores-draft.ts';

/** More than the notes file has room for is never of use. */
const pendingAtMost = 100;

export function takeLearned(draft: ChoresDraft, event: Extract<Message, { kind: 'learned' }>): void {
  const { subject, runId, learnings } = event;
  const { notes } = draft.record;
  const { number } = parseSubjectId(subject);
  const fresh = learnings
    .filter(({ text }) => !notes.pending.some((known) => known.text === text))
    .map((learning) => ({ ...learning, number, runId }));
  notes.pending = [...notes.pending, ...fresh].slice(0, pendingAtMost);
  noteChore(draft, 'wished', `run ${runId} of #${number} learned ${learnings.length}; ${notes.pending.length} wait`);
}
