// When faults have stopped, everything comes to rest, and then nothing is left open: what is looked at only at the end.

import { isStateWord, parseOwnLabel } from '../../src/core/command/own-label.ts';
import { toCommentKey } from '../../src/core/model/comment-place.ts';
import type { SubjectRecord } from '../../src/core/model/record.ts';
import { isChoresId, isGroupId, isLaneId, parseRunBranch, renderRunBranch } from '../../src/core/model/subject.ts';
import { listLabelledThreads } from '../../src/core/reply/state-label.ts';
import type { StorePort } from '../../src/engine/port/store.ts';
import { type Hub, olderNumber } from './hub.ts';
import { type Book, isAtRest } from './invariant/book.ts';
import { listLeft } from './invariant/checkpoints.ts';
import { listQueuedTrees } from './invariant/merge-queue.ts';
import { findGate, isPassing, listGaps } from './invariant/merge-rules.ts';
import { findOwed, listMissed } from './invariant/timers.ts';

/** Why it is not at rest yet; undefined when it is. */
export async function findUnrest(book: Book, store: StorePort): Promise<string | undefined> {
  const owed = findOwed(book) ?? findUntold(book.hub);
  if (owed !== undefined) return owed;
  for (const [id, { record, lane }] of book.records) {
    if (isGroupId(id)) {
      const { record: group, inbox, outbox } = await store.loadGroup(id);
      if (inbox.length + outbox.length > 0) return `${id} has ${inbox.length} events and ${outbox.length} actions`;
      if (group && group.state.kind !== 'over') return `${id} is ${group.state.kind}`;
      continue;
    }
    if (isLaneId(id)) {
      const { inbox, outbox } = await store.loadLane(id);
      if (inbox.length + outbox.length > 0) return `${id} has ${inbox.length} events and ${outbox.length} actions`;
      if (lane && (lane.state.kind !== 'idle' || lane.waiting.length > 0))
        return `${id} is ${lane.state.kind} and ${lane.waiting.length} wait for it`;
      continue;
    }
    if (isChoresId(id)) {
      const { inbox, outbox } = await store.loadChores(id);
      if (inbox.length + outbox.length > 0) return `${id} has ${inbox.length} events and ${outbox.length} actions`;
      continue;
    }
    const unrest = record && findUnrestOf(record);
    if (unrest !== undefined) return `${id}: ${unrest}`;
    const { inbox, outbox } = await store.load(id);
    if (inbox.length > 0) return `${id} has ${inbox.length} events to decide on`;
    if (outbox.length > 0) return `${id} has ${outbox.map(({ action }) => action.id)} to do`;
  }
  return undefined;
}

/** One that is older than the App has its check all the same. */
function findUntold(hub: Hub): string | undefined {
  const older = hub.pulls.get(olderNumber);
  if (older?.state !== 'open' || isPassing(hub, hub.headOf(older))) return undefined;
  return `#${olderNumber} was open before anybody listened, and its gate is not open`;
}

function findUnrestOf({ run, presentation, lane }: SubjectRecord): string | undefined {
  if (run && !isAtRest(run.state)) return `run ${run.id} is ${run.state.kind}`;
  if (run?.state.kind === 'paused' && run.state.lookAt !== undefined) return `run ${run.id} will look by itself`;
  if (run?.questions?.some(({ end }) => end === undefined)) return `run ${run.id} asks people something`;
  if (presentation.confirm) return 'what was made will be looked at once more';
  if (presentation.wanted > presentation.done) return `${presentation.done} of ${presentation.wanted} is shown`;
  return lane && `its wish ${lane.ask} was never taken back`;
}

/** Issues whose run is held, and by nobody who would go on by himself. */
export function listHeld(book: Book): { issue: number; wants: 'approval' | 'override' | 'resume' }[] {
  return book.listRecords().flatMap(({ run, number }): ReturnType<typeof listHeld> => {
    if (run?.state.kind === 'awaiting_approval') return [{ issue: number, wants: 'approval' }];
    return run?.state.kind === 'paused' ? [{ issue: number, wants: run.state.wants ?? 'resume' }] : [];
  });
}

export interface Heard {
  readonly acknowledged: readonly string[];
  readonly isEverythingHeard: boolean;
}

/** Everything that does not hold at the end, one sentence each. */
export async function listFaultsAtRest(book: Book, { acknowledged, isEverythingHeard }: Heard): Promise<string[]> {
  const { hub } = book;
  const found: string[] = [];
  const demand = (holds: boolean, sentence: string) => {
    if (!holds) found.push(sentence);
  };
  for (const delivery of acknowledged) {
    for (const id of book.kept.get(delivery) ?? [])
      demand(book.handled.has(id), `${id} was acknowledged with ${delivery} and never decided on`);
  }
  for (const record of book.listRecords()) lookAtRecord(record, book, isEverythingHeard, demand);
  found.push(...listMissed(book), ...listLeft(book));
  lookAtHub(book, demand);
  lookAtNotes(book, demand);
  lookAtScheduled(book, demand);
  if (isEverythingHeard) {
    lookAtAnswers(hub, demand);
    lookAtPulls(hub, demand);
    found.push(...listGaps(book));
  }
  return found;
}

/** Whatever a run made has a gate for as long as it is open, whatever became of the run. */
function lookAtPulls(hub: Hub, demand: Demand): void {
  for (const pull of hub.pulls.values()) {
    if (pull.state !== 'open' || !pull.isOurs || !parseRunBranch(pull.branch)) continue;
    const head = hub.headOf(pull);
    demand(findGate(hub, head) !== undefined, `#${pull.number} is open, and ${head.slice(0, 8)} has no gate`);
  }
}

/** Whatever somebody said to us was heard and has one answer. */
function lookAtAnswers(hub: Hub, demand: Demand): void {
  for (const { number, comments, lineComments } of hub.threads.values()) {
    const said = [
      ...comments.map((comment) => ({ ...comment, key: toCommentKey({ commentId: comment.id }) })),
      ...lineComments.map((comment) => ({ ...comment, key: toCommentKey({ commentId: comment.id, place: 'line' }) })),
    ];
    for (const { key, author, body } of said) {
      if (author !== 'maria' || !body.startsWith('/pilot')) continue;
      const signs = (hub.reactions.get(key) ?? []).map(({ content }) => content);
      demand(signs.length === 1, `"${body}" on #${number} is answered with ${JSON.stringify(signs)}`);
    }
  }
}

function isStateLabel(label: string): boolean {
  const own = parseOwnLabel(label);
  return own !== undefined && isStateWord(own.word);
}

type Demand = (holds: boolean, sentence: string) => void;

function lookAtRecord(record: SubjectRecord, book: Book, isEverythingHeard: boolean, demand: Demand): void {
  const { run, number } = record;
  const { hub } = book;
  const shown = hub.threads.get(number);
  for (const { id, state, source } of record.receipts) {
    const isOpen = state.kind === 'kept' || state.kind === 'started';
    // A run that looked often enough waits for a person, and with it whoever asked for it.
    if (isOpen && (run?.state.kind === 'paused' || run?.state.kind === 'awaiting_approval')) continue;
    demand(!isOpen, `the receipt ${id} of #${number} is still ${state.kind}`);
    if (source.kind !== 'comment') continue;
    const signs = (hub.reactions.get(toCommentKey(source)) ?? []).map(({ content }) => content);
    const isTerminal = signs.length === 1 && ['+1', 'confused'].includes(signs[0] ?? '');
    demand(isTerminal, `${id} of #${number} is answered with ${JSON.stringify(signs)}`);
  }
  if (!run) return;
  const stickies = (shown?.comments ?? []).filter(({ body }) => body.startsWith(`<!-- gatepilot:sticky:${run.id} -->`));
  demand(stickies.length === 1, `#${number} has ${stickies.length} comments of run ${run.id}`);
  for (const task of run.tasks) demand(task.state.kind !== 'running', `${task.key} of #${number} is left running`);
  for (const { id } of run.questions ?? []) {
    const told = (shown?.comments ?? []).filter(({ body }) => body.startsWith(`<!-- gatepilot:question:${id} -->`));
    const isEnded = told.every(({ body }) => /\*\*(?:Answered|Closed|Withdrawn)/.test(body));
    demand(told.length === 1 && isEnded, `#${number} has ${told.length} comments of ${id}, which has ended`);
  }
  for (const [thread, wanted] of listLabelledThreads(record)) {
    const there = [...(hub.threads.get(thread)?.labels ?? [])].filter((label) => isStateLabel(label));
    const isRight = there.length === (wanted === undefined ? 0 : 1) && (wanted === undefined || there[0] === wanted);
    demand(isRight, `#${thread} is labelled ${JSON.stringify(there)}, and is to be ${wanted ?? 'none of these'}`);
  }
  const { pullRequest } = run;
  if (!pullRequest) return;
  const checks = hub.checks.filter(({ headSha }) => headSha === pullRequest.head);
  const ready = pullRequest.ready?.kind;
  demand(ready !== 'due', `#${pullRequest.number} is due to be marked ready for review, and nobody does`);
  const mayWait = (kind: string) => kind === 'completed' || (pullRequest.isDraft === true && kind === 'queued');
  demand(
    checks.length > 0 && checks.every(({ state }) => mayWait(state.kind)),
    `the check of #${pullRequest.number} is ${JSON.stringify(checks.map(({ state }) => state))} and the run is ${run.state.kind}`,
  );
  if (run.state.kind === 'merged') {
    const deed = hub.deeds.find((one) => one.kind === 'merged' && one.number === pullRequest.number);
    const treeId = deed?.kind === 'merged' ? deed.treeId : undefined;
    demand(
      treeId !== undefined && run.state.tree === treeId,
      `#${pullRequest.number} is told as merged with another tree`,
    );
    const { isProven } = run.state;
    const proven = book.provenTrees.get(renderRunBranch(number, run.id));
    const isOwn = proven?.has(treeId ?? '') === true;
    // What was green by other settings proves nothing by those that its run has now.
    const isByItsSettings = proven?.get(treeId ?? '') === run.verification?.key.policy;
    const isQueued = listQueuedTrees(book, pullRequest.number).includes(treeId ?? '');
    const mayBeProven = isOwn || (isQueued && book.fates.greenTrees.has(treeId ?? ''));
    demand(!isProven || mayBeProven, `#${pullRequest.number} is told as proven and is not`);
    const mustBeProven = (isOwn && isByItsSettings) || (deed?.kind === 'merged' && deed.isByQueue);
    demand(isProven || !mustBeProven, `#${pullRequest.number} is told as not proven and is`);
  }
  const isLanded = hub.deeds.some((one) => one.kind === 'merged' && one.isByQueue && one.number === pullRequest.number);
  if (isEverythingHeard)
    demand(
      !isLanded || run.state.kind === 'merged',
      `#${pullRequest.number} was landed by the queue, and its run is ${run.state.kind}`,
    );
  // A merge by hand gives what was verified, unless its base has moved within the last moments.
  const base = hub.branches.get(pullRequest.baseBranch);
  const isShownOpen =
    pullRequest.state === 'open' && checks.some(({ state }) => 'conclusion' in state && state.conclusion === 'success');
  if (isEverythingHeard && isShownOpen)
    demand(
      run.verification?.key.base === base,
      `#${pullRequest.number} may be merged, verified on ${run.verification?.key.base}, and the base is at ${base}`,
    );
  if (isEverythingHeard && hub.pulls.get(pullRequest.number)?.state !== pullRequest.state)
    demand(
      false,
      `#${pullRequest.number} is ${hub.pulls.get(pullRequest.number)?.state} and told as ${pullRequest.state}`,
    );
}

/** Each time of a schedule is one issue at most and one command, whoever died over it. */
function lookAtScheduled(book: Book, demand: Demand): void {
  const opened = [...book.hub.threads.values()].flatMap(
    ({ body }) => /gatepilot:schedule:\S+@\d+/.exec(body)?.[0] ?? [],
  );
  demand(new Set(opened).size === opened.length, `an issue was opened twice: ${opened}`);
  const open = [...book.hub.threads.values()].filter(
    ({ isPull, state, title }) => !isPull && state === 'open' && title.startsWith('Scheduled: '),
  );
  demand(new Set(open.map(({ title }) => title)).size === open.length, 'a schedule has two open issues');
  const asked = book.listRecords().flatMap(({ receipts }) => receipts.map(({ id }) => id));
  const scheduled = asked.filter((id) => id.startsWith('schedule/'));
  demand(new Set(scheduled).size === scheduled.length, `a time of a schedule was taken twice: ${scheduled}`);
}

/** What a run that was merged observed is in a notes pull request, of which one is open at most; the same for each. */
function lookAtNotes({ hub, records }: Book, demand: Demand): void {
  const pulls = [...hub.pulls.values()].filter(({ branch }) => branch.startsWith('gatepilot/notes-'));
  const open = pulls.filter(({ state }) => state === 'open');
  demand(open.length <= 1, `notes pull requests are open: ${open.map(({ number }) => number)}`);
  for (const { record } of records.values()) {
    const { run } = record ?? {};
    if (run?.state.kind !== 'merged') continue;
    for (const { text } of run.learnings ?? [])
      demand(
        pulls.some(({ body }) => body.includes(text)),
        `what run ${run.id} of #${record?.number} learned was not proposed: ${text}`,
      );
  }
}

/** One effect for each wish, whoever died or hung in between. */
function lookAtHub({ hub, records }: Book, demand: Demand): void {
  demand(hub.twins.length === 0, `made twice: ${hub.twins.join(', ')}`);
  const latest = [...records.values()].flatMap(({ record }) => record?.run?.id ?? []);
  // The pull request of a run that was replaced within seconds is not looked at any more.
  const isOld = (mark: string) => mark.includes(':sticky:') && !latest.some((id) => mark.includes(`:${id} `));
  for (const { number, comments } of hub.threads.values()) {
    const marks = comments
      .filter(({ author }) => author === 'gatepilot[bot]')
      .map(({ body }) => body.split('\n')[0] ?? '')
      .filter((mark) => !isOld(mark));
    demand(new Set(marks).size === marks.length, `#${number} has the same comment twice: ${JSON.stringify(marks)}`);
  }
  const pulls = [...hub.pulls.values()].filter(({ isOurs, state }) => isOurs && state === 'open');
  const branches = pulls.map(({ branch }) => branch);
  demand(new Set(branches).size === branches.length, `a run has two open pull requests: ${branches}`);
  const known = [...records.values()].map(({ record }) => record?.run?.pullRequest?.number);
  for (const { number, branch } of pulls) {
    const isOfLatest = [...records.values()].some(
      ({ record }) => branch === `gatepilot/${record?.number}/${record?.run?.id}`,
    );
    // Somebody closed the first one while a publisher hung in the very call that opened the second.
    const isSecond = [...hub.pulls.values()].some((other) => other.branch === branch && other.number !== number);
    demand(!isOfLatest || isSecond || known.includes(number), `#${number} is open and its run does not know it`);
  }
  // Nobody merges an older head.
  const heads = [...records.values()].flatMap(({ record }) => record?.run?.pullRequest?.head ?? []);
  for (const head of heads) {
    const same = hub.checks.filter(({ headSha }) => headSha === head);
    const told = new Set(same.map(({ state, title, summary }) => JSON.stringify([state, title, summary])));
    demand(told.size === 1, `${head} has ${same.length} checks that say ${[...told]}`);
  }
}
