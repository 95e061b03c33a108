import type { Event } from '../model/event.ts';
import { isLive, type PullRequest, type Run, toPhase } from '../model/run.ts';
import { parseRunBranch } from '../model/subject.ts';
import { isMergeUnderWay } from './decide-merging.ts';
import { cancelWork, type Draft, enter, note } from './draft.ts';
import { stopRun } from './request-stop.ts';
import { isSame, keepPull, toPull } from './see-pull.ts';
import { noteReady, withReadiness } from './settle-readiness.ts';
import { takeHeadShared } from './share-head.ts';

type PullRequestEvent = Extract<Event, { kind: 'pull_request_changed' }>;

export function takePullRequest(draft: Draft, event: PullRequestEvent): void {
  const { run } = draft.record;
  if (run && isOwn(draft, run, event)) return takeOwnPull(draft, run, event);
  if (draft.record.number !== event.number) return takeForeign(draft, event);
  const pull = toPullRequest(draft, event, draft.record.pull);
  keepPull(draft, pull, event.deliveryId);
  draft.record.title = event.title;
  draft.urgency = 'now';
  // What is closed or merged needs no review any more, as an issue that is closed needs no work.
  if (run?.reads?.pull?.number === event.number && isLive(run) && pull.state !== 'open')
    stopRun(draft, run, event.actor.login);
}

/** Its branch is called like one of ours, and it is another one: what its check says may come from us. */
function takeForeign(draft: Draft, event: PullRequestEvent): void {
  keepOutlived(draft, event);
  const { number, head, baseBranch: base } = toPullRequest(draft, event, undefined);
  const own = draft.record.run?.pullRequest;
  const isKnown = own?.sharers?.some((one) => one.number === number);
  if (own?.head === head || isKnown) takeHeadShared(draft, { number, head: own?.head ?? head, base });
}

const outlivedKept = 20;

/**
 * It is of a run before this one, which people opened again or pushed to: no verdict on it comes any more, and nobody else
 * looks at it. Of one that is not ours GitHub says so, where it could be asked.
 */
function keepOutlived(draft: Draft, event: PullRequestEvent): void {
  const { record, snapshot } = draft;
  if (!event.isSameRepository || snapshot.facts.pulls[event.number]?.isOurs === false) return;
  const before = record.outlived?.find(({ number }) => number === event.number);
  const now = toPullRequest(draft, event, before);
  const others = (record.outlived ?? []).filter((one) => one !== before);
  const kept = now.state === 'open' ? [...others, now].slice(-outlivedKept) : others;
  if (kept.length > 0) record.outlived = kept;
  else delete record.outlived;
  if (now.state !== 'open' || (before && isSame(before, now))) return;
  draft.urgency = 'now';
  note(draft, 'outlived', `#${now.number} is open at ${now.head.slice(0, 10)}, and its run is over`);
}

/** Known by number, or by the branch that names its run: it may be heard of before our own record of it is made. */
function isOwn(draft: Draft, run: Run, event: PullRequestEvent): boolean {
  // It makes none: a branch that is called like one of its own is somebody else's.
  if (run.reads) return false;
  if (run.pullRequest) return run.pullRequest.number === event.number;
  // Whoever may push may call a branch like one of a run; where GitHub could be asked, it says who opened it.
  if (draft.snapshot.facts.pulls[event.number]?.isOurs === false) return false;
  const named = event.isSameRepository ? parseRunBranch(event.headBranch) : undefined;
  return named?.number === draft.record.number && named.runId === run.id;
}

/** Webhooks come in any order; where GitHub could be asked, its answer counts. */
function toPullRequest(draft: Draft, event: PullRequestEvent, before: PullRequest | undefined): PullRequest {
  const { number, headBranch, headSha, baseBranch, isSameRepository } = event;
  const now = draft.snapshot.facts.pulls[number];
  const seen = {
    number,
    branch: headBranch,
    baseBranch: now?.baseBranch ?? baseBranch,
    head: now?.headSha ?? headSha,
    state: now?.state ?? toState(event) ?? before?.state ?? 'open',
    isSameRepository,
    isDraft: now?.isDraft ?? event.isDraft ?? before?.isDraft ?? false,
  };
  return toPull(seen, before);
}

/** Undefined where an event does not say: a push or an opening that is told late does not open what was closed since. */
function toState({ merged, change }: PullRequestEvent): PullRequest['state'] | undefined {
  if (merged) return 'merged';
  if (change === 'closed') return 'closed';
  return change === 'reopened' ? 'open' : undefined;
}

function takeOwnPull(draft: Draft, run: Run, event: PullRequestEvent): void {
  const before = run.pullRequest;
  // A merge is for good: what comes late was sent before it.
  if (before?.state === 'merged') return;
  takePullNow(draft, run, toPullRequest(draft, event, before), event.actor.login);
  // Also where it is a draft again by now.
  if ((event.isDraft === false || event.wasReady) && run.pullRequest) noteReady(draft, run.pullRequest);
}

/** As GitHub shows it, where it was asked about it. */
export function takePullSeen(draft: Draft, run: Run, login: string | undefined): void {
  const { pullRequest: before } = run;
  const seen = before && draft.snapshot.facts.pulls[before.number];
  // A merge is for good: an answer that was read before it is late.
  if (!before || !seen || before.state === 'merged') return;
  const { headSha: head, isOurs: _, ...rest } = seen;
  // Whoever pushed to its base merged it; who closed it, or pushed to it, nobody said.
  takePullNow(draft, run, { ...before, head, ...rest }, rest.state === 'merged' ? login : undefined);
}

/** As it is now, by whoever changed it; nobody knows who where that was not told. */
function takePullNow(draft: Draft, run: Run, now: PullRequest, login: string | undefined): void {
  const before = run.pullRequest;
  run.pullRequest = before ? now : { ...now, ...withReadiness(run, now.isDraft ?? false) };
  // What is said on it belongs here from now on, also when nobody comes back who made it.
  if (!before) draft.aliases.push(now.number);
  if (before && isSame(before, now)) return;
  draft.urgency = 'now';
  const who = login ?? 'somebody';
  if (now.state !== 'open') return takeEnded(draft, run, now, who);
  const verified = run.verification?.key.head;
  if (verified === undefined || now.head === verified) return;
  note(draft, 'pushed', `@${who} pushed ${now.head.slice(0, 10)} over ${verified.slice(0, 10)}`);
  // A merge that is under way is settled by its own result, which finds the head moved; one that waits is disarmed.
  if (toPhase(run.state) === 'resting') enter(draft, run, { kind: 'reviewing', since: draft.now, phase: 'verifying' });
}

function takeEnded(draft: Draft, run: Run, pull: PullRequest, by: string): void {
  if (isMergeUnderWay(run) || toPhase(run.state) === 'final') return;
  cancelWork(draft);
  if (pull.state === 'merged') {
    note(draft, 'merged_by_hand', `@${by} merged #${pull.number}`);
    return enter(draft, run, { kind: 'merging', since: draft.now, by: { kind: 'person' } });
  }
  note(draft, 'closed', `@${by} closed #${pull.number}`);
  enter(draft, run, { kind: 'closed', since: draft.now, by });
}

/** An issue that is closed needs no more work; our own merge closes it too, and then nothing is left to stop. */
export function takeClosedIssue(draft: Draft, event: Extract<Event, { kind: 'issue_closed' }>): void {
  const { run } = draft.record;
  if (!run || !isLive(run) || isMergeUnderWay(run)) return;
  stopRun(draft, run, event.actor.login);
}
