// What is wrong with a plan as the planner wrote it. Everything is reported at once, since it is asked again only once.
import { findCycle, isWaitingFor } from './dependency-graph.ts';
import { hasWildcard, parseGlob } from './glob.ts';
import type { PlanOptions } from './normalise-plan.ts';
import { isInArea, parseOwnedArea } from './owned-area.ts';
import { MAX_PLAN_TASKS, type Plan, type PlanTask } from './plan.ts';
import type { PlanComplaint } from './plan-complaint.ts';
import { isProtectedPath, splitPath } from './protected-path.ts';
import { isAfterFoundations, resolveDependencies } from './resolve-dependencies.ts';

export function findPlanComplaints(plan: Plan, { maxTasks, contracts }: Required<PlanOptions>): PlanComplaint[] {
  return [
    ...findSizeComplaints(plan, Math.min(maxTasks, MAX_PLAN_TASKS)),
    ...findKeyComplaints(plan),
    ...findOrderComplaints(plan),
    ...plan.tasks.flatMap(findPathComplaints),
    ...findContractComplaints(plan.tasks, contracts),
  ];
}

function findSizeComplaints({ tasks }: Plan, maxTasks: number): PlanComplaint[] {
  if (tasks.length === 0) return [{ kind: 'no_tasks' }];
  return tasks.length > maxTasks ? [{ kind: 'too_many_tasks', count: tasks.length, maxTasks }] : [];
}

function findKeyComplaints({ tasks, relations }: Plan): PlanComplaint[] {
  const keys = new Set(tasks.map((task) => task.key));
  return [
    ...findRepeated(tasks.map((task) => task.key)).map((key) => ({ kind: 'duplicate_key', key }) as const),
    ...tasks.flatMap((task) => [
      ...task.dependsOn
        .filter((key) => !keys.has(key))
        .map((key) => ({ kind: 'unknown_key', key, where: 'dependsOn', task: task.key }) as const),
      ...findRepeated(task.acceptance.map((item) => item.id)).map(
        (id) => ({ kind: 'duplicate_acceptance', task: task.key, id }) as const,
      ),
    ]),
    ...relations.flatMap(({ a, b }) => [
      ...[a, b]
        .filter((key) => !keys.has(key))
        .map((key) => ({ kind: 'unknown_key', key, where: 'relations' }) as const),
      ...(a === b ? [{ kind: 'self_relation', key: a } as const] : []),
    ]),
  ];
}

function findOrderComplaints({ tasks, relations }: Plan): PlanComplaint[] {
  const graph = resolveDependencies(tasks, relations);
  const cycle = findCycle(graph);
  if (cycle !== undefined) return [{ kind: 'cycle', keys: cycle }];
  return tasks
    .filter((task) => task.role === 'foundation')
    .flatMap((foundation) =>
      tasks
        .filter((task) => isAfterFoundations(task) && isWaitingFor(graph, foundation.key, task.key))
        .map((task) => ({ kind: 'foundation_waits', foundation: foundation.key, feature: task.key }) as const),
    );
}

function findPathComplaints(task: PlanTask): PlanComplaint[] {
  const faults = [
    ...task.ownedPaths.map((path) => ({ path, why: findGlobFault(path) })),
    ...task.contracts.map((path) => ({ path, why: findGlobFault(path) ?? findContractFault(path) })),
  ];
  return faults.flatMap(({ path, why }) =>
    why === undefined ? [] : [{ kind: 'unsafe_path', task: task.key, path, why }],
  );
}

function findGlobFault(path: string): string | undefined {
  const glob = parseGlob(path);
  return glob.kind === 'unreadable' ? glob.why : undefined;
}

function findContractFault(path: string): string | undefined {
  if (hasWildcard(path)) return 'is a pattern, and a contract is one file or folder';
  return splitPath(path).length === 0 || isProtectedPath(path) ? 'names no file' : undefined;
}

function findContractComplaints(tasks: readonly PlanTask[], declared: readonly string[]): PlanComplaint[] {
  const owners = new Map<string, string>();
  return tasks.flatMap((task): PlanComplaint[] => {
    if (task.role === 'amendment' && !isBoundAmendment(task, [...listContracts(tasks, task), ...declared]))
      return [{ kind: 'amendment_unbound', task: task.key }];
    if (task.role !== 'foundation') {
      return task.contracts.length > 0 ? [{ kind: 'contract_of_other_role', task: task.key, role: task.role }] : [];
    }
    if (task.contracts.length === 0) return [{ kind: 'contracts_missing', task: task.key }];
    return task.contracts.flatMap((path) => findOwnerComplaints(task, path, owners));
  });
}

function findOwnerComplaints(task: PlanTask, path: string, owners: Map<string, string>): PlanComplaint[] {
  const name = splitPath(path).join('/');
  const other = owners.get(name);
  owners.set(name, task.key);
  if (other !== undefined && other !== task.key) return [{ kind: 'contract_twice', path, tasks: [other, task.key] }];
  return isInArea(parseOwnedArea(task.ownedPaths), name) ? [] : [{ kind: 'contract_not_owned', task: task.key, path }];
}

function listContracts(tasks: readonly PlanTask[], amendment: PlanTask): string[] {
  return tasks.filter(({ key }) => key !== amendment.key).flatMap(({ contracts }) => contracts);
}

function isBoundAmendment(amendment: PlanTask, contracts: readonly string[]): boolean {
  const [path, ...more] = amendment.ownedPaths;
  if (path === undefined || more.length > 0 || amendment.contracts.length > 0) return false;
  const name = splitPath(path).join('/');
  return contracts.some((contract) => splitPath(contract).join('/') === name);
}

function findRepeated(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, at) => names.indexOf(name) !== at))];
}
