// What the scripted model says about the items of a chaos run: cheap tasks, each with files of its own, so that no two
// pull requests conflict.
import type { Scenario, Step } from '../../model/scenario.ts';
import type { RunStory } from '../plan/chaos-plan.ts';

/** Stands in every text about an item, so that the model knows which one it is asked about. */
export function renderItem(item: number): string {
  return `item-${item}-`;
}

export function readItem(prompt: string): number | undefined {
  const [, item] = /\bitem-(\d+)-/.exec(prompt) ?? [];
  return item === undefined ? undefined : Number(item);
}

export const repositoryFiles: Readonly<Record<string, string>> = {
  'README.md': '# A small repository\n',
  'check.sh': 'if ls *broken* >/dev/null 2>&1; then echo "FAIL: $(ls *broken*)"; exit 1; fi\necho ok\n',
  '.github/gatepilot.yml':
    'verify:\n  commands:\n    - sh check.sh\nreview:\n  enabled: false\nbudget:\n  day_usd: 10000\n',
};

export function createItemScenario({ item, tasks, stumbles, ending }: RunStory): Scenario {
  const keys = ['one', 'two'].slice(0, tasks);
  // Long enough to be stopped while it works.
  const waits: Step[] = ending === 'stop' || ending === 'close_issue' ? [{ kind: 'bash', command: 'sleep 5' }] : [];
  const work = (key: string): Step[] => [
    { kind: 'write', path: fileOf(item, key), content: `${key}\n` },
    ...waits,
    done,
  ];
  const mistake: Step[] = [{ kind: 'write', path: `${renderItem(item)}one-broken.txt`, content: 'oh\n' }, done];
  return {
    planner: [{ attempts: [[{ kind: 'json', value: renderPlan(item, keys) }]] }],
    'task-one': [{ attempts: stumbles ? [mistake, work('one')] : [work('one')] }],
    'task-two': [{ attempts: [work('two')] }],
  };
}

const done: Step = { kind: 'say', text: 'Done.' };

function fileOf(item: number, key: string): string {
  return `${renderItem(item)}${key}.txt`;
}

function renderPlan(item: number, keys: readonly string[]) {
  const tasks = keys.map((key) => ({
    key,
    title: `Write ${fileOf(item, key)}`,
    prompt: `Write the file ${fileOf(item, key)}.`,
    role: 'feature',
    dependsOn: [],
    ownedPaths: [`${renderItem(item)}${key}*.txt`],
    contracts: [],
    acceptance: [{ id: 'there', text: 'The file is there.', level: 'must' }],
  }));
  return { tasks, relations: [], notes: 'Small things.' };
}
