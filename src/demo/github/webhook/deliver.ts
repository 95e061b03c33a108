// Sends webhooks: signed, asynchronous, once. GitHub never tries again by itself, so nothing here does.
import { createHmac, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { App } from '../state/app.ts';
import type { Delivery, DeliveryRule } from '../state/delivery.ts';
import type { World } from '../state/world.ts';

/** GitHub gives a receiver this long. */
const answerTimeoutMs = 10_000;

export interface NewDelivery {
  readonly app: App;
  readonly event: string;
  readonly action: string | null;
  readonly installationId: number | null;
  readonly repositoryId: number | null;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Logs the delivery and sends it, unless a rule says otherwise. Returns at once. */
export function startDelivery(world: World, delivery: NewDelivery): void {
  if (delivery.app.webhookUrl === null) return;
  const logged = logDelivery(world, delivery, { guid: randomUUID(), redelivery: false });
  const rule = takeRule(world, delivery);
  switch (rule?.effect.kind) {
    case undefined:
      void send(world, delivery.app, logged);
      return;
    case 'drop':
      settle(world, logged, { state: 'dropped', ...unreachable });
      return;
    case 'duplicate':
      void send(world, delivery.app, logged);
      void send(world, delivery.app, logDelivery(world, delivery, { guid: logged.guid, redelivery: false }));
      return;
    case 'delay':
      void sleep(rule.effect.delayMs).then(() => send(world, delivery.app, logged));
      return;
    case 'hold':
      logged.state = 'held';
      world.heldDeliveries.push(() => void send(world, delivery.app, logged));
      return;
  }
}

/** The same event once more, with the same GUID and payload. */
export function startRedelivery(world: World, app: App, past: Delivery): Delivery {
  const again = logDelivery(
    world,
    { ...past, app, payload: past.request.payload },
    { guid: past.guid, redelivery: true },
  );
  // The way to the App may still be closed; other rules are for what is new.
  if (takeRule(world, again, 'drop')) settle(world, again, { state: 'dropped', ...unreachable });
  else void send(world, app, again);
  return again;
}

export function releaseDeliveries(world: World): number {
  const waiting = world.heldDeliveries.splice(0);
  for (const start of waiting) start();
  return waiting.length;
}

function takeRule(
  world: World,
  delivery: Pick<NewDelivery, 'event' | 'action'>,
  only?: DeliveryRule['effect']['kind'],
): DeliveryRule | undefined {
  const rule = world.deliveryRules.find(
    ({ remaining, event, action, effect }) =>
      remaining > 0 &&
      (only === undefined || only === effect.kind) &&
      (event === '*' || event === delivery.event) &&
      (action === undefined || action === delivery.action),
  );
  if (rule) rule.remaining -= 1;
  return rule;
}

function logDelivery(world: World, delivery: NewDelivery, how: { guid: string; redelivery: boolean }): Delivery {
  const { app, payload, event, action, installationId, repositoryId } = delivery;
  const logged: Delivery = {
    id: world.nextId(),
    ...how,
    appId: app.id,
    event,
    action,
    installationId,
    repositoryId,
    deliveredAt: world.now(),
    state: 'pending',
    status: 'pending',
    statusCode: 0,
    durationMs: 0,
    request: { headers: headersOf(app, { event, guid: how.guid, body: JSON.stringify(payload) }), payload },
    response: null,
  };
  world.addDelivery(logged);
  return logged;
}

function headersOf(app: App, of: { event: string; guid: string; body: string }): Record<string, string> {
  const sign = (algorithm: string) =>
    `${algorithm}=${createHmac(algorithm, app.webhookSecret ?? '')
      .update(of.body)
      .digest('hex')}`;
  return {
    Accept: '*/*',
    'Content-Type': 'application/json',
    'User-Agent': 'GitHub-Hookshot/local',
    'X-GitHub-Delivery': of.guid,
    'X-GitHub-Event': of.event,
    'X-GitHub-Hook-ID': String(app.hookId),
    'X-GitHub-Hook-Installation-Target-ID': String(app.id),
    'X-GitHub-Hook-Installation-Target-Type': 'integration',
    ...(app.webhookSecret === null ? {} : { 'X-Hub-Signature': sign('sha1'), 'X-Hub-Signature-256': sign('sha256') }),
  };
}

const unreachable = { status: 'failed to connect to host', statusCode: 502 };

async function send(world: World, app: App, delivery: Delivery): Promise<void> {
  const startedAt = performance.now();
  delivery.state = 'pending';
  const outcome = await post(app.webhookUrl ?? '', delivery);
  delivery.durationMs = performance.now() - startedAt;
  settle(world, delivery, outcome);
}

async function post(url: string, delivery: Delivery): Promise<Outcome> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: delivery.request.headers,
      body: JSON.stringify(delivery.request.payload),
      signal: AbortSignal.timeout(answerTimeoutMs),
      redirect: 'manual',
    });
    delivery.response = { headers: Object.fromEntries(response.headers), body: await response.text() };
    const statusCode = response.status;
    return response.ok
      ? { state: 'delivered', status: 'OK', statusCode }
      : { state: 'failed', status: `Invalid HTTP Response: ${statusCode}`, statusCode };
  } catch (error) {
    const timedOut = error instanceof DOMException && error.name === 'TimeoutError';
    return { state: 'failed', ...(timedOut ? { status: 'timed out', statusCode: 504 } : unreachable) };
  }
}

type Outcome = Pick<Delivery, 'state' | 'status' | 'statusCode'>;

function settle(world: World, delivery: Delivery, outcome: Outcome): void {
  Object.assign(delivery, outcome);
  const detail = `${delivery.event}${delivery.action ? `.${delivery.action}` : ''}: ${outcome.status}`;
  world.changes.add({ at: world.now(), kind: 'delivery', detail });
}
