// The promises of `decide`, written anew here so that they share nothing with the code that they check. Each throws
// with the one sentence that was broken.
import { isDeepStrictEqual } from 'node:util';
import { evaluateGate } from '../../../src/core/gate/evaluate-gate.ts';
import type { OutboxEntry } from '../../../src/core/model/action.ts';
import type { Decision } from '../../../src/core/model/decision.ts';
import type { ResultEvent } from '../../../src/core/model/event.ts';
import { SubjectRecord } from '../../../src/core/model/record.ts';
import { isGreen } from '../../../src/core/model/result.ts';
import type { Run } from '../../../src/core/model/run.ts';
import type { Snapshot } from '../../../src/core/model/snapshot.ts';
import { accountFor } from '../../../src/core/run/account-for.ts';
import { decide } from '../../../src/core/run/decide.ts';
import type { WorldOfDecisions } from '../../support/world-of-decisions.ts';

const working = ['planning', 'executing', 'reviewing', 'merging', 'stopping'];
const live = [...working, 'paused', 'awaiting_approval', 'needs_input'];
const outwardKinds = ['publish_branch', 'merge', 'prove_merge'];
const buildingKinds = ['plan', 'baseline', 'attempt', 'pilot', 'integrate', 'acceptance'];

function must(isKept: boolean, promise: string, facts: unknown = undefined): void {
  if (!isKept) throw new Error(facts === undefined ? promise : `${promise}: ${JSON.stringify(facts)}`);
}

/** What holds for every decision by itself. */
export function checkDecision(snapshot: Snapshot, decision: Decision): void {
  const again = decide({ ...structuredClonePlain(snapshot) });
  must(isDeepStrictEqual(again, decision), 'the same snapshot, read from the store again, gives the same decision');
  must(isDeepStrictEqual(SubjectRecord.parse(decision.record), decision.record), 'the record fits its own schema');
  must(decision.handled.length === snapshot.inbox.length, 'every event of the inbox is handled');
  const { run } = decision.record;
  const added = decision.outbox.flatMap((change) => (change.kind === 'add' ? [change.action] : []));
  checkOutward(snapshot, decision);
  checkWay(snapshot, run);
  const isWorking = run !== undefined && working.includes(run.state.kind);
  if (run?.reads) checkReads(run, added);
  if (run && ['planning', 'awaiting_approval'].includes(run.state.kind))
    must(
      run.tasks.every(({ state }) => state.kind !== 'anchored'),
      'what was built is merged or given up before there is a new plan',
      run.tasks,
    );
  if (!isWorking)
    must(
      added.every(({ kind }) => ['present', 'archive', 'tell'].includes(kind)),
      'a run that rests or is over starts nothing',
      added,
    );
  if (isWorking) must(Number.isFinite(decision.wakeAt), 'a working state has a moment at which it is looked at again');
  if (run) checkDelivery(run, added);
}

/** It builds, merges and publishes nothing, asks nobody about it, and ends with what it found. */
function checkReads(run: Run, added: readonly OutboxEntry['action'][]): void {
  const other = added.filter(({ kind }) => !['plan', 'attempt', 'present', 'archive', 'tell'].includes(kind));
  must(other.length === 0, 'a run that only reads does nothing else', other);
  must(!run.integration && !run.pullRequest, 'a run that only reads makes nothing', run.integration);
  for (const action of added)
    if (action.kind === 'attempt')
      must(action.base === run.reads?.head, 'exactly that commit is read that it was started for', action);
  const isTold = run.tasks.some(({ state }) => state.kind === 'reported');
  must(run.state.kind !== 'reported' || isTold, 'whoever has reported has a report', run.tasks);
}

/** What is pushed and merged is exactly what was verified, and it is all that was built. */
function checkDelivery(run: Run, added: readonly OutboxEntry['action'][]): void {
  const { verification } = run;
  const isGreen = verification?.report.commands.every(({ exit }) => exit.kind === 'exited' && exit.code === 0) === true;
  for (const action of added) {
    if (action.kind === 'publish_branch')
      must(verification?.key.head === action.head && isGreen, 'only what was verified is pushed', action);
    if (action.kind !== 'merge') continue;
    const isKey = verification?.key.head === action.head && verification.key.base === action.base;
    must(isKey && isGreen && run.pullRequest?.head === action.head, 'only the verified key is merged', action);
  }
  if (run.state.kind !== 'ready') return;
  const { delivered, tasks } = run;
  const left = tasks.filter(({ key, state }) => state.kind === 'merged' && delivered && !delivered.includes(key));
  must(left.length === 0, 'a ready run has delivered all that it merged', left);
}

/** What may have pushed or merged goes only with a result, or after the last of its holders died. */
function checkOutward(snapshot: Snapshot, { outbox }: Decision): void {
  for (const { action, state, dispatch } of snapshot.outbox) {
    if (!outwardKinds.includes(action.kind) || state.kind !== 'begun') continue;
    const kinds = outbox.flatMap((change) => ('id' in change && change.id === action.id ? [change.kind] : []));
    const isReported = snapshot.inbox.some(({ event }) => 'token' in event && event.token === state.token);
    const isKept =
      kinds.at(-1) === 'remove'
        ? isReported || dispatch >= 4
        : kinds.indexOf('redispatch') === kinds.length - 1 || !kinds.includes('redispatch');
    must(isKept, 'what may have acted outside is never forgotten', { id: action.id, kinds });
  }
}

/**
 * Where a run may be after one look, by where it was. A merge that landed is told from everywhere, and what a publisher
 * that was being ended says beside a resume makes a run ready at once.
 */
export const ways: Readonly<Record<Run['state']['kind'], readonly Run['state']['kind'][]>> = {
  // What earlier plans of the run have merged may be delivered from here, or be on a pull request already.
  planning: [
    'executing',
    'awaiting_approval',
    'reviewing',
    'failed',
    'paused',
    'stopping',
    'stopped',
    'merging',
    'closed',
  ],
  awaiting_approval: ['executing', 'planning', 'reviewing', 'paused', 'stopping', 'stopped', 'merging', 'closed'],
  executing: [
    'planning',
    'reviewing',
    'reported',
    'failed',
    'paused',
    'needs_input',
    'stopping',
    'stopped',
    'merging',
    'closed',
  ],
  needs_input: ['planning', 'executing', 'reviewing', 'failed', 'paused', 'stopping', 'stopped', 'merging', 'closed'],
  reviewing: ['ready', 'executing', 'merging', 'failed', 'paused', 'stopping', 'stopped', 'superseded', 'closed'],
  paused: [
    'planning',
    'awaiting_approval',
    'needs_input',
    'executing',
    'reviewing',
    'failed',
    'merging',
    'stopping',
    'stopped',
    'closed',
  ],
  ready: ['reviewing', 'executing', 'paused', 'merging', 'stopping', 'stopped', 'closed'],
  merging: ['ready', 'reviewing', 'failed', 'stopping', 'stopped', 'superseded', 'closed'],
  stopping: ['stopped', 'merging', 'closed', 'reported'],
  stopped: [
    'planning',
    'awaiting_approval',
    'executing',
    'reviewing',
    'ready',
    'paused',
    'stopping',
    'failed',
    'merging',
    'closed',
  ],
  failed: [
    'planning',
    'awaiting_approval',
    'executing',
    'reviewing',
    'ready',
    'paused',
    'stopping',
    'stopped',
    'merging',
    'closed',
  ],
  merged: [],
  reported: [],
  superseded: [],
  closed: [],
};

/**
 * What may become of a task in one look, by what it was. One that is merged leaves the branch only when people push over it,
 * where it is a round of fixes that makes nothing better, or where it, or what it was built on, is denied before anybody has seen it.
 */
export const taskWays: Readonly<Record<TaskKind, readonly TaskKind[]>> = {
  pending: ['running', 'anchored', 'failed', 'skipped', 'blocked', 'replaced'],
  running: ['pending', 'anchored', 'reported', 'failed', 'skipped', 'awaiting_amendment', 'merge_blocked'],
  anchored: [
    'merged',
    'failed',
    'rolled_back',
    'pending',
    'running',
    'skipped',
    'awaiting_amendment',
    'merge_blocked',
    'replaced',
  ],
  merged: ['anchored', 'pending', 'running', 'failed', 'blocked', 'skipped'],
  // What nobody could review is built: a retry takes it up as it is.
  failed: ['pending', 'running', 'anchored', 'skipped', 'replaced'],
  rolled_back: ['pending', 'running', 'anchored', 'failed', 'skipped', 'blocked', 'replaced'],
  skipped: ['pending', 'running', 'blocked'],
  // Failed at once where a person's retry finds no attempt of the run left.
  blocked: ['pending', 'running', 'failed', 'skipped', 'replaced'],
  conflicted: ['skipped'],
  awaiting_amendment: ['anchored', 'merge_blocked', 'skipped', 'blocked', 'replaced'],
  merge_blocked: ['pending', 'running', 'skipped', 'replaced'],
  replaced: [],
  reported: [],
};
type TaskKind = Run['tasks'][number]['state']['kind'];

function checkTaskWays(before: Run, after: Run): void {
  // A plan that nobody began with may be replaced by another one.
  const lost = before.tasks.filter(
    ({ key, attempts }) => attempts.length > 0 && !after.tasks.some((task) => task.key === key),
  );
  must(
    lost.length === 0,
    'no task on which anybody worked is lost',
    lost.map(({ key }) => key),
  );
  for (const task of after.tasks) {
    const from = before.tasks.find(({ key }) => key === task.key)?.state.kind;
    const to = task.state.kind;
    if (from === undefined || from === to) continue;
    must(taskWays[from].includes(to), 'a task goes only where the table says', { task: task.key, from, to });
  }
}

function checkWay({ record, inbox }: Snapshot, after: Run | undefined): void {
  const before = record.run;
  if (before && before.id === after?.id) checkTaskWays(before, after);
  if (!before || !after || before.state.kind === after.state.kind) return;
  const [from, to] = [before.state.kind, after.state.kind];
  if (to === 'merged') {
    const isTold = inbox.some(({ event }) => event.kind === 'merge_ended' || event.kind === 'branch_published');
    return must(isTold && before.id === after.id, 'a run is merged when a result says so', { from });
  }
  if (before.id === after.id)
    return must(ways[from].includes(to), 'a run goes only where the table says', { from, to });
  const hasEnded = inbox.some(({ event }) => event.kind === 'pull_request_changed' || 'actionId' in event);
  must(hasEnded || !live.includes(from), 'one run at a time holds a subject', { from, to });
}

/** The snapshot as the store gives it: plain data, and the functions of the outside. */
function structuredClonePlain(snapshot: Snapshot): Snapshot {
  const { facts, ...rest } = snapshot;
  const { hash, ...plain } = facts;
  return { ...JSON.parse(JSON.stringify(rest)), facts: { ...JSON.parse(JSON.stringify(plain)), hash } };
}

/** What holds for every saved state. */
export function checkSaved(world: WorldOfDecisions): void {
  const { run, receipts } = world.record;
  const showing = world.outbox.filter(
    (entry) => entry.action.kind === 'present' && (entry.notBefore ?? 0) <= world.now && !isCancelled(entry),
  );
  must(showing.length <= 1, 'at most one presentation that is not delayed is outstanding', showing);
  must(
    receipts.every(({ state }) => state.kind !== 'kept'),
    'every command is answered when it is decided',
    receipts,
  );
  if (!run) return;
  const isWorking = working.includes(run.state.kind);
  if (!live.includes(run.state.kind))
    must(
      receipts.every(({ state }) => state.kind !== 'started'),
      'no command outlives its run',
      receipts,
    );
  if (run.state.kind === 'ready') must(run.pullRequest?.state === 'open', 'a ready run has an open pull request');
  if ((run.baseMoved || run.landedOn !== undefined) && run.state.kind !== 'merged') {
    must(evaluateGate(run).state.kind !== 'open', 'no gate is open for a base that moved', run.baseMoved);
    if (run.state.kind === 'ready' && run.verification && isGreen(run.verification.report))
      must(run.baseMoved === undefined, 'a ready run follows its base', run.baseMoved);
  }
  const parts = Object.values(run.spentOn ?? {});
  must(
    parts.reduce((sum, { microUsd }) => sum + microUsd, 0) === run.spend.microUsd,
    'what was spent on each part is together what the run has spent',
    run.spentOn,
  );
  const isSettled = world.wakeAt === undefined || world.wakeAt > world.now;
  if (isWorking && isSettled && run.state.kind !== 'stopping')
    must(
      world.listWork().length > 0 ||
        isInLane(world) ||
        isBeingShown(world) ||
        isPostponed(world) ||
        isWaitingForText(world),
      'a run that works has something that works for it',
      run.state,
    );
  if (!isWorking) checkLeft(world);
  checkQuestions(world, run);
  checkTasks(run, world.outbox, isWorking);
  checkApproval(run, world.outbox);
  checkWork(run, world.outbox);
}

/** Whoever is asked can still be heard, will not be waited for without end, and is asked for a task that waits for nothing else. */
function checkQuestions({ now, wakeAt }: WorldOfDecisions, run: Run): void {
  const { questions = [], policy, state } = run;
  must(questions.length <= policy.maxQuestions, 'a run asks no more than it may', questions);
  must(
    new Set(questions.map(({ id }) => id)).size === questions.length,
    'every question has an id of its own',
    questions,
  );
  const open = questions.filter(({ end }) => end === undefined);
  if (state.kind === 'needs_input') must(open.length > 0, 'a run that waits for people has asked them something', run);
  for (const { task, until, shownAt } of open) {
    must(live.includes(state.kind) && state.kind !== 'stopping', 'nobody is asked for a run that is over', state);
    must(!run.finishing, 'nobody is asked where nothing new starts', run.finishing);
    const own = run.tasks.find(({ key }) => key === task);
    must(own?.state.kind === 'pending', 'a task that waits for an answer does nothing else', own);
    // Its time runs from when it could be read, which the next presentation tells.
    const moment = shownAt === undefined ? Number.POSITIVE_INFINITY : Math.max(until, now);
    must(wakeAt !== undefined && wakeAt <= moment, 'the end of a question is looked at', { wakeAt, until });
    must(open.filter((other) => other.task === task).length === 1, 'a task asks one thing at a time', open);
  }
}

/** Nothing of a plan is under way that nobody approved, where an approval is asked for. */
function checkApproval({ policy, needsApproval, approval, plan, ...run }: Run, outbox: readonly OutboxEntry[]): void {
  // A policy asks for it because of what is written.
  const isAsked = needsApproval || plan?.route?.asksApproval || (policy.planApproval === 'required' && !run.reads);
  if (!isAsked) return;
  const builds = outbox.filter(
    ({ action, ...entry }) =>
      ['attempt', 'integrate'].includes(action.kind) &&
      'runId' in action &&
      action.runId === run.id &&
      !isCancelled({ action, ...entry }),
  );
  must(
    builds.length === 0 || (plan !== undefined && approval?.plan === plan.hash),
    'nothing starts that nobody approved',
    {
      approval,
      plan,
    },
  );
}

/** It has left the lane and asks again when GitHub wants to be asked again. */
function isPostponed({ record: { run }, now, wakeAt }: WorldOfDecisions): boolean {
  const { notBefore = 0 } = run?.state.kind === 'merging' && run.state.by.kind === 'command' ? run.state.by : {};
  return notBefore > now && wakeAt !== undefined && wakeAt <= notBefore;
}

/** GitHub does not say what the issue says now, and is asked again. */
function isWaitingForText({ record: { run }, now, wakeAt, fingerprint }: WorldOfDecisions): boolean {
  const moments = Object.values(run?.waits ?? {}).filter(
    (moment) => moment > now && wakeAt !== undefined && wakeAt <= moment,
  );
  return fingerprint === undefined && run?.approval !== undefined && moments.length > 0;
}

/** GitHub has to know that the gate is open before it merges anything. */
function isBeingShown({ record: { run, presentation } }: WorldOfDecisions): boolean {
  if (run?.state.kind !== 'merging' || run.state.by.kind !== 'command') return false;
  return presentation.done < (run.state.by.shownFrom ?? 0);
}

function isInLane({ record: { run, lane } }: WorldOfDecisions): boolean {
  return run?.state.kind === 'merging' && lane?.runId === run.id && lane.grant === undefined;
}

/** Whoever rests or is over gives the lane back, as soon as nothing can land any more. */
function checkLeft({ record, outbox }: WorldOfDecisions): void {
  const { lane } = record;
  const isHeldUp = outbox.some(
    ({ action }) => action.kind === 'merge' || (action.kind === 'tell' && action.event.kind === 'lane_asked'),
  );
  must(lane === undefined || isHeldUp, 'a run that does not work keeps nobody waiting', { lane, outbox });
}

function isCancelled({ state }: OutboxEntry): boolean {
  return state.kind === 'begun' && state.cancelled;
}

function checkTasks(run: Run, outbox: readonly OutboxEntry[], isWorking: boolean): void {
  checkTotals(run);
  const { maxAttempts } = run.policy;
  for (const task of run.tasks) {
    const most = maxAttempts + (task.granted ?? 0);
    must(task.attempts.length <= most, `no task has more than ${most} attempts`, task.key);
    const numbers = task.attempts.map(({ number }) => number);
    must(
      isDeepStrictEqual(
        numbers,
        numbers.toSorted((a, b) => a - b),
      ),
      'attempts are numbered in order',
      numbers,
    );
    if (!isWorking) must(task.state.kind !== 'running', 'no task works for a run that rests or is over', task.key);
  }
  if (run.state.kind !== 'executing') return;
  const running = run.tasks.filter(({ state }) => state.kind === 'running').map(({ key }) => key);
  const attempted = outbox.flatMap(({ action, ...entry }) =>
    action.kind === 'attempt' && action.runId === run.id && !isCancelled({ action, ...entry }) ? [action.task] : [],
  );
  must(isDeepStrictEqual(running.toSorted(), attempted.toSorted()), 'each running task has one attempt', {
    running,
    attempted,
  });
  const ahead = run.ahead.flat();
  const waiting = run.tasks.filter(({ state }) =>
    ['pending', 'running', 'anchored', 'awaiting_amendment'].includes(state.kind),
  );
  for (const { key } of waiting)
    must(ahead.filter((other) => other === key).length === 1, 'a task that is not over stands in one batch', key);
}

/** Each task has one account, and money that is spent or reserved never comes to more than the cap. */
function checkTotals(run: Run): void {
  const { tasks, total, spent, reserved, cap, attempts } = accountFor(run);
  must(Object.keys(tasks).length === run.tasks.length, 'each task has exactly one account', tasks);
  const sum = Object.values(total).reduce((all, count) => all + count, 0);
  must(sum === run.tasks.length, 'the accounts add up to all tasks', total);
  must(spent.microUsd + reserved.microUsd <= cap.microUsd, 'no more money than the cap is given out', {
    spent,
    reserved,
    cap,
  });
  must(attempts.used <= attempts.cap, 'no more attempts are made than the run may have', attempts);
  must(spent.tokens + reserved.tokens <= cap.tokens, 'no more tokens than the cap are given out', { spent, reserved });
}

function checkWork(run: Run, outbox: readonly OutboxEntry[]): void {
  const own = outbox.filter(({ action }) => action.kind !== 'present');
  const isBuilding = run.state.kind === 'planning' || run.state.kind === 'executing';
  for (const entry of own) {
    if (isBuilding && 'runId' in entry.action && entry.action.runId === run.id) continue;
    if (!buildingKinds.includes(entry.action.kind)) continue;
    must(entry.state.kind === 'begun', 'what builds is taken back once the run does not build', entry);
    must(isCancelled(entry), 'whoever builds is told to end once the run does not build', entry);
  }
}

/** Ids of actions are never used twice, and a command that was answered is not answered anew. */
export function watchHistory(): (snapshot: Snapshot, decision: Decision) => void {
  const ids = new Set<string>();
  const grants = new Map<string, string>();
  const uncalled = new Set<string>();
  const ends = new Map<string, string>();
  return ({ inbox }, { outbox, record }) => {
    for (const { event } of inbox)
      if (event.kind === 'merge_ended' && event.outcome.kind === 'base_moved') uncalled.add(event.actionId);
    for (const change of outbox) {
      if (change.kind !== 'add') continue;
      must(!ids.has(change.action.id), 'every action has an id of its own', change.action.id);
      ids.add(change.action.id);
      if (change.action.kind !== 'merge') continue;
      const { ask, epoch } = change.action;
      // One that found the base moved has called nobody.
      const earlier = grants.get(`${ask}/${epoch}`);
      const hasCalled = earlier !== undefined && !uncalled.has(earlier);
      must(!hasCalled, 'there are never two merges of one grant', change.action);
      grants.set(`${ask}/${epoch}`, change.action.id);
    }
    for (const { id, state } of record.receipts) {
      const before = ends.get(id);
      must(before === undefined || before === state.kind, 'a command ends once', { id, before, after: state.kind });
      if (state.kind !== 'kept' && state.kind !== 'started') ends.set(id, state.kind);
    }
  };
}

/** A result under a token that is not the current one changes nothing but the log and what is to be shown. */
export function checkLate(world: WorldOfDecisions, event: ResultEvent): void {
  const entry = world.outbox.find(({ action }) => action.id === event.actionId);
  if (entry?.state.kind === 'begun' && entry.state.token === event.token) return;
  const snapshot = world.snapshot();
  // What was shown late is looked at again, and what becomes an archive waits until everything is shown.
  const isShown = event.kind === 'presented';
  const without = strip(decide(snapshot), isShown);
  const late = { entryId: 'late-0', eventId: 'late', event };
  must(
    isDeepStrictEqual(strip(decide({ ...snapshot, inbox: [...snapshot.inbox, late] }), isShown), without),
    'a late result changes nothing',
    event,
  );
}

function strip({ record, outbox, aliases }: Decision, isShown: boolean): unknown {
  // A run whose end may have been written over is kept until it was looked at again: that is for what is to be shown.
  const { presentation: _, ended: _ended, receipts, run, ...rest } = record;
  const isSetApart = (id: string) => id.startsWith('present-') || (isShown && id.startsWith('archive-'));
  const work = outbox.filter((change) => !isSetApart('id' in change ? change.id : change.action.id));
  const told = receipts.map(({ revision: _revision, ...receipt }) => receipt);
  return { rest, run: isShown ? withoutArchive(run) : run, receipts: told, work, aliases };
}

function withoutArchive(run: Decision['record']['run']): unknown {
  if (!run) return run;
  const { archive: _, ...asked } = run.asked;
  return { ...run, asked };
}
