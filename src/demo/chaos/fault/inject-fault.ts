import { setTimeout as sleep } from 'node:timers/promises';
import type { ControlClient } from '../../github/control-client.ts';
import type { FaultEffect } from '../../github/state/fault.ts';
import type { AnswerFault, Fault, KillTarget } from '../plan/chaos-plan.ts';
import type { Kill, Service } from './supervise.ts';

export interface FaultStage {
  readonly control: ControlClient;
  readonly serviceOf: (target: KillTarget) => Service;
  /** Told of every kill that was carried out. */
  readonly onKill: (kill: Kill) => void;
}

/** Resolves when the fault is in place, or has happened. */
export async function injectFault(stage: FaultStage, fault: Fault): Promise<void> {
  const { control } = stage;
  switch (fault.kind) {
    case 'kill':
      return await carryOutKill(stage, fault);
    case 'delivery': {
      const { event, count } = fault;
      if (fault.how === 'drop') return await control.dropNextDelivery({ event, count });
      if (fault.how === 'double') return await control.duplicateNextDelivery({ event, count });
      // Whatever is sent meanwhile overtakes it.
      return await control.delayNextDelivery({ event, count, delayMs });
    }
    case 'answer':
      await control.injectFault({ route: fault.route, count: fault.count, effect: effects[fault.how] });
      return;
    case 'outage': {
      const effect = { kind: 'bad_gateway', when: 'before' } as const;
      await control.injectFault({ route: '* *', count: Number.MAX_SAFE_INTEGER, effect });
      await sleep(fault.ms);
      return await control.clearFaults();
    }
  }
}

const delayMs = 3_000;

const effects: Readonly<Record<AnswerFault, FaultEffect>> = {
  rate_limit: { kind: 'rate_limit', retryAfterSeconds: 2 },
  secondary_limit: { kind: 'secondary_limit', retryAfterSeconds: 3 },
  bad_gateway_after: { kind: 'bad_gateway', when: 'after' },
  bad_gateway_before: { kind: 'bad_gateway', when: 'before' },
  timeout_after: { kind: 'timeout', when: 'after' },
  slow: { kind: 'slow', delayMs: 1_500 },
};

/** When nobody writes any more, the moment that a kill waits for never comes: then it comes now. */
const heldPatienceMs = 15_000;

async function carryOutKill(
  { control, serviceOf, onKill }: FaultStage,
  { target, pauseMs, afterWrite }: Extract<Fault, { kind: 'kill' }>,
): Promise<void> {
  const service = serviceOf(target);
  await service.serves();
  if (afterWrite === undefined) {
    await sleep(pauseMs);
    return onKill(await service.kill());
  }
  const { holdId } = await control.holdAfterWrite({ n: afterWrite });
  try {
    await control.awaitHeld({ holdId, timeoutMs: heldPatienceMs }).catch(() => undefined);
    onKill(await service.kill());
  } finally {
    await control.dropHeld({ holdId });
  }
}
