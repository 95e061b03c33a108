// Pull requests that no run made are told by webhooks, and shown when something of them is told. What nobody told (they were open
// before the App was installed, or a delivery was lost for good) and what changes for all of them at once (the settings) is found
// by looking: once a day, and after each push to the default branch. One look tells a few of them; the next one goes on from there.
import type { PullWatch } from '../model/chores.ts';
import type { PullsOutcome } from '../model/result.ts';
import { isAsked, toId } from './ask-for-chores.ts';
import { type Chore, type ChoresDraft, noteChore } from './chores-draft.ts';

const dayMs = 24 * 3_600_000;
/** Pushes often come several at a time. */
const pushPauseMs = 2_000;
/** GitHub's answers may lag behind its webhooks for moments. */
const lagPauseMs = 15_000;
const missesAtMost = 3;
/** Showing each of those that were told takes requests, and a list of the others among them: the more there are, the slower. */
const pausePerPageMs = 60_000;
const firstPauseMs = 30_000;
const longestPauseMs = 3_600_000;

type Look = Extract<Chore, { kind: 'look_at_pulls' }>;

export function takeCovered({ record, now }: ChoresDraft): void {
  record.pulls ??= { due: now, wholeAt: now, failures: 0 };
}

/** Whether the settings are others by that is read. */
export function takePush(
  { record: { pulls }, now }: ChoresDraft,
  { branch, head }: { readonly branch: string; readonly head: string },
): void {
  if (pulls?.branch !== branch) return;
  pulls.pushed = { head, misses: 0 };
  pulls.due = Math.min(pulls.due ?? Number.POSITIVE_INFINITY, now + pushPauseMs);
}

export function askForPulls(draft: ChoresDraft): void {
  const { record, now, outbox } = draft;
  const { pulls } = record;
  if (pulls?.due === undefined || pulls.due > now || isAsked(draft, 'look_at_pulls')) return;
  delete pulls.due;
  const { rest, wholeAt } = pulls;
  const rule = rest ? rest.rule : pulls.rule;
  const action: Look = {
    kind: 'look_at_pulls',
    id: toId(draft, 'look-at-pulls'),
    at: now,
    isWhole: wholeAt <= now,
    ...(rule === undefined ? {} : { rule }),
    ...(rest ? { rest: { before: rest.before, isMoved: rest.isMoved } } : {}),
  };
  outbox.push({ kind: 'add', action });
}

export function takePulls(draft: ChoresDraft, action: Look, outcome: PullsOutcome): void {
  const { record, now } = draft;
  const { pulls } = record;
  if (!pulls) return;
  switch (outcome.kind) {
    case 'failed': {
      noteChore(draft, 'trouble', `the open pull requests could not be looked at: ${outcome.why}`);
      pulls.failures += 1;
      const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** (pulls.failures - 1));
      pulls.due = Math.max(now + pauseMs, outcome.until ?? 0);
      return;
    }
    case 'refused':
      // Whoever finds the repository among those that the App covers begins anew.
      delete record.pulls;
      return noteChore(draft, 'trouble', `the open pull requests cannot be looked at: ${outcome.why}`);
    case 'seen':
      return takeSeen(draft, pulls, { action, outcome });
  }
}

interface Seen {
  readonly action: Look;
  readonly outcome: Extract<PullsOutcome, { kind: 'seen' }>;
}

function takeSeen(draft: ChoresDraft, pulls: PullWatch, { action, outcome }: Seen): void {
  const { now } = draft;
  const { branch, pages, told, rule, rest } = outcome;
  if (told > 0)
    noteChore(draft, 'listed', `${told} of the open pull requests are told${rest ? ', and more are left' : ''}`);
  pulls.failures = 0;
  if (action.isWhole) pulls.wholeAt = now + dayMs;
  delete pulls.rest;
  if (rest && rule !== undefined) pulls.rest = { ...rest, rule };
  else if (rule === undefined) delete pulls.rule;
  else pulls.rule = rule;
  // It is counted from this decision on: what was pushed before is looked for once more.
  const isHeard = pulls.branch === branch;
  pulls.branch = branch;
  const next = pulls.rest ? now + pages * pausePerPageMs : pulls.wholeAt;
  pulls.due = Math.min(pulls.due ?? Number.POSITIVE_INFINITY, isHeard ? next : now);
  if (hasMissed(pulls, outcome)) pulls.due = Math.min(pulls.due, now + lagPauseMs);
}

/** What was pushed is not to be seen yet; or it is older than what is. */
function hasMissed(pulls: PullWatch, { commit }: Seen['outcome']): boolean {
  const { pushed } = pulls;
  if (!pushed) return false;
  pushed.misses += 1;
  if (commit !== undefined && commit !== pushed.head && pushed.misses <= missesAtMost) return true;
  delete pulls.pushed;
  return false;
}
