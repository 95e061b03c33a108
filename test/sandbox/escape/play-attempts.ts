// Plays every attempt twice: without a sandbox, where it must succeed or it proves nothing, and in one.
import type { SandboxCapabilities } from '../../../src/engine/port/sandbox.ts';
import type { Answer } from '../support/order.ts';
import { makeSpec } from '../support/spec.ts';
import type { Starter } from '../support/starter.ts';
import type { Subject } from '../support/subject.ts';
import { egress } from './attempt/egress.ts';
import { environment } from './attempt/environment.ts';
import { files } from './attempt/files.ts';
import { kernel } from './attempt/kernel.ts';
import { limits } from './attempt/limits.ts';
import { network } from './attempt/network.ts';
import { processes } from './attempt/processes.ts';
import { proxies } from './attempt/proxies.ts';
import { type Area, type Attempt, isReached } from './attempt.ts';
import type { Door } from './door.ts';
import type { Outcome } from './outcome.ts';
import type { WayOut } from './way-out.ts';
import type { World } from './world.ts';

const attempts: readonly (readonly [Area, readonly Attempt[]])[] = [
  ['files', files],
  ['processes', processes],
  ['kernel', kernel],
  ['network', network],
  ['environment', environment],
  ['proxies', proxies],
  ['egress', egress],
  ['limits', limits],
];

export interface Stage {
  readonly subject: Subject;
  readonly capabilities: SandboxCapabilities;
  readonly starter: Starter;
  readonly world: World;
  readonly door: Door;
  readonly wayOut: WayOut;
}

export async function playAttempts(stage: Stage, report: (outcome: Outcome) => void): Promise<void> {
  for (const [area, members] of attempts) {
    for (const attempt of members) {
      if (!isMeant(attempt, stage)) continue;
      const without = await play(attempt, stage, () => stage.starter.outside(attempt.program(stage.world)));
      const within = await play(attempt, stage, () => playInside(attempt, stage));
      report({ area, name: attempt.name, succeedsWithout: without, isReached: within });
    }
  }
}

function isMeant({ user, isAboutHostKernel }: Attempt, { subject, capabilities }: Stage): boolean {
  if (user !== undefined && user !== subject.user) return false;
  return !(isAboutHostKernel && ['gvisor', 'microvm'].includes(capabilities.isolation));
}

async function play(
  attempt: Attempt,
  { world, door, wayOut, starter }: Stage,
  run: () => Promise<Answer>,
): Promise<boolean> {
  // Nothing of an attempt helps the next one.
  await starter.clear();
  world.restoreDecoy();
  await door.renew();
  await wayOut.renew();
  await attempt.prepare?.(world);
  const answer = await run();
  // Whoever was not even started was not held.
  if (answer.error !== undefined) throw new Error(`"${attempt.name}" could not be played: ${answer.error}`);
  return await isReached(attempt, answer, world);
}

async function playInside(attempt: Attempt, { starter, world }: Stage): Promise<Answer> {
  const changes = typeof attempt.spec === 'function' ? attempt.spec(world) : (attempt.spec ?? {});
  const spec = makeSpec(starter.workspace, changes);
  return await starter.order({ kind: 'inside', spec, argv: attempt.program(world) });
}
