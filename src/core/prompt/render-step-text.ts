// The part of a workflow's body that is for one step, with what earlier steps answered in the places that it names.
import { cutMiddle } from '../pilot/cut-text.ts';
import { listBefore } from '../resource/order-steps.ts';
import type { StepMatter, Workflow } from '../resource/resource.ts';
import { fence } from '../sanitise/fence.ts';

interface StepText {
  readonly workflow: Workflow;
  readonly step: StepMatter;
  readonly task: { readonly title: string };
  readonly outputs: ReadonlyMap<string, string>;
}

const outputCharsAtMost = 12_000;

export function renderStepText({ workflow, step, task, outputs }: StepText): string {
  const { shared, own } = splitBody(workflow, step.id);
  const body = [shared, own].filter((part) => part !== '').join('\n\n');
  const reads = listReads(workflow, step);
  const placed = new Set<string>();
  // One pass, so that a placeholder in an answer is text like everything else in it.
  const text = body.replace(/\{task\}|\{output:([^{}\s]{1,60})\}/g, (whole, name?: string) => {
    if (name === undefined) return `\n${fence(task.title)}\n`;
    if (!reads.includes(name)) return whole;
    placed.add(name);
    return `\n${renderOutput(outputs.get(name))}\n`;
  });
  const others = reads
    .filter((name) => !placed.has(name) && outputs.has(name))
    .map((name) => `What the step "${name}" answered:\n\n${renderOutput(outputs.get(name))}`);
  return [`# This step: ${step.id}`, text, ...others].filter((part) => part !== '').join('\n\n');
}

function renderOutput(output: string | undefined): string {
  return fence(cutMiddle(output === undefined || output.trim() === '' ? '(no answer)' : output, outputCharsAtMost));
}

/** The names of the answers that a step is shown. */
function listReads({ steps }: Workflow, step: StepMatter): readonly string[] {
  if (step.reads !== undefined) return step.reads;
  const before = listBefore(steps, step.id);
  return steps.flatMap(({ id, output }) => (before.has(id) ? [output ?? id] : []));
}

function splitBody({ body, steps }: Workflow, id: string): { shared: string; own: string } {
  const ids = new Set(steps.map((step) => step.id));
  const parts: { readonly of: string | undefined; readonly lines: string[] }[] = [{ of: undefined, lines: [] }];
  for (const line of body.split('\n')) {
    const [, heading] = /^##[ \t]+([a-z0-9-]{1,40})[ \t]*$/.exec(line) ?? [];
    if (heading !== undefined && ids.has(heading)) parts.push({ of: heading, lines: [] });
    else parts.at(-1)?.lines.push(line);
  }
  const take = (of: string | undefined) =>
    parts
      .filter((part) => part.of === of)
      .map((part) => part.lines.join('\n').trim())
      .join('\n\n');
  return { shared: take(undefined), own: take(id) };
}
