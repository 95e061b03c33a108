import { type ControlClient, ControlRefused } from '../github/control-client.ts';
import type { Stack } from '../stack/start-stack.ts';
import type { KillPlan } from './kill-plan.ts';
import type { SaveGate } from './start-save-gate.ts';

export interface Kill {
  /** Resolves once the worker was killed and a new one runs. */
  readonly done: Promise<void>;
  readonly hasFired: () => boolean;
}

/** Kills the worker with SIGKILL when its moment comes, and starts it again. Armed when it resolves. */
export async function armKill(stack: Stack, plan: KillPlan, gate: SaveGate | undefined): Promise<Kill> {
  let isFired = false;
  const moment =
    plan.kind === 'save' ? { reached: gate?.reached, release: undefined } : await armHold(stack.control, plan.n);
  const fire = async () => {
    await moment.reached;
    isFired = true;
    await stack.worker.kill('SIGKILL');
    await moment.release?.();
    await stack.restartWorker();
  };
  return { done: fire(), hasFired: () => isFired };
}

interface Hold {
  /** Resolves when the n-th write has happened and its answer is kept back. */
  readonly reached: Promise<void>;
  /** The answer is never heard. */
  readonly release: () => Promise<void>;
}

async function armHold(control: ControlClient, n: number): Promise<Hold> {
  const { holdId } = await control.holdAfterWrite({ n });
  return { reached: awaitHeld(control, holdId), release: () => control.dropHeld({ holdId }) };
}

async function awaitHeld(control: ControlClient, holdId: number): Promise<void> {
  for (;;) {
    try {
      await control.awaitHeld({ holdId, timeoutMs: 20_000 });
      return;
    } catch (error) {
      // The time was up and nothing was held yet: wait on. Anything else ends the waiting with the demo.
      if (!(error instanceof ControlRefused && error.status === 408)) return await new Promise(() => undefined);
    }
  }
}
