// A task that needs a change in what another one made for others to rely on: a task of its own makes that change, bound to
// exactly those files, and whoever needs it waits with what it has built.
import type { Contribution, Run, Task } from '../model/run.ts';
import { quoteCode } from '../reply/quote-inline.ts';
import { fence } from '../sanitise/fence.ts';
import { type Draft, note } from './draft.ts';

/** How often one task may have one contract amended. */
const amendmentsAtMost = 2;
const wishCharsAtMost = 8_000;

export interface Need {
  /** Contracts of one owner, or other files of a foundation; at least one. */
  readonly paths: readonly string[];
  readonly owner: string;
  /** What shows the need: the change that was tried, or what failed. */
  readonly wish: string;
  readonly contribution: Contribution;
}

export function askAmendment(draft: Draft, run: Run, task: Task, need: Need): void {
  const { paths, owner, contribution } = need;
  const asked = task.amendments ?? [];
  const [first = ''] = paths;
  // One that asked for another could go on for ever, each contract waiting for the other one.
  const isTooDeep = task.role === 'amendment';
  const isSpent = (path: string) => asked.filter((before) => before === path).length >= amendmentsAtMost;
  const path = paths.find(isSpent) ?? (run.finishing || isTooDeep ? first : undefined);
  if (path !== undefined) {
    task.state = { kind: 'merge_blocked', cause: { kind: 'contract_blocked', path, owner } };
    const why = isTooDeep ? 'an amendment gets none of its own' : 'that is given up';
    return note(draft, 'merge_blocked', `${task.key} needs another change in ${quoteCode(path)}; ${why}`);
  }
  const on = findOpen(run, paths) ?? addAmendment(run, task, need);
  task.amendments = [...asked, ...paths];
  task.state = { kind: 'awaiting_amendment', on: on.key, contract: first, contribution };
  const named = paths.map((each) => quoteCode(each)).join(', ');
  note(draft, 'amendment', `${task.key} needs a change in ${named} and waits for ${on.key}`, {
    task: task.key,
    on: on.key,
    contract: first,
  });
}

/** One that has not ended yet serves everybody who needs no more than it may change. */
function findOpen(run: Run, paths: readonly string[]): Task | undefined {
  return run.tasks.find(
    ({ role, ownedPaths, state }) =>
      role === 'amendment' &&
      paths.every((path) => ownedPaths.includes(path)) &&
      ['pending', 'running', 'anchored'].includes(state.kind),
  );
}

function addAmendment(run: Run, task: Task, { paths, owner, wish }: Need): Task {
  const what = paths.length === 1 ? (paths[0] ?? '') : `what ${owner} made`;
  const amendment: Task = {
    key: nextKey(run, paths.length === 1 ? what : owner),
    title: `Amend ${what}`,
    prompt: [
      `Task "${task.key}" cannot be done without a change in ${paths.map((path) => `\`${path}\``).join(', ')}, which task "${owner}" made for others to rely on.`,
      'Make the smallest change there that gives it what it needs, and keep everything that others use as it is.',
      `What shows the need:\n\n${fence(wish.slice(0, wishCharsAtMost))}`,
    ].join('\n\n'),
    role: 'amendment',
    dependsOn: [],
    ownedPaths: [...paths],
    contracts: [],
    acceptance: [],
    state: { kind: 'pending' },
    attempts: [],
    facts: [],
  };
  run.tasks.push(amendment);
  const [current = [], ...others] = run.ahead;
  run.ahead = [[...current, amendment.key], ...others];
  return amendment;
}

function nextKey(run: Run, after: string): string {
  const name = after
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(-24)
    .replace(/^-+|-+$/g, '');
  for (let number = 1; ; number += 1) {
    const key = ['amend', ...(name === '' ? [] : [name]), String(number)].join('-');
    if (!run.tasks.some((task) => task.key === key)) return key;
  }
}
