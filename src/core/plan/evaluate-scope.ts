// Whether a result stays inside what its task may change: its owned paths, without protected places and without the
// contracts of other tasks. A task that names no paths owns the whole repository minus exactly those two.
import { isWithinContract } from './contract-path.ts';
import { isInArea, parseOwnedArea } from './owned-area.ts';
import type { TaskRole } from './plan.ts';
import { isPlainPath, isProtectedPath, splitPath } from './protected-path.ts';

/** A changed file; `from` is where a renamed one was before. */
export interface ScopedChange {
  readonly path: string;
  readonly from?: string;
}

export interface ScopedTask {
  readonly key: string;
  readonly role: TaskRole;
  readonly ownedPaths: readonly string[];
}

export interface ContractOwner {
  readonly key: string;
  readonly contracts: readonly string[];
}

export type OutsidePath =
  | { readonly kind: 'unsafe' | 'protected' | 'not_owned'; readonly path: string }
  | { readonly kind: 'foreign_contract'; readonly path: string; readonly owner: string };

export type ScopeEvaluation =
  | { readonly kind: 'inside' }
  | { readonly kind: 'outside'; readonly paths: readonly OutsidePath[] };

/** `otherTasks` may hold the task itself; its own contracts do not count against it. Each outside path is named once. */
export function evaluateScope(
  changedPaths: readonly ScopedChange[],
  task: ScopedTask,
  otherTasks: readonly ContractOwner[],
): ScopeEvaluation {
  const area = parseOwnedArea(task.ownedPaths);
  const contracts = listForeignContracts(task, otherTasks);
  const touched = new Set(changedPaths.flatMap(({ path, from }) => (from === undefined ? [path] : [path, from])));
  const paths = [...touched].sort().flatMap((path): OutsidePath[] => {
    if (!isPlainPath(path)) return [{ kind: 'unsafe', path }];
    if (isProtectedPath(path)) return [{ kind: 'protected', path }];
    const contract = contracts.find((foreign) => isWithinContract(path, foreign.path));
    if (contract !== undefined) return [{ kind: 'foreign_contract', path, owner: contract.owner }];
    return isInArea(area, path) ? [] : [{ kind: 'not_owned', path }];
  });
  return paths.length === 0 ? { kind: 'inside' } : { kind: 'outside', paths };
}

/** What a task has to leave as it is, whatever else it may change. */
export function listForeignContracts(
  task: ScopedTask,
  otherTasks: readonly ContractOwner[],
): { owner: string; path: string }[] {
  // An amendment exists to change the contracts that it names; every other contract stays foreign to it.
  const amended = new Set(task.role === 'amendment' ? task.ownedPaths.map(spell) : []);
  return otherTasks
    .filter((other) => other.key !== task.key)
    .flatMap((other) => other.contracts.map((path) => ({ owner: other.key, path })))
    .filter(({ path }) => !amended.has(spell(path)));
}

function spell(path: string): string {
  return splitPath(path).join('/');
}
