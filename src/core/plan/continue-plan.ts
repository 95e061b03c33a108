// A plan for what is left of a run: it may wait for what is merged already, which is there, and its keys must be new ones,
// since every task of a run stays in the accounting under its own.
import { MAX_KEY_CHARS, type Plan, type PlanTask } from './plan.ts';
import type { PlanAdjustment } from './planned-batches.ts';

interface ContinuedPlan {
  readonly plan: Plan;
  readonly adjustments: readonly PlanAdjustment[];
}

interface Earlier {
  /** Keys of what is merged. */
  readonly done: ReadonlySet<string>;
  /** All keys of the run, those included. */
  readonly taken: ReadonlySet<string>;
}

/** The plan as it was, where no task came before it. */
export function continuePlan(plan: Plan, { done, taken }: Earlier): ContinuedPlan {
  const own = new Set(plan.tasks.map(({ key }) => key));
  const isThere = (key: string) => done.has(key) && !own.has(key);
  const names = new Map<string, string>();
  const used = new Set([...own, ...taken]);
  for (const key of own) {
    const name = taken.has(key) ? nextName(key, used) : key;
    used.add(name);
    names.set(key, name);
  }
  const rename = (key: string) => names.get(key) ?? key;
  const toTask = (task: PlanTask): PlanTask => ({
    ...task,
    key: rename(task.key),
    dependsOn: task.dependsOn.filter((key) => !isThere(key)).map(rename),
  });
  return {
    plan: {
      ...plan,
      tasks: plan.tasks.map(toTask),
      relations: plan.relations
        .filter(({ a, b }) => !isThere(a) && !isThere(b))
        .map((relation) => ({ ...relation, a: rename(relation.a), b: rename(relation.b) })),
    },
    adjustments: [...names].flatMap(([from, to]) => (from === to ? [] : [{ kind: 'task_renamed', from, to } as const])),
  };
}

function nextName(key: string, used: ReadonlySet<string>): string {
  for (let number = 2; ; number += 1) {
    const end = `-${number}`;
    const name = `${key.slice(0, MAX_KEY_CHARS - end.length).replace(/-+$/, '')}${end}`;
    if (!used.has(name)) return name;
  }
}
