// Looks over the shoulder of every process: what passes through the store and to GitHub is followed, and whatever must
// hold is checked at once. What the invariants are and where each is checked: README.md beside this file.

import type { Decision } from '../../src/core/model/decision.ts';
import type { ResultEvent } from '../../src/core/model/event.ts';
import type { GroupRecord } from '../../src/core/model/group.ts';
import type { LaneRecord } from '../../src/core/model/lane.ts';
import type { SubjectRecord } from '../../src/core/model/record.ts';
import type { ReviewRecord } from '../../src/core/model/review.ts';
import type { Run } from '../../src/core/model/run.ts';
import { isChoresId, isGroupId, isLaneId, type RecordId } from '../../src/core/model/subject.ts';
import type { GitHubPort } from '../../src/engine/port/github.ts';
import type { ScheduleLedger } from '../../src/engine/port/schedule.ts';
import type { StorePort } from '../../src/engine/port/store.ts';
import { checkApproval, checkApproved } from './invariant/approvals.ts';
import type { Book } from './invariant/book.ts';
import { checkCheckpoints, checkRestored } from './invariant/checkpoints.ts';
import {
  checkAdmission,
  checkLog,
  checkNextLook,
  checkOneDecision,
  checkOneRun,
  checkTasks,
} from './invariant/decisions.ts';
import { noteExceptions } from './invariant/exceptions.ts';
import { checkBegun, checkOutbox, checkStopped, checkWanted, noteHeartbeat } from './invariant/holders.ts';
import { checkInstructed, noteBegun, noteInstructions } from './invariant/instructions.ts';
import { checkGroupShown, checkLanded } from './invariant/merge-queue.ts';
import {
  checkDeed,
  checkGranted,
  checkLane,
  noteMergeAnswered,
  noteMergeBegun,
  noteVerified,
} from './invariant/merges.ts';
import { checkJudged, checkReaction, checkSecrets, checkTold } from './invariant/promises.ts';
import { checkQuestions } from './invariant/questions.ts';
import { checkFired, noteKept } from './invariant/timers.ts';
import { checkAccepted, checkBudget, checkBuilt, checkDays, checkMerged, checkResolved } from './invariant/work.ts';

export interface Audit {
  readonly store: StorePort;
  readonly github: GitHubPort;
  readonly ledger: ScheduleLedger;
  /** After every step: what was done to branches in it. */
  lookAtDeeds(): void;
}

export function createAudit(book: Book, ports: Pick<Audit, 'store' | 'github' | 'ledger'>): Audit {
  let deedsSeen = 0;
  return {
    store: watchStore(book, ports.store),
    github: watchGitHub(book, ports.github),
    ledger: {
      ...ports.ledger,
      async keep(...args) {
        const kept = await ports.ledger.keep(...args);
        noteKept(book, kept);
        return kept;
      },
    },
    lookAtDeeds() {
      checkInstructed(book);
      checkRestored(book);
      for (; deedsSeen < book.hub.deeds.length; deedsSeen += 1) {
        const deed = book.hub.deeds[deedsSeen];
        if (deed?.kind === 'merged' && deed.isByQueue) checkLanded(book, deed);
        else if (deed) checkDeed(book, deed);
      }
    },
  };
}

function watchStore(book: Book, store: StorePort): StorePort {
  return {
    ...store,
    async intake(request) {
      const answer = await store.intake(request);
      const isDropped = answer.kind === 'unknown_subject' || answer.kind === 'mismatch';
      if (!book.kept.get(request.deliveryId)?.length)
        book.kept.set(request.deliveryId, isDropped ? [] : request.events.map((event) => event.id));
      if (answer.kind === 'kept') {
        book.at(answer.subject);
        for (const { event } of request.events) {
          checkFired(book, answer.subject, event);
          if (event.kind === 'pull_listed') book.met.add('a pull request that no run made was listed');
        }
      }
      return answer;
    },
    async append(id, eventId, event) {
      checkSecrets(book, `the event ${eventId}`, event);
      if ('actionId' in event) checkResult(book, id, event);
      return await store.append(id, eventId, event);
    },
    async save(id, expected, decision) {
      const answer = await store.save(id, expected, decision);
      if (answer.kind !== 'saved') return answer;
      checkSave(book, id, expected, decision);
      await checkLog(book, store, id);
      await checkDays(book, store);
      return answer;
    },
    async begin(...args) {
      const answer = await store.begin(...args);
      if (answer.kind !== 'begun') return answer;
      checkBegun(book, args[0], answer);
      const { record } = book.at(args[0]);
      if (record) checkApproved(book, record, answer.entry.action);
      noteBegun(book, record?.run, answer);
      noteMergeBegun(book, answer.entry.action);
      return answer;
    },
    async heartbeat(id, actionId, token, leaseMs) {
      const answer = await store.heartbeat(id, actionId, token, leaseMs);
      if (answer !== 'lost') noteHeartbeat(book, id, actionId, { token, leaseMs });
      return answer;
    },
    async appendLive(subject, actionId, line) {
      checkSecrets(book, 'the live view', line);
      return await store.appendLive(subject, actionId, line);
    },
  };
}

function checkResult(book: Book, id: RecordId, event: ResultEvent): void {
  checkStopped(book, id, event);
  checkBuilt(book, id, event);
  checkResolved(book, id, event);
}

function checkSave(book: Book, id: RecordId, expected: number, decision: Decision<unknown>): void {
  const known = book.at(id);
  checkOneDecision(book, id, expected, decision);
  checkSecrets(book, `the record or the log of ${id}`, decision);
  if (isLaneId(id)) {
    const lane = decision as Decision<LaneRecord>;
    checkLane(book, known.lane, lane);
    noteLane(book, lane.record);
    known.lane = lane.record;
    checkOutbox(book, id, decision);
    return;
  }
  if (isGroupId(id)) known.group = decision.record as GroupRecord;
  if (isChoresId(id) || isGroupId(id)) return checkOutbox(book, id, decision);
  const record = decision.record as SubjectRecord;
  const before = known.record?.run;
  const after = record.run;
  known.record = record;
  noteRun(book, after);
  noteExceptions(book, record);
  noteVerified(book, record);
  checkOneRun(
    book,
    before,
    after,
    decision.handled.map(({ eventId }) => eventId),
  );
  checkAdmission(book, before, after);
  checkApproval(book, record, before);
  checkQuestions(book, before, after);
  checkTasks(book, before, after);
  checkMerged(book, after);
  checkAccepted(book, after);
  checkBudget(book, after, decision);
  noteInstructions(book, id, decision, after);
  checkCheckpoints(book, after);
  checkWanted(book, id, decision);
  checkGranted(book, id, record, decision);
  checkOutbox(book, id, decision);
  checkNextLook(book, after, decision.wakeAt);
}

function noteLane({ met }: Book, { state, waiting }: LaneRecord): void {
  if (state.kind !== 'idle' && waiting.length > 0) met.add('competed for a lane');
  if (state.kind === 'revoking') met.add('lost the lane');
}

const replanned = {
  edited: 'planned again after an edit',
  pilot: 'planned again by the pilot',
  denied: 'planned again after a denial',
} as const;

function noteRun({ met }: Book, run: Run | undefined): void {
  if (run?.state.kind === 'awaiting_approval') met.add('waited for an approval');
  if (run?.acceptances.some(({ failed }) => failed.length > 0)) met.add('a task was not accepted');
  if (run?.review) met.add(toReviewMet(run.review));
  for (const { end } of run?.resolutions ?? [])
    met.add(
      end.kind === 'resolved' ? 'a conflict with the base was settled' : 'a conflict with the base was not settled',
    );
  if (run?.state.kind === 'failed' && run.state.cause.kind === 'baseline_red') met.add('the base was red');
  for (const { why } of run?.replans ?? []) met.add(replanned[why]);
  for (const { of } of run?.denials ?? []) met.add(`a ${of.kind} was denied`);
  if (run?.proposal) met.add('people were asked whether the run is to end');
  else if (run?.state.kind === 'paused') met.add(run.state.cause ? 'paused by an outage' : 'paused by somebody');
  if (run?.state.kind !== 'merging' || run.state.by.kind !== 'command') return;
  if (run.state.by.phase === 'verifying') met.add('verified again in the lane');
}

function toReviewMet({ result }: ReviewRecord): string {
  if (result.kind === 'missing') return 'a review did not happen';
  return result.findings.some(({ status }) => status === 'confirmed')
    ? 'a review confirmed something'
    : 'a review let something pass';
}

function watchGitHub(book: Book, github: GitHubPort): GitHubPort {
  const look = (where: string, value: unknown) => checkSecrets(book, where, value);
  return {
    ...github,
    async createComment(repository, number, body) {
      look('a comment', body);
      checkTold(book, body);
      return await github.createComment(repository, number, body);
    },
    async updateComment(repository, id, body) {
      look('a comment', body);
      return await github.updateComment(repository, id, body);
    },
    async createCheck(repository, check) {
      look('a check', check);
      checkJudged(book, check.externalId);
      checkGroupShown(book, check);
      return await github.createCheck(repository, check);
    },
    async updateCheck(repository, id, check) {
      look('a check', check);
      checkGroupShown(book, check);
      return await github.updateCheck(repository, id, check);
    },
    async createReview(repository, number, review) {
      look('a review', review);
      return await github.createReview(repository, number, review);
    },
    async createCommit(repository, commit) {
      look('a commit', commit);
      return await github.createCommit(repository, commit);
    },
    async createPull(repository, pull) {
      look('a pull request', pull);
      return await github.createPull(repository, pull);
    },
    async updatePull(repository, number, change) {
      look('a pull request', change);
      return await github.updatePull(repository, number, change);
    },
    async merge(repository, number, options) {
      const begunAt = book.mergesBegun.get(number)?.at(-1);
      const answer = await github.merge(repository, number, options);
      if (answer.kind !== 'merged') noteMergeAnswered(book, number, begunAt);
      return answer;
    },
    async addReaction(repository, comment, content) {
      checkReaction(book, comment, content);
      return await github.addReaction(repository, comment, content);
    },
  };
}
