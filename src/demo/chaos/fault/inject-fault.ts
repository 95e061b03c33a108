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
  /** Told of every outage that is over. */
  readonly onOutage: (outage: Outage) => void;
}

export interface Outage {
  readonly ms: number;
  /** Requests of the bot that were refused in it. */
  readonly met: number;
}

/** Resolves when the fault is in place, or has happened. */
export async function injectFault(stage: FaultStage, fault: Fault): Promise<void> {
  const { control, onOutage } = stage;
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
    case 'outage':
      return onOutage(await carryOutOutage(control, fault.ms));
  }
}

/** When nobody asks GitHub for anything, an outage goes on until somebody does: one that meets nobody is no test. */
const unmetPatienceMs = 30_000;

async function carryOutOutage(control: ControlClient, ms: number): Promise<Outage> {
  const after = (await control.readRequests({})).at(-1)?.index ?? 0;
  const countMet = async () => (await control.readRequests({ after })).filter(({ fault }) => fault === 'outage').length;
  const startedAt = Date.now();
  await control.setOutage({ isDown: true });
  try {
    await sleep(ms);
    while ((await countMet()) === 0 && Date.now() - startedAt < ms + unmetPatienceMs) await sleep(200);
  } finally {
    await control.setOutage({ isDown: false });
  }
  return { ms: Date.now() - startedAt, met: await countMet() };
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
