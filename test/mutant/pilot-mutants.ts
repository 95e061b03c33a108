// Guards of what a pilot may decide, each taken away: the hostile replies of a whole run must notice it.
import type { Mutant } from './store-mutants.ts';

const apply = 'src/core/pilot/apply-decision.ts';
const batches = 'src/core/pilot/check-batches.ts';
const keys = 'src/core/pilot/check-decision-keys.ts';
const limits = 'src/core/pilot/check-decision-limits.ts';
const strategies = 'src/core/pilot/check-strategies.ts';
const givenUp = 'src/core/pilot/check-given-up.ts';
const settle = 'src/core/pilot/settle-tasks.ts';
const take = 'src/core/run/take-pilot.ts';
const carry = 'src/core/run/apply-boundary.ts';
const boundary = 'src/core/run/to-boundary.ts';
const learnings = 'src/core/run/keep-learnings.ts';

const planted: readonly (Omit<Mutant, 'suite'> & Partial<Pick<Mutant, 'suite'>>)[] = [
  {
    name: 'a pilot names tasks that do not exist',
    file: keys,
    text: "if (task === undefined) return [{ kind: 'unknown_key', key, field }];",
    replacement: 'if (task === undefined) return [];',
  },
  {
    name: 'a pilot decides about what has passed',
    file: keys,
    text: "if (task.state === 'passed') return [{ kind: 'passed_key', key, field }];",
    replacement: "if (task.state === 'passed') return [];",
  },
  {
    name: 'a pilot decides about what ended before',
    file: keys,
    text: 'return isOpen(boundary, task) ? [] : ',
    replacement: 'return isOpen(boundary, task) || task.state ? [] : ',
  },
  {
    name: 'a fact comes from a task that does not exist',
    file: keys,
    text: '.filter((key) => tasks.every((task) => task.key !== key))',
    replacement: '.filter((key) => tasks.length === 0 && key.length > 0)',
  },
  {
    name: 'one task has two strategies',
    file: strategies,
    text: "...[...doubled].map((key) => ({ kind: 'doubled_strategy', key }) as const),",
    replacement: "...[...doubled].slice(0, 0).map((key) => ({ kind: 'doubled_strategy', key }) as const),",
  },
  {
    name: 'another way needs no advice',
    file: strategies,
    text: "if (action === 'retry_different' && guidance.trim() === '')",
    replacement: "if (action === 'retry_different' && task === '' && guidance.trim() === '')",
  },
  {
    name: 'advice may be a book',
    file: strategies,
    text: 'if (guidance.length <= MAX_GUIDANCE_CHARS) return [];',
    replacement: 'if (guidance.length >= 0) return [];',
  },
  {
    name: 'a task is retried and skipped',
    file: strategies,
    text: "if (skipped.has(key)) return [{ kind: 'retry_and_skip', key }];",
    replacement: 'if (skipped.has(key)) return [];',
  },
  {
    name: 'a task is retried beyond its attempts',
    file: strategies,
    text: '!isOpen(boundary, task) || hasAttemptLeft(boundary, task)) return [];',
    replacement: '!isOpen(boundary, task) || task.attemptsUsed > 0) return [];',
  },
  {
    name: 'the budget of attempts is forgotten when a task is settled',
    file: 'src/core/pilot/boundary.ts',
    text: 'task.attemptsUsed < boundary.maxAttempts;',
    replacement: 'task.attemptsUsed <= boundary.maxAttempts;',
  },
  {
    name: 'a task is retried although its base is lost',
    file: apply,
    text: '    ...checkBases(boundary, outcomes, choice),\n',
    replacement: '    ...checkBases(boundary, new Map(), choice),\n',
    // No run comes to this by itself: what failed had its base when it ran.
    suite: 'test/core/pilot/decision-scenarios.test.ts',
  },
  {
    name: 'a task stands twice in the order',
    file: batches,
    text: 'if (places > 1) rejections',
    replacement: 'if (places > 9) rejections',
  },
  {
    name: 'a task is left out of the order',
    file: batches,
    text: "if (places === 0 && outcome?.kind === 'runs')",
    replacement: "if (places < 0 && outcome?.kind === 'runs')",
  },
  {
    name: 'a skipped task stands in the order',
    file: batches,
    text: 'if (places > 0 && choice.skipped.has(key)) rejections',
    replacement: 'if (places > 9 && choice.skipped.has(key)) rejections',
  },
  {
    name: 'a failed task is placed without being retried',
    file: batches,
    text: "if (outcome?.kind === 'failed') return [{ kind: 'not_readmitted', key }];",
    replacement: "if (outcome?.kind === 'failed') return [];",
  },
  {
    name: 'a task runs before what it depends on',
    file: batches,
    text: 'isRunning(needed) && place(needed) >= place(task.key)',
    replacement: 'isRunning(needed) && place(needed) > place(task.key) + 99',
  },
  {
    name: 'two tasks write to one place at once',
    file: batches,
    text: 'if (isAreaOverlap(areas.get(left.key) ?? [], areas.get(right.key) ?? []))',
    replacement: 'if (isAreaOverlap(areas.get(left.key) ?? [], []))',
  },
  {
    name: 'partners that the plan keeps apart run at once',
    file: batches,
    text: 'isApartPair(left.key, right.key, boundary.apart)',
    replacement: 'isApartPair(left.key, right.key, [])',
  },
  {
    name: 'a pilot floods a task with facts',
    file: limits,
    text: 'if (routedContext.length > MAX_FACTS)',
    replacement: 'if (routedContext.length > MAX_FACTS * 9)',
  },
  {
    name: 'a fact may be a book',
    file: limits,
    text: '({ fact }) => fact.length > MAX_FACT_CHARS',
    replacement: '({ fact }) => fact.length > MAX_FACT_CHARS * 9',
  },
  {
    name: 'a pilot learns whatever it likes',
    file: limits,
    text: 'if (learnings.length > MAX_LEARNINGS) {',
    replacement: 'if (learnings.length > MAX_LEARNINGS * 9) {',
  },
  {
    name: 'a learning may be a book',
    file: limits,
    text: 'if (length <= MAX_LEARNING_CHARS) continue;',
    replacement: 'if (length <= MAX_LEARNING_CHARS * 9) continue;',
  },
  {
    name: 'a pilot gives up as much as it likes',
    file: givenUp,
    text: 'if (boundary.skippedSoFar + givenUp.length <= allowed) return [];',
    replacement: 'if (boundary.skippedSoFar + givenUp.length <= 99) return [];',
  },
  {
    name: 'advice for a task of a later batch is lost at the next boundary',
    file: carry,
    text: 'else if (hasFailed) delete task.guidance;',
    replacement: 'else delete task.guidance;',
    suite: 'test/core/run/guidance.test.ts',
  },
  {
    name: 'what a pilot gave up before is forgotten',
    file: carry,
    text: 'run.skippedByPilot += patch.givenUp.length;',
    replacement: 'run.skippedByPilot = patch.givenUp.length;',
    suite: 'test/core/run/skip-bound.test.ts',
  },
  {
    name: 'the dependents of a skipped task run',
    file: settle,
    text: "return skipped === undefined ? { kind: 'runs' } : { kind: 'skipped', on: skipped };",
    replacement: "return { kind: skipped === undefined ? 'runs' : 'runs' };",
  },
  {
    name: 'what waits for a lost task runs',
    file: settle,
    text: "if (lost !== undefined) return { kind: 'blocked', on: lost };",
    replacement: '',
  },
  {
    name: 'a pilot ends a run that could go on',
    file: take,
    text: "if (isAbortEffective(boundary)) return 'effective';",
    replacement: "if (isAbortEffective(boundary) || patch.replan === 'none') return 'effective';",
  },
  {
    name: 'a pilot asks people again and again whether the run is to end',
    file: 'src/core/run/propose-abort.ts',
    text: 'run.hasAskedToEnd = true;',
    replacement: '',
    suite: 'test/core/run/abort.test.ts',
  },
  {
    name: 'a pilot gives up plan after plan',
    file: 'src/core/run/plan-anew.ts',
    text: "return replans.some(({ why }) => why === 'pilot');",
    replacement: 'return replans.length > 9;',
  },
  {
    name: 'what was built for a plan that was given up is kept',
    file: 'src/core/run/plan-anew.ts',
    text: '    delete task.kept;',
    replacement: '',
    suite: 'test/core/run/replan.test.ts',
  },
  {
    name: 'a refused decision is carried out in part',
    file: take,
    text: "if (applied.kind === 'rejected') return fallBack(applied.rejections.map(renderRejection).join(' '));",
    replacement: `if (applied.kind === 'rejected') {
    const refused = fallBack(applied.rejections.map(renderRejection).join(' '));
    return { ...refused, patch: { ...refused.patch, learnings: parsed.data.learnings.slice(0, 1) } };
  }`,
  },
  {
    name: 'attempts that were made do not count at a boundary',
    file: boundary,
    text: 'attemptsUsed: task.attempts.length - (task.granted ?? 0),',
    replacement: 'attemptsUsed: Math.min(1, task.attempts.length - (task.granted ?? 0)),',
  },
  {
    name: 'what one task printed shows something of another',
    file: learnings,
    text: 'for (const { number, cause } of task?.attempts.toReversed() ?? [])',
    replacement: 'for (const { number, cause } of task ? run.tasks.flatMap(({ attempts }) => attempts) : [])',
  },
  {
    name: 'what nobody printed is observed',
    file: learnings,
    text: 'flatten(output).includes(wanted) && ',
    replacement: "output !== '' && ",
  },
  {
    name: 'what a command was given to say is observed',
    file: learnings,
    text: ' && !flatten(command).includes(wanted)',
    replacement: " && command !== ''",
  },
  {
    name: 'a few characters of a log make anything observed',
    suite: 'test/core/run/learnings.test.ts',
    file: learnings,
    text: 'if (wanted.length < MIN_QUOTE_CHARS) return undefined;',
    replacement: "if (wanted === '') return undefined;",
  },
  {
    name: 'a colour in a log hides what it says',
    suite: 'test/core/run/learnings.test.ts',
    file: learnings,
    text: 'return stripHidden(text).replace',
    replacement: 'return text.replace',
  },
];

const suite = 'test/core/pilot/hostile-reply.property.test.ts';

export const pilotMutants: readonly Mutant[] = planted.map((mutant) => ({ suite, ...mutant }));
