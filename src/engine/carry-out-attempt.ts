// An attempt from its lease to its result, and then what is kept of it goes: nobody can go on with it any more.
import { type CarryOutPorts, carryOut, type Held } from './carry-out.ts';
import { toCheckpointOwner } from './checkpoint-owner.ts';
import type { CheckpointOwner } from './port/checkpoint.ts';
import { runAttempt } from './run-attempt.ts';
import type { WorkPorts } from './work-ports.ts';

type Job = Parameters<typeof carryOut<'attempt'>>[1];

export async function carryOutAttempt(carry: CarryOutPorts, work: WorkPorts, job: Job): Promise<void> {
  let over: CheckpointOwner | undefined;
  await carryOut(carry, job, async (held) => {
    const outcome = await runAttempt(work, held);
    if (!isGoneOnWith(held)) over = toCheckpointOwner(held);
    return outcome;
  });
  if (!over) return;
  const owner = over;
  await work.checkpoints.dropAll(owner).catch((error: unknown) => {
    work.log.warn({ ...owner, error: String(error) }, 'checkpoints could not be dropped; they go with their run');
  });
}

/** By whoever has replaced this holder, or is to: it needs what is kept. */
function isGoneOnWith({ signal, mayBeReplaced }: Held<'attempt'>): boolean {
  return signal.reason === 'handover' || signal.reason === 'lost' || mayBeReplaced();
}
