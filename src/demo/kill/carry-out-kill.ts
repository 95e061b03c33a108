import type { ControlClient } from '../github/control-client.ts';
import type { Stack } from '../stack/start-stack.ts';
import type { KillPlan } from './kill-plan.ts';
import type { SaveGate } from './start-save-gate.ts';

export interface Kill {
  /** Resolves once the worker was killed and a new one runs. */
  readonly done: Promise<void>;
  readonly hasFired: () => boolean;
}

/** Kills the worker with SIGKILL when its moment comes, and starts it again. */
export async function armKill(stack: Stack, plan: KillPlan, gate: SaveGate | undefined): Promise<Kill> {
  let isFired = false;
  const moment = plan.kind === 'save' ? gate?.reached : await holdWrite(stack.control, plan.n);
  const done = (async () => {
    const release = await moment;
    isFired = true;
    await stack.worker.kill('SIGKILL');
    await release?.();
    await stack.restartWorker();
  })();
  return { done, hasFired: () => isFired };
}

/** The n-th write happens, and its answer is never heard. */
async function holdWrite(control: ControlClient, n: number): Promise<Promise<() => Promise<void>>> {
  const { holdId } = await control.holdAfterWrite({ n });
  const wait = async (): Promise<() => Promise<void>> => {
    for (;;) {
      const held = await control.awaitHeld({ holdId, timeoutMs: 20_000 }).catch(() => undefined);
      if (held) return () => control.dropHeld({ holdId });
    }
  };
  return wait();
}
