// The four arms, on identical worlds: the pilot, the deterministic plan, everybody's raw logs to everybody, and decisions
// by lot.
import type { Measured } from './measure.ts';
import { playWorld } from './play-world.ts';
import { createRandomPilot } from './random-pilot.ts';
import { createRetryAll } from './retry-all.ts';
import { createScriptedModel } from './scripted-model.ts';
import { createReader } from './scripted-reader.ts';
import type { World } from './world.ts';

export const armNames = ['pilot', 'replan', 'raw logs', 'random'] as const;
export type ArmName = (typeof armNames)[number];

/** Luck is measured as a mean of so many draws. */
export const draws = 10;

export async function playArm(world: World, name: ArmName): Promise<Measured> {
  switch (name) {
    case 'pilot': {
      const model = createScriptedModel(createReader(world.obeys ?? 'never'));
      return await playWorld(world, { name, model, isPilotEnabled: true });
    }
    case 'replan':
      return await playWorld(world, { name, isPilotEnabled: false });
    case 'raw logs':
      return await playWorld(world, {
        name,
        model: createScriptedModel(createRetryAll()),
        isPilotEnabled: true,
        isRaw: true,
      });
    case 'random': {
      const drawn: Measured[] = [];
      for (let seed = 1; seed <= draws; seed += 1) {
        const model = createScriptedModel(createRandomPilot(seed));
        drawn.push(await playWorld(world, { name, model, isPilotEnabled: true }));
      }
      return mean(drawn);
    }
  }
}

function mean(all: readonly Measured[]): Measured {
  const [first] = all;
  if (!first) throw new Error('nothing was measured');
  const averaged = Object.entries(first).map(([field, value]) => [
    field,
    typeof value === 'number'
      ? all.reduce((sum, one) => sum + Number(one[field as keyof Measured]), 0) / all.length
      : value,
  ]);
  return Object.fromEntries(averaged) as Measured;
}
