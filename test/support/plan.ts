// Short ways to say what the scripted planner and agents do.
import type { Scenario, Step } from '../../src/demo/model/scenario.ts';

interface TaskOptions {
  readonly role?: 'foundation' | 'feature';
  readonly contracts?: readonly string[];
  readonly dependsOn?: readonly string[];
  readonly ownedPaths?: readonly string[];
  readonly workflow?: string;
}

export function task(
  key: string,
  { role = 'feature', contracts = [], dependsOn = [], ownedPaths = [`${key}.txt`], workflow }: TaskOptions = {},
) {
  return {
    key,
    title: `Task ${key}`,
    prompt: `Do the work of ${key}.`,
    role,
    dependsOn,
    ownedPaths,
    contracts,
    acceptance: [{ id: 'done', text: `The work of ${key} is done.`, level: 'must' }],
    ...(workflow === undefined ? {} : { workflow }),
  };
}

export function planOf(...tasks: readonly ReturnType<typeof task>[]): Step {
  return { kind: 'json', value: { tasks, relations: [], notes: 'A plan.' } };
}

/** As `planOf`, with what the planner says of pairs of tasks. */
export function relatedPlan(
  relations: readonly { readonly a: string; readonly b: string; readonly kind: string; readonly why: string }[],
  ...tasks: readonly ReturnType<typeof task>[]
): Step {
  return { kind: 'json', value: { tasks, relations, notes: 'A plan.' } };
}

export function write(path: string, content: string): Step {
  return { kind: 'write', path, content };
}

export function bash(command: string): Step {
  return { kind: 'bash', command };
}

export const done: Step = { kind: 'say', text: 'Done.' };

export function say(text: string): Step {
  return { kind: 'say', text };
}

/** What a reviewer answers. */
export function findings(...claims: readonly object[]): Step {
  return say(`I looked.\n\n\`\`\`findings\n${JSON.stringify(claims)}\n\`\`\`\n`);
}

/** Reviewers that find nothing. */
export const nothingFound: Scenario = {
  'task-review.correctness': attempts([findings()]),
  'task-review.security': attempts([findings()]),
};

/** Does it only when the prompt holds the text. */
export function whenTold(text: string, ...steps: readonly Step[]): Step {
  return { kind: 'when', text, steps, otherwise: [say(`I was not told: ${text}`)] };
}

/** The model never answers; an agent or a caller that waits for it can only be stopped. */
export const hang: Step = { kind: 'hang' };

/** The agent sleeps for these seconds, or until it is woken; the number must be nobody else's. */
export function sleepFor(seconds: string): Step {
  return bash(`sleep ${seconds} || true`);
}

/** What one role does in each of its attempts. */
export function attempts(...steps: readonly (readonly Step[])[]): Scenario[string] {
  return [{ attempts: steps }];
}

/** One task that writes one file. Where the settings want reviewers, these find nothing. */
export function oneTask(key = 'one', ...steps: readonly Step[]): Scenario {
  return {
    ...nothingFound,
    planner: [{ attempts: [[planOf(task(key))]] }],
    [`task-${key}`]: [{ attempts: [steps.length > 0 ? steps : [write(`${key}.txt`, `${key}\n`), done]] }],
  };
}

interface FilesOptions {
  readonly check: string;
  /** Further lines of the policy file. */
  readonly policy?: string;
  /** The commands have to pass on the base first, which takes a sandbox more for each run. */
  readonly baseline?: boolean;
  /** What is built is reviewed before it is offered, which takes two agents more at least. */
  readonly reviewed?: boolean;
}

/** A repository whose tests are the shell script `check.sh`. */
export function filesWith({
  check,
  policy = '',
  baseline = false,
  reviewed = false,
}: FilesOptions): Record<string, string> {
  const verify = `verify:\n  commands:\n    - sh check.sh\n${baseline ? '' : '  baseline: false\n'}`;
  const review = reviewed ? '' : 'review:\n  enabled: false\n';
  return { 'README.md': '# Simple\n', 'check.sh': check, '.github/gatepilot.yml': `${verify}${review}${policy}` };
}

const failWhileBroken = 'if ls broken* >/dev/null 2>&1; then echo "FAIL: $(ls broken*)"; exit 1; fi\necho "ok"\n';

/** Its tests fail while a file exists whose name begins with `broken`. */
export const simpleFiles = filesWith({ check: failWhileBroken });

/** As `simpleFiles`, and what is built is reviewed. */
export const reviewedFiles = filesWith({ check: failWhileBroken, reviewed: true });

/** The commands have to pass on the base first, as where an owner says nothing more. */
export const usualFiles = filesWith({ check: failWhileBroken, baseline: true });
