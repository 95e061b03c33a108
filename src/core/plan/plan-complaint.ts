/** Why a plan cannot be used as it is. Written for the planner, which gets the sentences back when asked again. */
export type PlanComplaint =
  | { readonly kind: 'too_many_tasks'; readonly count: number; readonly maxTasks: number }
  | { readonly kind: 'no_tasks' }
  | { readonly kind: 'duplicate_key'; readonly key: string }
  | { readonly kind: 'duplicate_acceptance'; readonly task: string; readonly id: string }
  | {
      readonly kind: 'unknown_key';
      readonly key: string;
      readonly where: 'dependsOn' | 'relations';
      readonly task?: string;
    }
  | { readonly kind: 'self_relation'; readonly key: string }
  | { readonly kind: 'cycle'; readonly keys: readonly string[] }
  | { readonly kind: 'foundation_waits'; readonly foundation: string; readonly feature: string }
  | { readonly kind: 'unsafe_path'; readonly task: string; readonly path: string; readonly why: string }
  | { readonly kind: 'contract_of_other_role'; readonly task: string; readonly role: string }
  | { readonly kind: 'contracts_missing'; readonly task: string }
  | { readonly kind: 'contract_not_owned'; readonly task: string; readonly path: string }
  | { readonly kind: 'contract_twice'; readonly path: string; readonly tasks: readonly [string, string] }
  | { readonly kind: 'amendment_unbound'; readonly task: string }
  | { readonly kind: 'bootstrap_without_foundation'; readonly path: string; readonly tasks: readonly string[] }
  | { readonly kind: 'only_bootstrap'; readonly task: string; readonly paths: readonly string[] }
  | {
      readonly kind: 'foundation_not_isolated';
      readonly foundation: string;
      readonly feature: string;
      readonly path: string;
    };

export function renderPlanComplaint(complaint: PlanComplaint): string {
  switch (complaint.kind) {
    case 'too_many_tasks':
      return `The plan has ${complaint.count} tasks, and at most ${complaint.maxTasks} are allowed: join the small ones.`;
    case 'no_tasks':
      return 'The plan has no task: name at least one.';
    case 'duplicate_key':
      return `Two tasks have the key \`${complaint.key}\`: give each its own.`;
    case 'duplicate_acceptance':
      return `The task \`${complaint.task}\` has two acceptance items with the id \`${complaint.id}\`: give each its own.`;
    case 'unknown_key':
      return complaint.task === undefined
        ? `A relation names \`${complaint.key}\`, which is no task of the plan.`
        : `The task \`${complaint.task}\` depends on \`${complaint.key}\`, which is no task of the plan.`;
    case 'self_relation':
      return `A relation pairs \`${complaint.key}\` with itself: remove it.`;
    case 'cycle':
      return `Tasks wait for each other in a circle: ${renderCycle(complaint.keys)}. Break it.`;
    case 'foundation_waits':
      return `The foundation \`${complaint.foundation}\` waits for \`${complaint.feature}\`, but foundations are merged before any feature starts.`;
    case 'unsafe_path':
      return `The path \`${complaint.path}\` of \`${complaint.task}\` ${complaint.why}.`;
    case 'contract_of_other_role':
      return `The ${complaint.role} \`${complaint.task}\` declares contracts, which only a foundation may: remove them or make it a foundation.`;
    case 'contracts_missing':
      return `The foundation \`${complaint.task}\` declares no contract: name the files that the other tasks rely on.`;
    case 'contract_not_owned':
      return `The contract \`${complaint.path}\` of \`${complaint.task}\` lies outside its ownedPaths: add it there.`;
    case 'contract_twice':
      return `The contract \`${complaint.path}\` is declared by both \`${complaint.tasks[0]}\` and \`${complaint.tasks[1]}\`: give it one owner.`;
    case 'amendment_unbound':
      return `The amendment \`${complaint.task}\` must own exactly one path, and that path must be a contract of another task.`;
    case 'bootstrap_without_foundation':
      return `The set-up file \`${complaint.path}\` is wanted by ${renderKeys(complaint.tasks)}: add a foundation task that owns it and declares it as a contract.`;
    case 'only_bootstrap':
      return `The task \`${complaint.task}\` owns nothing but shared set-up files (${renderKeys(complaint.paths)}), which belong to a foundation: give it paths of its own or make it part of the foundation.`;
    case 'foundation_not_isolated':
      return `The path \`${complaint.path}\` of \`${complaint.feature}\` reaches into what the foundation \`${complaint.foundation}\` keeps for itself: choose paths that do not overlap.`;
  }
}

function renderCycle(keys: readonly string[]): string {
  return [...keys, ...keys.slice(0, 1)].map((key) => `\`${key}\``).join(' → ');
}

function renderKeys(keys: readonly string[]): string {
  return keys.map((key) => `\`${key}\``).join(', ');
}
