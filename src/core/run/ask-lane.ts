import type { LaneWish } from '../model/lane.ts';
import type { PullRequest, Run } from '../model/run.ts';
import { toLaneId, toSubjectId } from '../model/subject.ts';
import { type Draft, nextActionId, note, tell } from './draft.ts';

/** What a verification may take, and the merge after it. */
const beyondVerifyMs = 20 * 60_000;

/** Gets in line for the base branch. The moment is part of the wish's name: a record that was deleted may begin anew. */
export function askLane(draft: Draft, run: Run, pull: PullRequest): void {
  const { repository, number } = draft.record;
  const ask = `${number}-${nextActionId(run, 'lane')}-${draft.now}`;
  const lane = toLaneId(repository.host, repository.id, run.base.branch);
  const wish: LaneWish = { ask, lane, runId: run.id, isOver: false, mayLand: false };
  draft.record.lane = wish;
  note(draft, 'lane', `asks for its turn to merge into ${run.base.branch}`);
  tell(draft, lane, {
    kind: 'lane_asked',
    ask,
    subject: toSubjectId(repository.host, repository.id, number),
    runId: run.id,
    number: pull.number,
    holdMs: (run.policy.setup?.timeoutMs ?? 0) + run.policy.verifyTimeoutMs + beyondVerifyMs,
    repository,
    branch: run.base.branch,
  });
}
