// Gives set-up files that more than one task wants to a foundation, as contracts, so that no feature writes its own.
import { isBootstrapFile } from './bootstrap-file.ts';
import { hasWildcard } from './glob.ts';
import { isInArea, parseOwnedArea } from './owned-area.ts';
import type { PlanTask } from './plan.ts';
import type { PlanComplaint } from './plan-complaint.ts';
import type { PlanAdjustment } from './planned-batches.ts';

type Move = Extract<PlanAdjustment, { kind: 'bootstrap_moved' }>;

interface BootstrapAssignment {
  readonly tasks: readonly PlanTask[];
  readonly adjustments: readonly Move[];
  readonly complaints: readonly PlanComplaint[];
}

/** Expects tidy paths (tidyPath). */
export function assignBootstrapFiles(tasks: readonly PlanTask[]): BootstrapAssignment {
  const foundations = tasks.filter((task) => task.role === 'foundation');
  const moves: Move[] = [];
  const complaints: PlanComplaint[] = [];
  for (const [path, claimants] of collectClaims(tasks)) {
    const owner = foundations.find((task) => isInArea(parseOwnedArea(task.ownedPaths), path));
    if (claimants.length < 2 && owner === undefined) continue;
    const to = owner ?? foundations[0];
    if (to === undefined) complaints.push({ kind: 'bootstrap_without_foundation', path, tasks: claimants });
    else moves.push({ kind: 'bootstrap_moved', path, from: claimants, to: to.key });
  }
  const moved = tasks.map((task) => applyMoves(task, moves));
  for (const [at, task] of moved.entries()) {
    // Owning nothing by name would mean owning everything.
    const before = tasks[at]?.ownedPaths ?? [];
    if (task.ownedPaths.length === 0 && before.length > 0)
      complaints.push({ kind: 'only_bootstrap', task: task.key, paths: before });
  }
  return { tasks: moved, adjustments: moves, complaints };
}

/** Set-up files that features name one by one, with the features that do. A pattern that covers one is no claim. */
function collectClaims(tasks: readonly PlanTask[]): Map<string, string[]> {
  const claims = new Map<string, string[]>();
  for (const task of tasks.filter(({ role }) => role === 'feature')) {
    for (const path of new Set(task.ownedPaths)) {
      if (!hasWildcard(path) && isBootstrapFile(path)) claims.set(path, [...(claims.get(path) ?? []), task.key]);
    }
  }
  return claims;
}

function applyMoves(task: PlanTask, moves: readonly Move[]): PlanTask {
  const lost = new Set(moves.filter((move) => move.from.includes(task.key)).map((move) => move.path));
  const gained = moves.filter((move) => move.to === task.key);
  if (lost.size === 0 && gained.length === 0) return task;
  const area = parseOwnedArea(task.ownedPaths);
  const paths = gained.map((move) => move.path);
  return {
    ...task,
    prompt: gained.length === 0 ? task.prompt : `${task.prompt}\n\n${renderGain(gained)}`,
    ownedPaths: [
      ...task.ownedPaths.filter((path) => !lost.has(path)),
      ...paths.filter((path) => !isInArea(area, path)),
    ],
    contracts: [...new Set([...task.contracts, ...paths])],
  };
}

function renderGain(gained: readonly Move[]): string {
  const files = gained.map((move) => `- ${move.path} (needed by ${move.from.join(', ')})`);
  return `Also create these shared set-up files if they are missing; no other task may write them:\n${files.join('\n')}`;
}
