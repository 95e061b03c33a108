// Of what our App does to branches: only what was verified, and one merge at a time into one base, in turn.
import type { Action } from '../../../src/core/model/action.ts';
import type { Decision } from '../../../src/core/model/decision.ts';
import type { LaneRecord } from '../../../src/core/model/lane.ts';
import type { SubjectRecord } from '../../../src/core/model/record.ts';
import type { Run, Verification } from '../../../src/core/model/run.ts';
import { type RecordId, renderRunBranch } from '../../../src/core/model/subject.ts';
import type { Deed } from '../hub.ts';
import { notesPath } from '../settings.ts';
import { protectedPath } from '../simulated-work.ts';
import type { Book } from './book.ts';
import { isLetPass, listConfirmed, toLifted } from './exceptions.ts';

const us = 'gatepilot[bot]';

export function noteVerified(book: Book, { number, run }: SubjectRecord): void {
  if (!run?.verification) return;
  const { head, base } = run.verification.key;
  if (!isGreen(run.verification) && !book.lifted.has(toLifted('verification', head, base))) return;
  const branch = renderRunBranch(number, run.id);
  const heads = book.verified.get(branch) ?? new Set();
  book.verified.set(branch, heads.add(run.verification.key.head));
  const trees = book.provenTrees.get(branch) ?? new Map();
  book.provenTrees.set(branch, trees.set(run.verification.key.tree, run.verification.key.policy));
}

export function noteMergeBegun(book: Book, action: Action): void {
  if (action.kind !== 'merge') return;
  book.mergesBegun.set(action.number, [...(book.mergesBegun.get(action.number) ?? []), book.hub.step()]);
}

/** GitHub said no to it: it will not land any more. */
export function noteMergeAnswered(book: Book, number: number, begunAt: number | undefined): void {
  const others = (book.mergesBegun.get(number) ?? []).filter((at) => at !== begunAt);
  book.mergesBegun.set(number, others);
}

export function checkDeed(book: Book, deed: Deed): void {
  if (deed.by !== us) return;
  if (deed.kind === 'pushed') return checkPush(book, deed);
  if (deed.kind === 'readied') return checkReadied(book, deed);
  checkTurn(book, deed);
  const record = book.listRecords().find((one) => one.run?.pullRequest?.number === deed.number);
  const run = record?.run;
  const key = run?.verification?.key;
  const begunAt = Math.min(...(book.mergesBegun.get(deed.number) ?? []));
  if (record && run) {
    checkReviewed(book, record.number, run, `#${deed.number} was merged`);
    checkMighty(book, run, begunAt, `#${deed.number}`);
  }
  const heldSince = book.hub.heldSince.get(deed.head) ?? Number.POSITIVE_INFINITY;
  book.demand(heldSince >= begunAt, `#${deed.number} was merged while CI of its head waited for somebody`);
  book.demand(key?.head === deed.head, `#${deed.number} was merged at a head that nobody verified`);
  if (key?.base === deed.base) {
    const isVerified = book.fates.greenTrees.has(deed.treeId) || isLetPass(book, deed);
    return book.demand(isVerified && key.tree === deed.treeId, `#${deed.number} was merged unverified`);
  }
  // GitHub does not check the base: one that moves at the last moment is told afterwards. It was there to be seen when it
  // moved before the merge began; which of the begun calls landed, nobody can say.
  const movedAt = book.hub.movedAt(key?.base ?? '');
  book.demand(movedAt >= begunAt, `#${deed.number} was merged on another base than the verified one`);
}

/** A publisher that died after it marked one ready has a successor who did not hear of that. */
const successionMs = 60_000;

/** What is marked ready for review was found to be ready, and never was before. */
function checkReadied(book: Book, { number, head }: Extract<Deed, { kind: 'readied' }>): void {
  const record = book.listRecords().find((one) => one.run?.pullRequest?.number === number);
  const run = record?.run;
  const what = `#${number} was marked ready for review`;
  book.demand(run?.verification?.key.head === head && isGreenOrLifted(book, run), `${what} unverified`);
  if (record && run) checkReviewed(book, record.number, run, what);
  const before = book.hub.pull(number).readied.at(-2);
  const isSuccession = before === undefined || book.hub.now() - before < successionMs;
  book.demand(isSuccession, `${what} although it had been ready before`);
  book.met.add('marked ready');
}

function isGreenOrLifted(book: Book, run: Run): boolean {
  const { verification } = run;
  if (!verification) return false;
  const { head, base } = verification.key;
  return isGreen(verification) || book.lifted.has(toLifted('verification', head, base));
}

/**
 * Invariants 6 and 9: nothing that did not pass leaves for GitHub. A push that is under way when its run is replaced
 * cannot be called back, and lands on the branch of that run; one of the run at work is of what is verified now.
 */
function checkPush(book: Book, { branch, head }: Extract<Deed, { kind: 'pushed' }>): void {
  const { treeId } = book.hub.objects.get(head);
  if (branch.startsWith('gatepilot/notes-')) return checkNotes(book, branch, head);
  const run = book.listRecords().find(({ number, run: own }) => own && renderRunBranch(number, own.id) === branch)?.run;
  const isOfNow = !run || (run.verification?.key.head === head && isGreen(run.verification));
  // Where the base moved again before it was verified, what passed is what a merge would give, and not what it is alone.
  const passed = [treeId, ...(run?.verification ? [run.verification.key.tree] : [])];
  const isGreenTree = passed.some((tree) => tree !== undefined && book.fates.greenTrees.has(tree));
  const isVerified = isOfNow && book.verified.get(branch)?.has(head) && isGreenTree;
  book.demand(isVerified === true, `${head.slice(0, 8)} was pushed to ${branch} unverified`);
  const { get, ancestry } = book.hub.objects;
  const isDenied = [...ancestry(head)].some((commit) => get(commit).tree.has(protectedPath));
  book.demand(!isDenied, `${head.slice(0, 8)} was pushed to ${branch} with what is protected in it or behind it`);
  const isLookedAt = !run?.policy.review || run.review?.change === run.verification?.change;
  book.demand(isLookedAt, `${head.slice(0, 8)} was pushed to ${branch} before anybody reviewed it`);
}

/** What the bot writes by itself, without a run: one file, in which nothing is taken away. */
function checkNotes({ hub, demand, met }: Book, branch: string, head: string): void {
  const { tree, parents } = hub.objects.get(head);
  const before = hub.objects.get(parents[0] ?? '').tree;
  const paths = new Set([...tree.keys(), ...before.keys()]);
  const changed = [...paths].filter((path) => tree.get(path) !== before.get(path));
  const isOnlyMore = (tree.get(notesPath) ?? '').startsWith(before.get(notesPath) ?? '');
  demand(isOnlyMore && changed.every((path) => path === notesPath), `${branch} changes ${changed}`);
  met.add('proposed notes');
}

/** Of what the settings want reviewed nothing is merged that was not, or in which something was confirmed. */
export function checkReviewed(book: Book, number: number, run: Run, what: string): void {
  const { policy, review, verification } = run;
  if (!policy.review) return;
  const isOfThis = review !== undefined && review.change === verification?.change && review.result.kind === 'judged';
  book.demand(isOfThis, `${what} without a review`);
  const confirmed = listConfirmed(book, number, run);
  book.demand(confirmed.length === 0, `${what} although ${confirmed.join(', ')} was confirmed`);
}

/** Whose word lets it pass is asked about again before it is merged; nobody is asked in the moment in which it lands. */
function checkMighty(book: Book, run: Run, begunAt: number, what: string): void {
  const key = run.verification?.key;
  const overridden = (run.overrides ?? []).filter((one) => one.key.head === key?.head && one.key.base === key.base);
  for (const { by } of [...overridden, ...(run.dismissals ?? [])]) {
    const leftAt = book.hub.leftAt.get(by.login) ?? Number.POSITIVE_INFINITY;
    book.demand(leftAt >= begunAt, `${what} was merged by the word of ${by.login}, who had left`);
    book.met.add('merged by the word of somebody');
  }
}

function isGreen({ report }: Verification): boolean {
  return report.commands.every(({ exit }) => exit.kind === 'exited' && exit.code === 0);
}

/** Invariant 4, of merges: whoever lands has the lane of that base at that moment, also when the call lands late. */
function checkTurn(book: Book, deed: Extract<Deed, { kind: 'merged' }>): void {
  const base = book.hub.pull(deed.number).base;
  const lane = [...book.records.values()].find((known) => known.lane?.branch === base)?.lane;
  const holder = lane && lane.state.kind !== 'idle' ? lane.state.holder.number : undefined;
  book.demand(holder === deed.number, `#${deed.number} was merged while the lane was ${renderLane(lane)}`);
}

function renderLane(lane: LaneRecord | undefined): string {
  return !lane || lane.state.kind === 'idle' ? 'free' : `${lane.state.kind} for #${lane.state.holder.number}`;
}

/** A lane goes on to the next one only after its holder left or GitHub was read, to the first in line, under a new epoch. */
export function checkLane(book: Book, before: LaneRecord | undefined, decision: Decision<unknown>): void {
  const after = decision.record as LaneRecord;
  const [was, is] = [holderOf(before), holderOf(after)];
  const has = (part: string) => decision.handled.some(({ eventId }) => eventId.includes(part));
  if (was !== undefined && was !== is)
    book.demand(has(`lane_left/${was}`) || has('result/settle-'), `the lane was taken from ${was}`);
  if (is === undefined || is === was) return;
  book.demand(after.epoch > (before?.epoch ?? 0), `${is} was granted under the old epoch ${after.epoch}`);
  for (const { ask } of before?.waiting ?? []) {
    if (ask === is) return;
    const isStillThere = after.waiting.some((waiter) => waiter.ask === ask);
    book.demand(!isStillThere, `${is} was served before ${ask}`);
  }
}

function holderOf(lane: LaneRecord | undefined): string | undefined {
  return lane && lane.state.kind !== 'idle' ? lane.state.holder.ask : undefined;
}

/** A merge call is made only by whoever knows itself to be granted the lane. */
export function checkGranted(book: Book, id: RecordId, record: SubjectRecord | undefined, decision: Decision<unknown>) {
  for (const change of decision.outbox) {
    if (change.kind !== 'add' || change.action.kind !== 'merge') continue;
    const epoch = record?.lane?.grant?.epoch;
    book.demand(epoch === change.action.epoch, `${change.action.id} of ${id} is wanted under epoch ${epoch}`);
  }
}
