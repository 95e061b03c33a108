// What is wrong with a decision, written anew here from the rules and not from the code that carries them out. It need
// not find everything: whatever it finds, the engine must refuse.
import type { Run } from '../../../src/core/model/run.ts';
import type { PilotDecision } from '../../../src/core/pilot/pilot-decision.ts';

type Task = Run['tasks'][number];

export function findFaults(run: Run, made: PilotDecision): string[] {
  const tasks = new Map(run.tasks.map((task) => [task.key, task]));
  const isOpen = (key: string) => {
    const kind = tasks.get(key)?.state.kind ?? 'unknown';
    return kind === 'pending' || kind === 'rolled_back' || (kind === 'failed' && (run.ahead[0] ?? []).includes(key));
  };
  const named = [
    ...made.failureAnalysis.map(({ task }) => task),
    ...made.strategies.map(({ task }) => task),
    ...made.routedContext.map(({ to }) => to),
    ...made.skip.map(({ task }) => task),
    ...made.batches.flat(),
  ];
  const faults = named.filter((key) => !isOpen(key)).map((key) => `names ${key}`);
  const sources = made.routedContext.flatMap(({ from }) => (from === undefined ? [] : [from]));
  faults.push(...sources.filter((key) => !tasks.has(key)).map((key) => `quotes ${key}`));
  return [...faults, ...findInStrategies(run, made, tasks), ...findInOrder(run, made, tasks), ...findInSize(made)];
}

function findInStrategies(run: Run, made: PilotDecision, tasks: ReadonlyMap<string, Task>): string[] {
  const retried = made.strategies.filter(({ action }) => action !== 'skip').map(({ task }) => task);
  const faults: string[] = [];
  if (new Set(made.strategies.map(({ task }) => task)).size < made.strategies.length) faults.push('two strategies');
  for (const { action, guidance = '' } of made.strategies) {
    if (action === 'retry_different' && guidance.trim() === '') faults.push('no advice');
    if (guidance.length > 2_000) faults.push('advice too long');
  }
  for (const key of retried) {
    if (isSpentFor(run, tasks.get(key))) faults.push(`no attempt left for ${key}`);
    if (made.skip.some(({ task }) => task === key)) faults.push(`${key} is retried and skipped`);
    const lost = (tasks.get(key)?.dependsOn ?? []).filter((needed) => {
      const kind = tasks.get(needed)?.state.kind;
      return kind === 'blocked' || kind === 'skipped' || (kind === 'failed' && !retried.includes(needed));
    });
    // A strategy for a task that only waits says nothing that could go wrong.
    if (lost.length > 0 && tasks.get(key)?.state.kind === 'failed') faults.push(`${key} is retried without ${lost}`);
  }
  return faults;
}

function findInOrder(run: Run, made: PilotDecision, tasks: ReadonlyMap<string, Task>): string[] {
  const faults: string[] = [];
  const placed = made.batches.flat();
  const isRetried = (key: string) => made.strategies.some(({ task, action }) => task === key && action !== 'skip');
  const isSkipped = (key: string) =>
    made.skip.some(({ task }) => task === key) ||
    made.strategies.some(({ task, action }) => task === key && action === 'skip');
  const placeOf = (key: string) => made.batches.findIndex((batch) => batch.includes(key));
  const mayRun = (key: string) => {
    const task = tasks.get(key);
    return task?.dependsOn.every((needed) => tasks.get(needed)?.state.kind === 'merged') === true;
  };
  for (const task of run.tasks) {
    const { key, state, dependsOn } = task;
    const places = placed.filter((other) => other === key).length;
    if (places > 1) faults.push(`${key} stands twice`);
    if (places > 0 && isSkipped(key)) faults.push(`${key} is skipped and stands`);
    if (places > 0 && state.kind === 'failed' && !isRetried(key)) faults.push(`${key} failed and stands`);
    const isWaiting = state.kind === 'pending' || state.kind === 'rolled_back';
    const isSpent = isSpentFor(run, task);
    if (places > 0 && isWaiting && isSpent) faults.push(`${key} is spent and stands`);
    const isLeftOut = placed.length === 0 && made.verdict !== 'continue';
    if (places === 0 && isWaiting && !isSpent && !isSkipped(key) && mayRun(key) && !isLeftOut)
      faults.push(`${key} is left out`);
    // Only where both surely run: what lost its base is taken out by the engine.
    for (const needed of dependsOn)
      if (places > 0 && placeOf(needed) >= placeOf(key) && mayRun(needed)) faults.push(`${key} before ${needed}`);
  }
  for (const batch of made.batches) {
    const together = run.tasks.filter(({ key }) => batch.includes(key) && mayRun(key));
    for (const [at, left] of together.entries())
      for (const right of together.slice(at + 1)) {
        if (left.ownedPaths.some((path) => right.ownedPaths.includes(path))) faults.push('one place for two');
        const isApart = run.plan?.apart.some((pair) => pair.includes(left.key) && pair.includes(right.key));
        if (isApart) faults.push('partners together');
      }
  }
  return faults;
}

function findInSize({ routedContext, observed = [], ...made }: PilotDecision): string[] {
  const learnings = [...made.learnings, ...observed.map(({ text }) => text)];
  return [
    ...(observed.some(({ quote }) => quote.length > 300) ? ['a long quote'] : []),
    ...(routedContext.length > 10 ? ['too many facts'] : []),
    ...(routedContext.some(({ fact }) => fact.length > 500) ? ['a long fact'] : []),
    ...(learnings.length > 5 ? ['too many learnings'] : []),
    ...(learnings.some((learning) => learning.length > 500) ? ['a long learning'] : []),
  ];
}

/** What was built and lost its merge without a conflict is merged again, which takes no attempt. */
function isSpentFor(run: Run, task: Task | undefined): boolean {
  const isBuilt = task?.kept !== undefined && !task.kept.conflict;
  return !isBuilt && (task?.attempts.length ?? 0) >= run.policy.maxAttempts;
}

/** Whether a failed command of that task printed these words, in whatever lines, and was not itself given them to say. */
export function isShown(run: Run, { task: key, quote }: { readonly task: string; readonly quote: string }): boolean {
  const toWords = (text: string) => text.split(/\s+/).filter(Boolean).join(' ');
  const words = toWords(quote);
  const causes = run.tasks.flatMap((task) => (task.key === key ? task.attempts.map(({ cause }) => cause) : []));
  const failures = causes.flatMap((cause) => (cause && 'failures' in cause ? cause.failures : []));
  return (
    words.length >= 20 &&
    failures.some(({ command, output }) => toWords(output).includes(words) && !toWords(command).includes(words))
  );
}
