// A run that rests has no deadline, and its pull request may have been merged, closed or pushed to unheard: deliveries can
// be lost for longer than GitHub keeps them. So it is looked at once a day, and soon where git shows that it was merged, for
// as long as that is open.
import type { SubjectRecord } from '../model/record.ts';
import { toPhase } from '../model/run.ts';
import { type Draft, note } from './draft.ts';
import { noteBase } from './moved-base.ts';
import { noteSettings } from './moved-settings.ts';
import { takePullSeen } from './take-pull-request.ts';
import { isBaseWatched } from './watch-base.ts';

const minuteMs = 60_000;
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** GitHub did not answer. */
const againMs = 6 * hourMs;

/** The pull request to be looked at, where it is time. */
export function findStalePull(record: SubjectRecord, now: number): number | undefined {
  const moment = toMoment(record);
  return moment !== undefined && now >= moment ? record.run?.pullRequest?.number : undefined;
}

function toMoment({ run }: SubjectRecord): number | undefined {
  if (!run || toPhase(run.state) !== 'resting' || run.pullRequest?.state !== 'open') return undefined;
  const { since } = run.state;
  const last = Math.max(since, run.lookedAt ?? 0);
  // It will be told any moment; whoever waits in vain asks less and less often.
  const pause = run.landedOn === undefined ? dayMs : Math.min(dayMs, Math.max(minuteMs, last - since));
  return last + pause;
}

export function checkStaleness(draft: Draft): void {
  const number = findStalePull(draft.record, draft.now);
  const seen = number === undefined ? undefined : draft.snapshot.facts.pulls[number];
  const { run } = draft.record;
  if (!seen || !run?.pullRequest) return;
  run.lookedAt = draft.now;
  const { headSha: head, state } = seen;
  if (head !== run.pullRequest.head || state !== run.pullRequest.state)
    note(draft, 'unheard', `pull request #${number} is ${state} at ${head.slice(0, 10)}, which nobody told`);
  takePullSeen(draft, run, undefined);
  const { base } = draft.snapshot.facts;
  if (base?.branch !== run.base.branch || !isBaseWatched(draft, run)) return;
  noteBase(draft, run, { head: base.head, isRead: true });
  noteSettings(draft, run, false);
}

/** When it is looked at next. */
export function momentOfLook({ record, now }: Draft): number | undefined {
  const moment = toMoment(record);
  return moment === undefined || moment > now ? moment : now + againMs;
}
