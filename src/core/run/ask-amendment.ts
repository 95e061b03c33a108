// A task that needs a change in a contract of another one: a task of its own makes that change, bound to exactly that
// contract, and whoever needs it waits with what it has built.
import type { Contribution, Run, Task } from '../model/run.ts';
import { quoteCode } from '../reply/quote-inline.ts';
import { fence } from '../sanitise/fence.ts';
import { type Draft, note } from './draft.ts';

/** How often one task may have one contract amended. */
const amendmentsAtMost = 2;
const wishCharsAtMost = 8_000;

export interface Need {
  readonly contract: string;
  readonly owner: string;
  /** What shows the need: the change that was tried, or what failed. */
  readonly wish: string;
  readonly contribution: Contribution;
}

export function askAmendment(draft: Draft, run: Run, task: Task, need: Need): void {
  const { contract, owner, contribution } = need;
  const asked = task.amendments ?? [];
  // One that asked for another could go on for ever, each contract waiting for the other one.
  const isTooDeep = task.role === 'amendment';
  if (run.finishing || isTooDeep || asked.filter((before) => before === contract).length >= amendmentsAtMost) {
    task.state = { kind: 'merge_blocked', cause: { kind: 'contract_blocked', path: contract, owner } };
    const why = isTooDeep ? 'an amendment gets none of its own' : 'that is given up';
    return note(draft, 'merge_blocked', `${task.key} needs another change in ${quoteCode(contract)}; ${why}`);
  }
  const on = findOpen(run, contract) ?? addAmendment(run, task, need);
  task.amendments = [...asked, contract];
  task.state = { kind: 'awaiting_amendment', on: on.key, contract, contribution };
  note(draft, 'amendment', `${task.key} needs a change in ${quoteCode(contract)} and waits for ${on.key}`, {
    task: task.key,
    on: on.key,
    contract,
  });
}

/** One that has not ended yet serves everybody who needs the contract changed. */
function findOpen(run: Run, contract: string): Task | undefined {
  return run.tasks.find(
    ({ role, ownedPaths, state }) =>
      role === 'amendment' && ownedPaths[0] === contract && ['pending', 'running', 'anchored'].includes(state.kind),
  );
}

function addAmendment(run: Run, task: Task, { contract, owner, wish }: Need): Task {
  const amendment: Task = {
    key: nextKey(run, contract),
    title: `Amend ${contract}`,
    prompt: [
      `Task "${task.key}" cannot be done without a change in \`${contract}\`, which task "${owner}" declared as what others rely on.`,
      'Make the smallest change there that gives it what it needs, and keep everything that others use as it is.',
      `What shows the need:\n\n${fence(wish.slice(0, wishCharsAtMost))}`,
    ].join('\n\n'),
    role: 'amendment',
    dependsOn: [],
    ownedPaths: [contract],
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

function nextKey(run: Run, contract: string): string {
  const name = contract
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(-24)
    .replace(/^-+|-+$/g, '');
  for (let number = 1; ; number += 1) {
    const key = ['amend', ...(name === '' ? [] : [name]), String(number)].join('-');
    if (!run.tasks.some((task) => task.key === key)) return key;
  }
}
