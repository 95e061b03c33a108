import type { FaultActions } from '../action/actions.ts';
import type { MatchDelivery } from '../action/fault-input.ts';
import type { DeliveryRule } from '../state/delivery.ts';
import type { Fault, FaultEffect } from '../state/fault.ts';
import { appOf } from '../state/find.ts';
import { notFound, Refusal } from '../state/refusal.ts';
import type { World } from '../state/world.ts';
import { releaseDeliveries, startRedelivery } from '../webhook/deliver.ts';

const defaultWaitMs = 10_000;

export function createFaultActions(world: World): FaultActions {
  const addRule = ({ event, action, count }: MatchDelivery, effect: DeliveryRule['effect']): void => {
    world.deliveryRules.push({ event, ...(action === undefined ? {} : { action }), remaining: count ?? 1, effect });
  };
  return {
    redeliver: async ({ deliveryId }) => {
      const past = world.deliveries.find(({ id }) => id === deliveryId);
      if (!past) throw notFound();
      return { deliveryId: startRedelivery(world, appOf(world, past.appId), past).id };
    },
    dropNextDelivery: async (input) => addRule(input, { kind: 'drop' }),
    duplicateNextDelivery: async (input) => addRule(input, { kind: 'duplicate' }),
    delayNextDelivery: async (input) => addRule(input, { kind: 'delay', delayMs: input.delayMs }),
    holdNextDelivery: async (input) => addRule(input, { kind: 'hold' }),
    releaseDeliveries: async () => ({ released: releaseDeliveries(world) }),
    settleDeliveries: async (input) => {
      const isSettled = () => world.deliveries.every(({ state }) => state !== 'pending');
      await waitUntil(world, { isDone: isSettled, timeoutMs: input.timeoutMs, what: 'deliveries to be answered' });
    },
    injectFault: async ({ route, count, effect }) => {
      const fault = {
        id: world.nextId(),
        route,
        remaining: count ?? 1,
        effect: withoutUndefined(effect),
        ended: Promise.withResolvers<void>(),
      };
      world.faults.push(fault);
      return { faultId: fault.id };
    },
    endFault: async ({ faultId }) => {
      const fault = world.faults.find(({ id }) => id === faultId);
      if (!fault) throw notFound();
      endFaults(world, [fault]);
    },
    clearFaults: async () => endFaults(world, world.faults),
    setOutage: async ({ isDown }) => {
      world.isDown = isDown;
    },
    setListLag: async ({ lagMs }) => {
      world.listLagMs = lagMs;
    },
    expireTokens: async () => {
      for (const token of world.tokens.values()) if (token.kind === 'installation') token.expiresAt = 0;
    },
    moveClock: async ({ byMs }) => world.moveClock(byMs),
    holdAfterWrite: async ({ n }) => ({ holdId: world.holds.arm(n).id }),
    awaitHeld: async ({ holdId, timeoutMs }) => {
      const hold = world.holds.get(holdId);
      const isDone = () => hold.state !== 'armed';
      await waitUntil(world, { isDone, timeoutMs, what: 'the write to be held' });
      const entry = world.requests.find(({ index }) => index === hold.requestIndex);
      if (!entry) throw notFound();
      return entry;
    },
    releaseHeld: async ({ holdId }) => world.holds.leave(holdId, 'released'),
    dropHeld: async ({ holdId }) => world.holds.leave(holdId, 'dropped'),
  };
}

/** They hit nothing more, and what one of them holds goes on. */
function endFaults(world: World, ended: readonly Fault[]): void {
  world.faults = world.faults.filter((fault) => !ended.includes(fault));
  for (const fault of ended) fault.ended.resolve();
}

/** zod's optional fields may be undefined; the fault's may only be absent. */
function withoutUndefined(effect: { kind: FaultEffect['kind'] }): FaultEffect {
  // The same shape, with undefined fields gone.
  return JSON.parse(JSON.stringify(effect)) as FaultEffect;
}

/** Looks again after every change; refuses with 408 when the time is up. */
async function waitUntil(
  world: World,
  of: { isDone: () => boolean; timeoutMs: number | undefined; what: string },
): Promise<void> {
  const deadline = performance.now() + (of.timeoutMs ?? defaultWaitMs);
  while (!of.isDone()) {
    const leftMs = deadline - performance.now();
    if (leftMs <= 0) throw new Refusal(408, `Waited too long for ${of.what}`);
    await world.changes.waitAfter(world.changes.last, leftMs);
  }
}
