// Webhooks on their way: through the real intake, which answers in time or does not. GitHub never tries twice by itself;
// it keeps a log of its attempts, and asks nobody but the sweep of the workers brings the others back.
import type { Probot } from 'probot';
import { createApp, type IntakePorts } from '../../src/app.ts';
import { ExternalError } from '../../src/engine/external-error.ts';
import type { DeliveryAttempt, DeliveryLogPort } from '../../src/engine/port/delivery-log.ts';
import { parseWebhook } from '../../src/webhook/parse-webhook.ts';
import type { Hub } from './hub.ts';
import type { Jobs } from './jobs.ts';
import type { Life } from './kernel.ts';
import { type Machine, wrapPort } from './machine.ts';
import { hashText } from './objects.ts';
import { home, toListedComment, type Webhook } from './payload.ts';

export interface Post {
  send(webhook: Webhook): void;
  /** How many were sent, whatever became of them. */
  sent(): number;
  /** Deliveries that will still come, by themselves or because the sweep asks for them. */
  count(): number;
  /** Nothing was said that never came. */
  isEverythingHeard(): boolean;
  /** Deliveries that came because they were asked for again. */
  redelivered(): number;
  readonly log: DeliveryLogPort;
  killWeb(): void;
}

type Handler = (delivery: { id: string; name: string; payload: unknown }) => Promise<void>;

interface Delivery {
  readonly guid: string;
  readonly webhook: Webhook;
  tries: number;
  inFlight: number;
  isKept: boolean;
}

/** GitHub waits this long for an answer. */
const patienceMs = 10_000;
/** After so many the sweep gives a delivery up. */
const triesAtMost = 5;
const webBootMs = 1_000;
const pageSize = 30;

export interface PostOffice extends Pick<IntakePorts, 'store' | 'log'> {
  readonly hub: () => Hub;
  readonly jobs: () => Jobs;
  readonly onAcknowledged: (id: string) => void;
  readonly onBug: (error: unknown) => void;
}

export function createPost(machine: Machine, office: PostOffice): Post {
  const { kernel } = machine;
  const deliveries = new Map<string, Delivery>();
  const attempts: DeliveryAttempt[] = [];
  let sent = 0;
  let isSilent = false;
  let redelivered = 0;
  let started = 0;
  let web = startWeb();

  function startWeb(): { life: Life; handle: Handler } {
    started += 1;
    const life = { name: `web${started}`, isDead: false, pausedUntil: 0 };
    const store = wrapPort(machine, life, { system: 'store', port: office.store });
    const queue = wrapPort(machine, life, { system: 'queue', port: office.jobs() });
    const { log } = office;
    return {
      life,
      handle: openIntake({
        store,
        queue,
        log,
        host: home.host,
        appId: home.appId,
        slug: () => home.slug,
        hash: hashText,
        proposesSettings: true,
        clock: kernel,
      }),
    };
  }

  machine.onCrash((life) => {
    if (life !== web.life) return;
    kernel.later(undefined, 'web starts again', webBootMs, () => {
      web = startWeb();
    });
  });

  const note = (delivery: Delivery, isOk: boolean) => {
    delivery.inFlight -= 1;
    delivery.isKept ||= isOk;
    const { guid, webhook } = delivery;
    attempts.push({ id: attempts.length + 1, guid, at: kernel.now(), isOk, what: webhook.label });
    if (isOk && isWanted(guid, webhook)) office.onAcknowledged(guid);
  };

  const attempt = (delivery: Delivery) => {
    const { guid, webhook } = delivery;
    machine.tell(`webhook ${guid} ${webhook.label}`);
    const { life, handle } = web;
    let isOver = false;
    const end = (isOk: boolean) => {
      if (isOver) return;
      isOver = true;
      cancel();
      note(delivery, isOk);
    };
    const cancel = kernel.later(undefined, `nobody answers ${guid}`, patienceMs, () => end(false));
    if (life.isDead) return end(false);
    handle({ id: guid, name: webhook.name, payload: webhook.payload }).then(
      () => end(true),
      (error) => {
        if (!(error instanceof ExternalError)) office.onBug(error);
        end(false);
      },
    );
  };

  const deliver = (delivery: Delivery, delayMs: number) => {
    delivery.tries += 1;
    delivery.inFlight += 1;
    kernel.later(undefined, `webhook ${delivery.guid}`, delayMs, () => attempt(delivery));
  };

  const isOpen = ({ isKept, tries, inFlight }: Delivery) => inFlight > 0 || (!isKept && tries < triesAtMost);

  return {
    count: () => [...deliveries.values()].filter(isOpen).length,
    isEverythingHeard: () => !isSilent && [...deliveries.values()].every(({ isKept }) => isKept),
    redelivered: () => redelivered,
    sent: () => sent,
    killWeb: () => machine.crash(web.life),

    send(webhook) {
      sent += 1;
      const mishap = office.jobs().take(webhook.name === 'push' ? 'push' : 'webhook');
      if (mishap) machine.tell(`webhook ${webhook.label} is ${mishap}`);
      // GitHub has incidents of its own, of which its log knows nothing.
      isSilent ||= mishap === 'lost_for_ever';
      if (mishap === 'lost_for_ever') return;
      const delivery = { guid: `d${sent}`, webhook, tries: 0, inFlight: 0, isKept: false };
      deliveries.set(delivery.guid, delivery);
      if (mishap === 'lost') {
        delivery.tries += 1;
        delivery.inFlight += 1;
        return note(delivery, false);
      }
      deliver(delivery, mishap === 'late' ? 9_000 : 80);
      if (mishap === 'doubled') deliver(delivery, 81);
    },

    log: {
      async list(from) {
        const end = from === undefined ? attempts.length : Number(from);
        const begin = Math.max(0, end - pageSize);
        const page = attempts.slice(begin, end).reverse();
        return { attempts: page, next: begin > 0 ? String(begin) : undefined, readAt: kernel.now() };
      },
      async redeliver(id) {
        const delivery = deliveries.get(attempts[id - 1]?.guid ?? '');
        if (!delivery) return;
        redelivered += 1;
        deliver(delivery, 200);
      },
      listComments: async (_repository, number, since) =>
        office
          .hub()
          .thread(number)
          .comments.filter(({ updatedAt }) => updatedAt >= since)
          .map(toListedComment),
      listLineComments: async (_repository, number, since) =>
        office
          .hub()
          .thread(number)
          .lineComments.filter(({ updatedAt }) => updatedAt >= since)
          .map((comment) => ({ ...toListedComment(comment), place: 'line' })),
      // Nobody is away for days here.
      listRepositoryComments: async () => [],
    },
  };
}

/** Whether an answer promises that something was kept. */
function isWanted(deliveryId: string, { name, payload }: Webhook): boolean {
  const { host, appId, slug } = home;
  return parseWebhook(name, payload, { host, appId, slug, deliveryId }).kind === 'event';
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
