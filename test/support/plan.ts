// Short ways to say what the scripted planner and agents do.
import type { Scenario, Step } from '../../src/demo/model/scenario.ts';

interface TaskOptions {
  readonly dependsOn?: readonly string[];
  readonly ownedPaths?: readonly string[];
}

export function task(key: string, { dependsOn = [], ownedPaths = [`${key}.txt`] }: TaskOptions = {}) {
  return {
    key,
    title: `Task ${key}`,
    prompt: `Do the work of ${key}.`,
    role: 'feature',
    dependsOn,
    ownedPaths,
    contracts: [],
    acceptance: [{ id: 'done', text: `The work of ${key} is done.`, level: 'must' }],
  };
}

export function planOf(...tasks: readonly ReturnType<typeof task>[]): Step {
  return { kind: 'json', value: { tasks, relations: [], notes: 'A plan.' } };
}

export function write(path: string, content: string): Step {
  return { kind: 'write', path, content };
}

export const done: Step = { kind: 'say', text: 'Done.' };

/** One task that writes one file. */
export function oneTask(key = 'one', ...steps: readonly Step[]): Scenario {
  return {
    planner: [{ attempts: [[planOf(task(key))]] }],
    [`task-${key}`]: [{ attempts: [steps.length > 0 ? steps : [write(`${key}.txt`, `${key}\n`), done]] }],
  };
}

/** A repository whose tests are the shell script `check.sh`: they fail while a file `broken` exists. */
export const simpleFiles: Record<string, string> = {
  'README.md': '# Simple\n',
  'check.sh': 'if ls broken* >/dev/null 2>&1; then echo "FAIL: $(ls broken*)"; exit 1; fi\necho "ok"\n',
  '.github/gatepilot.yml': 'verify:\n  commands:\n    - sh check.sh\n',
};
