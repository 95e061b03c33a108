// Whether the steps of a workflow fit together and name things that are there.
import { findNearestName } from '../command/nearest-name.ts';
import { listBefore, orderSteps } from './order-steps.ts';
import { quote } from './parse-resource.ts';
import { renderUnoffered } from './render-unoffered.ts';
import type { Agent, Placed, StepMatter, Workflow } from './resource.ts';
import type { ResourceMistake } from './resource-mistake.ts';

export interface WorkflowFindings {
  readonly mistakes: readonly ResourceMistake[];
  /** Agents and skills that it names and that are not there. Without a skill it runs all the same. */
  readonly missingAgents: readonly string[];
  readonly missingSkills: readonly string[];
}

interface Known {
  readonly agents: ReadonlyMap<string, Agent>;
  readonly skills: ReadonlySet<string>;
  /** Models that the operator offers. */
  readonly models: readonly string[];
}

export function checkWorkflow(workflow: Workflow, placed: Placed, known: Known): WorkflowFindings {
  const { steps } = workflow;
  const mistakes: ResourceMistake[] = [];
  const add = (index: number, key: string, text: string) =>
    void mistakes.push({ line: placed.lineOf(['steps', index, key]), text });
  const ids = steps.map(({ id }) => id);
  for (const [index, step] of steps.entries()) {
    if (ids.indexOf(step.id) !== index) add(index, 'id', `There is a step ${quote(step.id)} already.`);
    for (const need of step.dependsOn ?? []) {
      if (!ids.includes(need)) add(index, 'dependsOn', `There is no step ${quote(need)}${suggest(need, ids)}`);
    }
    const unasked = findModelProblem(step, known.models);
    if (unasked !== undefined) add(index, 'model', unasked);
    const problem = findRoleProblem(step, known.agents);
    if (problem !== undefined) add(index, step.role === undefined ? 'id' : 'role', problem);
  }
  if (new Set(ids).size === ids.length) {
    const order = orderSteps(steps);
    if (order.kind === 'cycle') {
      const first = ids.indexOf(order.ids[0] ?? '');
      add(first, 'dependsOn', `The steps wait for each other: ${order.ids.join(' → ')}.`);
    } else mistakes.push(...findOutputProblems(workflow, placed), ...findVerifyProblems(order.stages, steps, placed));
    mistakes.push(...findParallelProblems(steps, placed, known.agents));
  }
  const roles = steps.flatMap(({ role }) => (role === undefined || known.agents.has(role) ? [] : [role]));
  const skills = steps.flatMap((step) => step.skills).filter((skill) => !known.skills.has(skill));
  return {
    mistakes: mistakes.sort((a, b) => a.line - b.line),
    missingAgents: [...new Set(roles)],
    missingSkills: [...new Set(skills)],
  };
}

function findRoleProblem({ id, role, verify }: StepMatter, agents: Known['agents']): string | undefined {
  if (role === undefined) return verify ? undefined : `The step ${quote(id)} names neither a role nor "verify: true".`;
  if (verify) return `The step ${quote(id)} is either done by a role or by the verify commands, not by both.`;
  if (agents.has(role)) return undefined;
  return `There is no agent ${quote(role)}${suggest(role, [...agents.keys()])}`;
}

function findModelProblem({ id, model, verify }: StepMatter, models: Known['models']): string | undefined {
  if (model === undefined) return undefined;
  if (verify) return `The step ${quote(id)} runs the verify commands, which ask no model.`;
  return models.includes(model) ? undefined : renderUnoffered('model', model, models);
}

/** The commands judge the whole, so nothing comes after them. */
function findVerifyProblems(
  stages: readonly (readonly StepMatter[])[],
  steps: readonly StepMatter[],
  placed: Placed,
): ResourceMistake[] {
  const last = stages.at(-1) ?? [];
  return steps.flatMap((step, index) => {
    if (!step.verify || (last.length === 1 && last.includes(step))) return [];
    const text = `The verify commands judge the whole: ${quote(step.id)} must be the last step, by itself.`;
    return [{ line: placed.lineOf(['steps', index, 'verify']), text }];
  });
}

/** What runs at the same time shares one workspace: only readers may. */
function findParallelProblems(
  steps: readonly StepMatter[],
  placed: Placed,
  agents: Known['agents'],
): ResourceMistake[] {
  return steps.flatMap((step, index) => {
    const partners = steps.filter(({ parallel }) => parallel !== undefined && parallel === step.parallel);
    if (partners.length < 2 || agents.get(step.role ?? '')?.permission !== 'write') return [];
    const text = `The step ${quote(step.id)} may change files, so nothing runs at the same time as it.`;
    return [{ line: placed.lineOf(['steps', index, 'parallel']), text }];
  });
}

/** Names of answers that are read, in a list or by a placeholder, must be given by a step that stands before. */
function findOutputProblems({ steps, body }: Workflow, placed: Placed): ResourceMistake[] {
  const outputs = new Map(steps.map(({ id, output }) => [output ?? id, id]));
  const lists = steps.flatMap((step, index) => {
    const before = listBefore(steps, step.id);
    return (step.reads ?? []).flatMap((name) => {
      const giver = outputs.get(name);
      if (giver !== undefined && before.has(giver)) return [];
      const text = giver === undefined ? `No step gives ${quote(name)}` : `${quote(name)} is not there yet`;
      const hint = giver === undefined ? suggest(name, [...outputs.keys()]) : ` when ${quote(step.id)} runs.`;
      return [{ line: placed.lineOf(['steps', index, 'reads']), text: `${text}${hint}` }];
    });
  });
  const placeholders = body.split('\n').flatMap((line, index) =>
    [...line.matchAll(/\{output:([^{}\s]{1,60})\}/g)].flatMap(([, name = '']) =>
      outputs.has(name)
        ? []
        : [
            {
              line: placed.bodyLine + index,
              text: `No step gives ${quote(name)}${suggest(name, [...outputs.keys()])}`,
            },
          ],
    ),
  );
  return [...lists, ...placeholders];
}

function suggest(name: string, names: readonly string[]): string {
  const nearest = findNearestName(name, names);
  return nearest === undefined ? '.' : `; did you mean ${quote(nearest)}?`;
}
