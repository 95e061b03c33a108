import { armNames, playArm } from './arms.ts';
import type { Measured } from './measure.ts';
import { worlds } from './worlds.ts';

/** Every world under every arm, in a fixed order: the same figures on every machine. */
export async function runBench(): Promise<Measured[]> {
  const rows: Measured[] = [];
  for (const world of worlds) for (const arm of armNames) rows.push(await playArm(world, arm));
  return rows;
}
