// Which workflows may carry out a task of a plan: those in which somebody may change files. The others only read, and carry
// out a whole run.
import { findNearestName } from '../command/nearest-name.ts';
import type { Catalog } from './open-catalog.ts';
import { quote } from './parse-resource.ts';
import type { Workflow } from './resource.ts';

export function listTaskWorkflows({ workflows, agents }: Catalog): readonly Workflow[] {
  return [...workflows.values()].filter((workflow) => mayWrite(workflow, agents));
}

/** Those that report and change nothing. Verify commands alone report nothing. */
export function listReadingWorkflows({ workflows, agents }: Catalog): readonly Workflow[] {
  return [...workflows.values()].filter(
    (workflow) => !mayWrite(workflow, agents) && workflow.steps.every(({ verify }) => !verify),
  );
}

function mayWrite({ steps }: Workflow, agents: Catalog['agents']): boolean {
  return steps.some(({ role }) => agents.get(role ?? '')?.permission === 'write');
}

interface Planned {
  readonly tasks: readonly { readonly key: string; readonly workflow?: string | undefined }[];
}

/** For the planner: what it named and what there is. */
export function findWorkflowComplaints({ tasks }: Planned, workflows: readonly Workflow[]): readonly string[] {
  const names = workflows.map(({ name }) => name);
  return tasks.flatMap(({ key, workflow }) => {
    if (workflow === undefined || names.includes(workflow)) return [];
    const nearest = findNearestName(workflow, names);
    const hint = nearest === undefined ? `choose one of ${names.join(', ')}` : `did you mean ${quote(nearest)}?`;
    return [`Task "${key}" names the workflow ${quote(workflow)}, which is not there; ${hint}`];
  });
}
