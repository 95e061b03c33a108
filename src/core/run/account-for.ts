// Where everything of a run is at this moment: each task on exactly one account, and what was spent, is reserved and is left.
import type { Run, Task } from '../model/run.ts';
import { attemptsOf, capOf, reservedOf } from './budget.ts';

export type Account = Task['state']['kind'];

interface Amount {
  readonly microUsd: number;
  readonly tokens: number;
}

export interface RunAccount {
  readonly tasks: Readonly<Record<string, Account>>;
  /** How many tasks are on each account; accounts without any are left out. */
  readonly total: Readonly<Partial<Record<Account, number>>>;
  readonly spent: Amount;
  readonly reserved: Amount;
  /** Infinite where nothing limits it. */
  readonly cap: Amount;
  /** Of all tasks together. */
  readonly attempts: { readonly used: number; readonly cap: number };
}

export function accountFor(run: Run): RunAccount {
  const total: Partial<Record<Account, number>> = {};
  for (const { state } of run.tasks) total[state.kind] = (total[state.kind] ?? 0) + 1;
  const { microUsd, inputTokens, outputTokens } = run.spend;
  return {
    tasks: Object.fromEntries(run.tasks.map(({ key, state }) => [key, state.kind])),
    total,
    spent: { microUsd, tokens: inputTokens + outputTokens },
    reserved: reservedOf(run),
    cap: capOf(run),
    attempts: attemptsOf(run),
  };
}
