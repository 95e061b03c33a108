// Webhooks on their way: through the real intake, which answers or does not. What was not answered is sent once more
// later, as the sweep of deliveries asks for it.
import type { Probot } from 'probot';
import { createApp, type IntakePorts } from '../../src/app.ts';
import { ExternalError } from '../../src/engine/external-error.ts';
import { parseWebhook } from '../../src/webhook/parse-webhook.ts';
import type { Jobs } from './jobs.ts';
import type { Life } from './kernel.ts';
import { type Machine, wrapPort } from './machine.ts';
import { hashText } from './objects.ts';
import { home, type Webhook } from './payload.ts';

export interface Post {
  send(webhook: Webhook): void;
  /** Deliveries that will still come. */
  count(): number;
}

type Handler = (delivery: { id: string; name: string; payload: unknown }) => Promise<void>;

const redeliverMs = 120_000;

export function createPost(
  machine: Machine,
  shared: Pick<IntakePorts, 'store' | 'log'> & {
    jobs: () => Jobs;
    onAcknowledged: (id: string) => void;
    onBug: (error: unknown) => void;
  },
): Post {
  const { kernel } = machine;
  let sent = 0;
  let started = 0;
  const open = new Set<string>();
  let web = startWeb();

  function startWeb(): { life: Life; handle: Handler } {
    started += 1;
    const life = { name: `web${started}`, isDead: false, pausedUntil: 0 };
    const store = wrapPort(machine, life, { system: 'store', port: shared.store });
    const queue = wrapPort(machine, life, { system: 'queue', port: shared.jobs() });
    return {
      life,
      handle: openIntake({ store, queue, log: shared.log, host: home.host, appId: home.appId, hash: hashText }),
    };
  }

  const failed = (id: string, webhook: Webhook) => {
    if (open.has(id)) kernel.later(undefined, `${webhook.label} comes again`, redeliverMs, () => deliver(id, webhook));
  };

  const deliver = (id: string, webhook: Webhook) => {
    machine.tell(`webhook ${webhook.label}`);
    const { life, handle } = web;
    if (life.isDead) return failed(id, webhook);
    const inFlight = (dead: Life) => dead === life && failed(id, webhook);
    waiting.add(inFlight);
    handle({ id, name: webhook.name, payload: webhook.payload }).then(
      () => {
        waiting.delete(inFlight);
        open.delete(id);
        if (isWanted(id, webhook)) shared.onAcknowledged(id);
      },
      (error) => {
        waiting.delete(inFlight);
        if (!(error instanceof ExternalError)) shared.onBug(error);
        failed(id, webhook);
      },
    );
  };

  const waiting = new Set<(dead: Life) => void>();
  machine.onCrash((life) => {
    if (life !== web.life) return;
    for (const tell of [...waiting]) tell(life);
    waiting.clear();
    kernel.later(undefined, 'web starts again', 1_000, () => {
      web = startWeb();
    });
  });

  return {
    count: () => open.size,
    send(webhook) {
      sent += 1;
      const id = `d${sent}`;
      const mishap = shared.jobs().take('webhook');
      if (mishap) machine.tell(`webhook ${webhook.label} is ${mishap}`);
      if (mishap === 'lost_for_ever') return;
      open.add(id);
      const delayMs = mishap === 'lost' ? redeliverMs : mishap === 'late' ? 9_000 : 80;
      kernel.later(undefined, `webhook ${webhook.label}`, delayMs, () => deliver(id, webhook));
      if (mishap === 'doubled')
        kernel.later(undefined, `webhook ${webhook.label} once more`, delayMs + 1, () => deliver(id, webhook));
    },
  };
}

/** Whether an answer promises that something was kept. */
function isWanted(deliveryId: string, { name, payload }: Webhook): boolean {
  return parseWebhook(name, payload, { host: home.host, appId: home.appId, deliveryId }).kind === 'event';
}

/** The Probot function with nothing of Probot: only the handler that it registers is wanted. */
function openIntake(ports: IntakePorts): Handler {
  let handler: Handler | undefined;
  const app = {
    onAny(given: Handler) {
      handler = given;
    },
  } as unknown as Probot;
  createApp(ports)(app);
  if (!handler) throw new Error('the app registers no handler');
  return handler;
}
