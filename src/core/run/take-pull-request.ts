import type { Event } from '../model/event.ts';
import { type PullRequest, type Run, toPhase } from '../model/run.ts';
import { cancelWork, type Draft, enter, note } from './draft.ts';
import { stopRun } from './request-stop.ts';

type PullRequestEvent = Extract<Event, { kind: 'pull_request_changed' }>;

export function takePullRequest(draft: Draft, event: PullRequestEvent): void {
  const { run } = draft.record;
  if (run?.pullRequest?.number === event.number) return takeOwnPull(draft, run, run.pullRequest, event);
  if (draft.record.number !== event.number) return;
  draft.record.pull = {
    number: event.number,
    branch: event.headBranch,
    head: event.headSha,
    state: event.merged ? 'merged' : event.change === 'closed' ? 'closed' : 'open',
  };
  draft.record.title = event.title;
  draft.urgency = 'now';
}

function takeOwnPull(draft: Draft, run: Run, pullRequest: PullRequest, event: PullRequestEvent): void {
  if (event.change === 'closed') return takeClosed(draft, run, pullRequest, event);
  if (event.change === 'reopened') {
    pullRequest.state = 'open';
    draft.urgency = 'now';
  }
  const isNews = event.headSha !== pullRequest.head && !run.pushed.includes(event.headSha);
  if (!isNews || event.change === 'edited' || event.change === 'other') return;
  note(
    draft,
    'pushed',
    `@${event.actor.login} pushed ${event.headSha.slice(0, 10)} over ${pullRequest.head.slice(0, 10)}`,
  );
  pullRequest.head = event.headSha;
  draft.urgency = 'now';
  // A merge that is under way is settled by its own result, which finds the head moved.
  if (run.state.kind === 'ready') enter(draft, run, { kind: 'reviewing', since: draft.now, phase: 'verifying' });
}

function takeClosed(draft: Draft, run: Run, pullRequest: PullRequest, event: PullRequestEvent): void {
  pullRequest.state = event.merged ? 'merged' : 'closed';
  draft.urgency = 'now';
  if (event.merged) {
    if (run.state.kind === 'merging' || run.state.kind === 'merged') return;
    note(draft, 'merged_by_hand', `@${event.actor.login} merged #${event.number}`);
    cancelWork(draft);
    return enter(draft, run, { kind: 'merging', since: draft.now, by: { kind: 'person' } });
  }
  if (toPhase(run.state) === 'final') return;
  note(draft, 'closed', `@${event.actor.login} closed #${event.number}`);
  cancelWork(draft);
  enter(draft, run, { kind: 'closed', since: draft.now, by: event.actor.login });
}

/** An issue that is closed needs no more work; our own merge closes it too, and then nothing is left to stop. */
export function takeClosedIssue(draft: Draft, event: Extract<Event, { kind: 'issue_closed' }>): void {
  const { run } = draft.record;
  if (!run || toPhase(run.state) !== 'working' || run.state.kind === 'merging') return;
  stopRun(draft, run, event.actor.login);
}
