import { z } from 'zod';
import type { Witness } from './play-world.ts';
import { listEndangered, type World } from './world.ts';

/** What one arm made of one world. */
export const MeasuredRow = z.object({
  world: z.string(),
  arm: z.string(),
  tasks: z.number(),
  done: z.number(),
  /** Tasks that lack something, or wait for one that does. */
  endangered: z.number(),
  rescued: z.number(),
  attempts: z.number(),
  /** Attempts that ended without a result. */
  wasted: z.number(),
  /** Tasks left out although they could have been done. */
  wrongSkips: z.number(),
  /** Facts and pieces of advice for a task that does not lack them. */
  wrongRoutes: z.number(),
  pilotCalls: z.number(),
  /** Boundaries at which the pilot was asked and its answer not used. */
  fellBack: z.number(),
  /** Of all prompts of agents together, and of the longest. */
  promptChars: z.number(),
  longestPrompt: z.number(),
  usd: z.number(),
  /** The part of it that the pilot cost. */
  pilotUsd: z.number(),
  minutes: z.number(),
});
export type Measured = z.infer<typeof MeasuredRow>;

export function measure(world: World, arm: string, witness: Witness): Measured {
  const { run, prompts, microUsdOfPilot, pilotRequests, ms } = witness;
  const isDone = (key: string) => run.tasks.some((task) => task.key === key && task.state.kind === 'merged');
  const endangered = listEndangered(world);
  const hopeless = new Set(world.tasks.filter(({ isHopeless }) => isHopeless).map(({ key }) => key));
  for (const { key, dependsOn } of world.tasks)
    if (dependsOn?.some((needed) => hopeless.has(needed))) hopeless.add(key);
  const skipped = run.tasks.filter(({ key, state }) => state.kind === 'skipped' && !hopeless.has(key));
  const lengths = prompts.map(({ text }) => text.length);
  const attempts = run.tasks.flatMap((task) => task.attempts);
  return {
    ...{ world: world.name, arm, tasks: world.tasks.length, pilotCalls: pilotRequests },
    done: world.tasks.filter(({ key }) => isDone(key)).length,
    endangered: endangered.length,
    rescued: endangered.filter(isDone).length,
    attempts: attempts.length,
    wasted: attempts.filter(({ cause }) => cause !== undefined).length,
    wrongSkips: skipped.length,
    wrongRoutes: countWrongRoutes(world, witness),
    fellBack: run.boundaries.filter(({ source }) => source.kind === 'fell_back').length,
    promptChars: lengths.reduce((sum, length) => sum + length, 0),
    longestPrompt: Math.max(0, ...lengths),
    usd: run.spend.microUsd / 1e6,
    pilotUsd: microUsdOfPilot / 1e6,
    minutes: ms / 60_000,
  };
}

function countWrongRoutes(world: World, { run, prompts }: Witness): number {
  const isRight = (key: string, text: string) => {
    const needs = world.tasks.find((task) => task.key === key)?.needs;
    return needs !== undefined && text.includes(world.facts[needs]?.token ?? '\0');
  };
  const facts = run.tasks.flatMap(({ key, facts: told }) => told.filter((fact) => !isRight(key, fact)));
  const advice = prompts.filter(({ task, guidance }) => guidance !== undefined && !isRight(task, guidance));
  return facts.length + advice.length;
}
