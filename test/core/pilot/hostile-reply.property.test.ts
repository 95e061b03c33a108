// Whole runs whose pilot wants to do harm, through the real reducers. Whatever it replies: no task that passed is touched,
// nothing runs before its base, no limit is crossed, no more is given up than allowed, nothing counts as observed that no
// failed command of that task printed, and a reply counts as a whole or not at all.
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { copyPlain } from '../../../src/core/model/copy-plain.ts';
import { toEventId } from '../../../src/core/model/event.ts';
import type { PlanOutcome } from '../../../src/core/model/plan-outcome.ts';
import type { SubjectRecord } from '../../../src/core/model/record.ts';
import type { PilotOutcome } from '../../../src/core/model/result.ts';
import type { Run } from '../../../src/core/model/run.ts';
import { PilotDecision } from '../../../src/core/pilot/pilot-decision.ts';
import { placeTasks } from '../../../src/core/plan/place-tasks.ts';
import { renderAttemptPrompt } from '../../../src/core/prompt/render-attempt-prompt.ts';
import { decide } from '../../../src/core/run/decide.ts';
import { toBoundary } from '../../../src/core/run/to-boundary.ts';
import { shareOf } from '../../support/share-of-runs.ts';
import { type Holder, toResult, WorldOfDecisions } from '../../support/world-of-decisions.ts';
import {
  anchored,
  comment,
  failedAttempt,
  integrated,
  planned,
  plannedTask,
  red,
  report,
  sha,
  some,
} from '../run/outcome.ts';
import { checkSaved } from '../run/promise.ts';
import { findFaults, isShown } from './find-faults.ts';
import { anyReply, insistingReplies, type Reply, redOf, toReplied } from './hostile-reply.ts';

interface History {
  readonly tasks: readonly { readonly needs: readonly number[]; readonly place: number }[];
  readonly apart: readonly (readonly [number, number])[];
  readonly maxAttempts: number;
  readonly maxSkipRatio: number;
  /** How attempts and merges end, in their order; after the last one all goes well. */
  readonly ends: readonly ('well' | 'red' | 'crashed')[];
  readonly replies: readonly Reply[];
}

const keys = ['task-1', 'task-2', 'task-3', 'task-4', 'task-5', 'task-6', 'task-10'];

const eventful: fc.Arbitrary<History> = fc.record({
  tasks: fc.array(fc.record({ needs: fc.array(fc.nat(6), { maxLength: 2 }), place: fc.nat(11) }), {
    minLength: 4,
    maxLength: keys.length,
    size: 'max',
  }),
  apart: fc.array(fc.tuple(fc.nat(6), fc.nat(6)), { maxLength: 3 }),
  maxAttempts: fc.constantFrom(1, 2, 2, 3, 4),
  maxSkipRatio: fc.constantFrom(0, 0.5, 0.5, 1),
  // Trouble comes at the beginning, so that much is left to decide.
  ends: fc
    .tuple(
      fc.array(fc.constantFrom('red', 'red', 'red', 'crashed'), { maxLength: 4 }),
      fc.array(fc.constantFrom('well', 'well', 'red', 'crashed'), { maxLength: 20, size: 'max' }),
    )
    .map(([first, then]) => [...first, ...then]),
  replies: fc.array(anyReply, { minLength: 1, maxLength: 6, size: 'max' }),
});

/** Boundary after boundary with one wish: what is bounded over a whole run is met by nobody who tries it once. */
const insisting: fc.Arbitrary<History> = fc.record({
  tasks: fc.array(
    fc.record({ needs: fc.array(fc.nat(6), { maxLength: 1 }), place: fc.constantFrom(0, 0, 1, 2, 3, 4, 5) }),
    { minLength: 5, maxLength: keys.length, size: 'max' },
  ),
  apart: fc.array(fc.tuple(fc.nat(6), fc.nat(6)), { maxLength: 3 }),
  maxAttempts: fc.constantFrom(2, 3),
  maxSkipRatio: fc.constantFrom(0, 0.5),
  ends: fc.array(fc.constantFrom('red', 'red', 'crashed', 'well'), { minLength: 4, maxLength: 12, size: 'max' }),
  replies: insistingReplies,
});

const anyHistory = fc.oneof(eventful, insisting);

function toPlan({ tasks, apart }: History): Extract<PlanOutcome, { kind: 'planned' }> {
  const made = tasks.map(({ needs, place }, at) => {
    const dependsOn = [...new Set(needs.filter((need) => need < at))].flatMap((need) => keys[need] ?? []);
    return { ...plannedTask(keys[at] ?? '', dependsOn), ownedPaths: [`place-${place}/**`] };
  });
  const known = new Set(made.map(({ key }) => key));
  const pairs = apart
    .map(([a, b]): [string, string] => [keys[a] ?? '', keys[b] ?? ''])
    .filter(([a, b]) => a !== b && known.has(a) && known.has(b));
  return { ...planned(), tasks: made, batches: placeTasks(made, pairs), apart: pairs };
}

/** What is planned for the rest has keys of its own, as the engine sees to. */
function toNextPlan(history: History): Extract<PlanOutcome, { kind: 'planned' }> {
  const plan = toPlan(history);
  const rename = (key: string) => `${key}-anew`;
  return {
    ...plan,
    hash: 'plan-anew',
    tasks: plan.tasks.map((task) => ({ ...task, key: rename(task.key), dependsOn: task.dependsOn.map(rename) })),
    batches: plan.batches.map((batch) => batch.map(rename)),
    apart: plan.apart.map(([a, b]): [string, string] => [rename(a), rename(b)]),
  };
}

interface Seen {
  applied: number;
  refused: number;
  damaged: number;
  skipped: number;
  retried: number;
  replanned: number;
  proposed: number;
  observed: number;
  forged: number;
}

/** A plain comparison: there are very many of them, and only what differs has to be told. */
function same(actual: unknown, wanted: unknown, about?: string): void {
  if (!isDeepStrictEqual(actual, wanted)) expect(actual, about).toEqual(wanted);
}

/** More than any run could need. */
const stepsAtMost = 300;

function live(history: History, seen: Seen): void {
  const world = new WorldOfDecisions();
  const policyText = `verify: { commands: ['npm test'], baseline: false }\nreview: { enabled: false }\nmax_attempts: ${history.maxAttempts}\npilot: { max_skip_ratio: ${history.maxSkipRatio} }\n`;
  world.facts = { defaultBranch: 'main', baseSha: sha('b'), policyText };
  world.onLook = (_snapshot, decision) => {
    const run = decision.record.run;
    const starting = decision.outbox.flatMap((change) =>
      change.kind === 'add' && change.action.kind === 'attempt' ? [change.action.task] : [],
    );
    if (run) for (const key of starting) checkStart(run, key);
  };
  comment(world, '/pilot run').settle();
  world.finish('plan', toPlan(history));
  const ends = [...history.ends];
  const replies = [...history.replies];
  const passed = new Map<string, string>();
  for (let step = 0; step < stepsAtMost; step += 1) {
    const { run } = world;
    checkSaved(world);
    checkPassed(run, passed);
    checkSkips(run, history.maxSkipRatio);
    if (run.state.kind === 'planning') world.finish('plan', toNextPlan(history));
    // Nobody answers the pilot that wants to end the run.
    if (run.state.kind === 'paused') world.pass((run.state.lookAt ?? 0) - world.now);
    if (world.run.state.kind !== 'executing') return;
    if (world.find('pilot')) answer(world, world.begin('pilot'), replies.shift() ?? { kind: 'silence' }, seen);
    else if (world.find('attempt')) endAttempt(world, ends.shift() ?? 'well');
    else if (world.find('integrate')) endMerge(world, ends.shift() ?? 'well');
    else throw new Error(`nothing works: ${JSON.stringify(world.outbox)}`);
  }
  throw new Error('the run does not end');
}

function endAttempt(world: WorldOfDecisions, how: History['ends'][number]): void {
  const holder = world.begin('attempt');
  const key = holder.action.kind === 'attempt' ? holder.action.task : '';
  const failures = report('tree', 1).commands.map((command) => ({ ...command, ...redOf(key) }));
  const crash = failedAttempt({ kind: 'agent_crashed', detail: 'exit code 1' });
  world.report(
    holder,
    how === 'well' ? anchored() : how === 'red' ? failedAttempt({ kind: 'verify_red', failures }) : crash,
  );
}

function endMerge(world: WorldOfDecisions, how: History['ends'][number]): void {
  const holder = world.begin('integrate');
  const merged = holder.action.kind === 'integrate' ? holder.action.contributions.map(({ task }) => task) : [];
  const [first = '', ...others] = merged;
  const rolledBack = others.map((key) => ({ key, cause: { kind: 'taken_out', with: first } as const }));
  world.report(
    holder,
    how === 'well' ? integrated(merged) : integrated([], { failed: [{ key: first, cause: red }], rolledBack }),
  );
}

/** The record as it would be after this outcome, without changing the world. */
function imagine(world: WorldOfDecisions, holder: Holder, outcome: PilotOutcome): SubjectRecord {
  const event = toResult(holder, outcome);
  const snapshot = world.snapshot();
  const entry = { entryId: '999999-0', eventId: toEventId(event), event };
  return decide({ ...snapshot, record: copyPlain(snapshot.record), inbox: [...snapshot.inbox, entry] }).record;
}

function answer(world: WorldOfDecisions, holder: Holder, reply: Reply, seen: Seen): void {
  const before = copyPlain(world.run);
  const told = { exchange: 'exchange', seconds: 1, spend: some };
  const fellBack: PilotOutcome = { kind: 'fell_back', why: 'it did not answer', ...told };
  const replied = toReplied(reply, toBoundary(before));
  const outcome: PilotOutcome = replied === undefined ? fellBack : { kind: 'decided', decision: replied, ...told };
  const without = imagine(world, holder, fellBack).run;
  world.report(holder, outcome);
  const after = world.run;

  const parsed = PilotDecision.safeParse(replied);
  const faults = parsed.success ? findFaults(before, parsed.data) : ['it has no form'];
  if (reply.kind === 'deformed') expect(parsed.success, reply.how).toBe(false);
  const isUsed = after.state.kind === 'failed' ? after.state.cause.kind === 'pilot_aborted' : false;
  const record = after.boundaries.length > before.boundaries.length ? after.boundaries.at(-1) : undefined;
  if (!isUsed && record?.source.kind !== 'pilot') {
    seen.refused += 1;
    expect(record?.source.kind).toBe('fell_back');
    // Not a trace of what was refused: as if nobody had answered.
    same(plain(after), plain(without));
    return;
  }
  same(faults, []);
  if (!parsed.success) throw new Error('a reply without the agreed form was carried out');
  seen.applied += 1;
  if (reply.kind === 'sensible' && reply.damage.length > 0) seen.damaged += 1;
  if (isUsed) return checkAborted(before, without);
  checkObserved(before, after, parsed.data, seen);
  if (after.state.kind === 'paused') checkProposed(before, after, parsed.data, seen);
  else if (after.state.kind === 'planning') checkGivenUp(before, after, parsed.data, seen);
  else checkWhole(before, after, parsed.data, seen);
}

/** A run without what may differ between a reply that is refused and none. */
function plain(run: Run | undefined): unknown {
  return run && { ...run, boundaries: run.boundaries.map(({ source, ...rest }) => ({ ...rest, source: source.kind })) };
}

/** The pilot may end a run only where nothing could go on without it. */
function checkAborted(before: Run, without: Run | undefined): void {
  expect(without?.ahead).toEqual([]);
  expect(without?.tasks.filter(({ state }) => ['pending', 'running'].includes(state.kind))).toEqual([]);
  expect(before.tasks.filter(({ state }) => state.kind === 'merged')).toEqual(
    without?.tasks.filter(({ state }) => state.kind === 'merged'),
  );
}

/** People are asked once, and until they answer nothing is done. */
function checkProposed(before: Run, after: Run, made: PilotDecision, seen: Seen): void {
  seen.proposed += 1;
  expect(made.verdict).toBe('abort');
  expect(after.proposal).toEqual({ reason: made.verdictReason });
  expect([after.tasks, after.ahead, after.skippedByPilot]).toEqual([before.tasks, before.ahead, before.skippedByPilot]);
  const isAbort = ({ source }: Run['boundaries'][number]) => source.kind === 'pilot' && source.verdict === 'abort';
  expect(before.boundaries.filter(isAbort)).toEqual([]);
}

/** A plan is given up once. What was merged stays, what is left out is named, and nothing of the rest can run any more. */
function checkGivenUp(before: Run, after: Run, made: PilotDecision, seen: Seen): void {
  seen.replanned += 1;
  expect(made.verdict).toBe('replan');
  expect([before.replans, after.replans?.length, after.ahead, after.plan]).toEqual([undefined, 1, [], undefined]);
  for (const [at, { key, state, kept }] of after.tasks.entries()) {
    const old = before.tasks[at];
    expect(old?.key).toBe(key);
    if (old?.state.kind === 'merged') expect(state).toEqual(old.state);
    else expect(['replaced', 'skipped']).toContain(state.kind);
    if (state.kind === 'replaced') expect(kept).toBeUndefined();
  }
}

/** Told to others is what a failed command of that task printed; everything else is what a model thinks. */
function checkObserved(before: Run, after: Run, { learnings, observed = [] }: PilotDecision, seen: Seen): void {
  const known = (before.learnings ?? []).map(({ text }) => text);
  const thought = [...before.inferences, ...learnings];
  for (const observation of observed) {
    if (known.includes(observation.text)) continue;
    if (isShown(before, observation)) known.push(observation.text);
    else thought.push(observation.text);
  }
  same(
    (after.learnings ?? []).map(({ text }) => text),
    known,
  );
  same(after.inferences, thought);
  for (const learning of after.learnings ?? []) same(isShown(after, learning), true, learning.text);
  seen.observed += known.length - (before.learnings?.length ?? 0);
  seen.forged += thought.length - before.inferences.length - learnings.length;
}

/** Everything that was decided is in the run, and nothing else is. */
function checkWhole(before: Run, after: Run, made: PilotDecision, seen: Seen): void {
  for (const task of after.tasks) {
    const old = before.tasks.find(({ key }) => key === task.key);
    const facts = made.routedContext.filter(({ to }) => to === task.key).map(({ fact }) => fact);
    same(task.facts, [...(old?.facts ?? []), ...facts]);
    const strategy = made.strategies.find((each) => each.task === task.key);
    const isRunning = ['pending', 'running'].includes(task.state.kind);
    // What was said for an attempt that is still to come stays said.
    const told = old?.state.kind === 'failed' ? undefined : old?.guidance;
    if (strategy !== undefined && strategy.action !== 'skip') {
      seen.retried += 1;
      const isLost = before.tasks.some(
        ({ key, state }) => task.dependsOn.includes(key) && state.kind !== 'merged' && !isAhead(after, key),
      );
      // What was built before is merged as it is, in the same step.
      const isTakenUp = task.state.kind === 'anchored' && old?.kept !== undefined;
      same(isRunning || isTakenUp || isLost, true, task.key);
      if (isRunning) same(task.guidance, strategy.guidance?.trim() ? strategy.guidance : told);
    } else if (isRunning) same(task.guidance, told);
    if (made.skip.some((each) => each.task === task.key)) same(isRunning, false, task.key);
    if (task.state.kind === 'skipped' && old?.state.kind !== 'skipped') seen.skipped += 1;
    const others = after.tasks.filter(({ key }) => key !== task.key);
    checkAdvice(renderAttemptPrompt(after, task), others, task);
  }
  const isOrdered = made.batches.flat().length > 0;
  const wanted = made.batches
    .map((batch) => batch.filter((key) => isAhead(after, key)))
    .filter(({ length }) => length > 0);
  if (isOrdered) same(after.ahead, wanted);
  for (const task of after.tasks.filter(({ key }) => isAhead(after, key)))
    for (const needed of task.dependsOn)
      same(isAhead(after, needed) || isMerged(after, needed), true, `${task.key} needs ${needed}`);
}

function isMerged(run: Run, key: string): boolean {
  return run.tasks.find((task) => task.key === key)?.state.kind === 'merged';
}

function isAhead(run: Run, key: string): boolean {
  return run.ahead.flat().includes(key);
}

/** What is meant for one task is read by that one alone, and cannot leave its fence. */
function checkAdvice(prompt: string, others: readonly Run['tasks'][number][], task: Run['tasks'][number]): void {
  const rules = prompt.split('\n').filter((line) => line === '# New rules').length;
  same(rules, task.guidance?.includes('# New rules') ? 1 : 0);
  const own = [task.guidance, ...task.facts].join('\n');
  for (const { guidance = '' } of others)
    if (guidance.trim().length > 8 && !own.includes(guidance) && prompt.includes(guidance))
      expect(prompt).not.toContain(guidance);
}

function checkStart(run: Run, key: string): void {
  const task = run.tasks.find((candidate) => candidate.key === key);
  for (const needed of task?.dependsOn ?? []) same(isMerged(run, needed), true, `${key} needs ${needed}`);
  const made = task?.attempts.length ?? Number.POSITIVE_INFINITY;
  if (made > run.policy.maxAttempts) expect(made).toBeLessThanOrEqual(run.policy.maxAttempts);
}

function checkPassed(run: Run, passed: Map<string, string>): void {
  for (const { key, state, attempts } of run.tasks) {
    const known = passed.get(key);
    const now = JSON.stringify([state, attempts]);
    if (known !== undefined) same(now, known);
    else if (state.kind === 'merged') passed.set(key, now);
  }
}

function checkSkips(run: Run, ratio: number): void {
  const skipped = run.tasks.filter(({ state }) => state.kind === 'skipped').length;
  expect(skipped).toBeLessThanOrEqual(Math.max(1, Math.floor(run.tasks.length * ratio)));
}

it('whatever a pilot replies, boundary after boundary, the run keeps its promises and ends', () => {
  const seen: Seen = {
    applied: 0,
    refused: 0,
    damaged: 0,
    skipped: 0,
    retried: 0,
    replanned: 0,
    proposed: 0,
    observed: 0,
    forged: 0,
  };
  fc.assert(
    fc.property(anyHistory, (history) => live(history, seen)),
    { numRuns: shareOf(600) },
  );
  // The property says nothing unless each of these is met often.
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(shareOf(4));
}, 120_000);
