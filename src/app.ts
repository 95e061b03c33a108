// The Probot function: every webhook is parsed, kept and answered; nothing is done about it here.
import type { Probot } from 'probot';
import { greetedAtMost, parseAddition } from './core/model/addition.ts';
import { toCensusName } from './core/model/base-watch.ts';
import { type Event, toEventId } from './core/model/event.ts';
import { toChoresId } from './core/model/subject.ts';
import { type Covering, createCovering } from './engine/cover-repositories.ts';
import type { ClockPort } from './engine/port/clock.ts';
import type { LogPort } from './engine/port/log.ts';
import type { QueuePort } from './engine/port/queue.ts';
import type { StorePort } from './engine/port/store.ts';
import { parseWebhook } from './webhook/parse-webhook.ts';

export interface IntakePorts {
  readonly store: StorePort;
  readonly queue: QueuePort;
  readonly log: LogPort;
  readonly host: string;
  readonly appId: number;
  /** Our App's name in logins; undefined while GitHub has not told it. */
  readonly slug: () => string | undefined;
  readonly hash: (text: string) => string;
  /** Whether repositories that have no settings are offered some. */
  readonly proposesSettings: boolean;
  readonly clock: Pick<ClockPort, 'now'>;
}

export function createApp(ports: IntakePorts): (app: Probot) => void {
  const { store, hash } = ports;
  const covering = createCovering({ store, hash, queue: { wake: (record) => wake(ports, record) } });
  return (app) => {
    app.onAny(async ({ id, name, payload }) => intake({ ...ports, covering }, { deliveryId: id, name, payload }));
  };
}

interface Delivery {
  readonly deliveryId: string;
  readonly name: string;
  readonly payload: unknown;
}

async function intake(
  ports: IntakePorts & { readonly covering: Covering },
  { deliveryId, name, payload }: Delivery,
): Promise<void> {
  const { host, appId } = ports;
  const parsed = parseWebhook(name, payload, { host, appId, slug: ports.slug(), deliveryId });
  // The same body gives the same text, whatever stood between its tokens.
  const source = { deliveryId, hookId: `app-${appId}`, bodyHash: ports.hash(JSON.stringify(payload)) };
  switch (parsed.kind) {
    case 'ignored':
      return ports.log.debug({ deliveryId, name, why: parsed.why }, 'a delivery was of no use');
    case 'installation': {
      const kept = await ports.store.intakeInstallation({
        ...source,
        installationId: parsed.installationId,
        change: parsed.change,
      });
      if (kept === 'mismatch') return refuse(ports, { deliveryId, name });
      ports.log.info({ deliveryId, name, kept }, 'a delivery about an installation');
      // Also one that is known: whoever took it first may have died before everybody was told.
      return await greet(ports, { ...source, installationId: parsed.installationId }, parsed.change);
    }
    case 'branch': {
      const { repository, branch, event } = parsed;
      const about = { name: toCensusName(repository, branch), repository, event: { id: toEventId(event), event } };
      const kept = await ports.store.intakeForCounted({ ...source, ...about });
      if (kept.kind === 'mismatch') return refuse(ports, { deliveryId, name });
      if (kept.kind !== 'kept') return ports.log.debug({ deliveryId, kept: kept.kind }, 'a push');
      ports.log.info({ deliveryId, branch, records: kept.records.length }, 'a push to a base');
      for (const record of kept.records) await wake(ports, record);
      return;
    }
    case 'event': {
      const { subject, repository, event, isOnlyForKnown } = parsed;
      const events = [{ id: toEventId(event), event }];
      const kept = await ports.store.intake({ ...source, subject, repository, events, isOnlyForKnown });
      if (kept.kind === 'mismatch') return refuse(ports, { deliveryId, name });
      ports.log.info({ deliveryId, name, subject: kept.subject, kept: kept.kind }, 'a delivery');
      if (kept.kind === 'kept') await wake(ports, kept.subject);
      // What its check says hangs on the settings: from now on somebody hears where they change.
      if (event.kind === 'pull_request_changed' && event.change === 'opened')
        await ports.covering.cover(repository, ports.clock.now());
    }
  }
}

interface Greeting {
  readonly deliveryId: string;
  readonly hookId: string;
  readonly bodyHash: string;
  readonly installationId: number;
}

/** Each repository that was given to us hears of it once, as a delivery of its own. */
async function greet(ports: IntakePorts, { installationId, ...source }: Greeting, change: unknown): Promise<void> {
  const added = parseAddition(change);
  if (!ports.proposesSettings || added.length === 0) return;
  if (added.length > greetedAtMost) {
    const about = { installationId, repositories: added.length };
    return ports.log.info(about, 'settings are proposed where the bot is used, since there are many repositories');
  }
  for (const { id, owner, name } of added) {
    const repository = { host: ports.host, id, owner, name, installationId };
    const deliveryId = `${source.deliveryId}/${id}`;
    const event: Event = { kind: 'installed', deliveryId };
    const kept = await ports.store.intake({
      ...source,
      deliveryId,
      repository,
      subject: toChoresId(repository),
      events: [{ id: toEventId(event), event }],
      isOnlyForKnown: false,
    });
    if (kept.kind === 'kept') await wake(ports, kept.subject);
  }
}

/** Its sender is told by the status, as with a wrong signature. */
class RefusedDelivery extends Error {
  override readonly name = 'RefusedDelivery';
  readonly status = 400;
}

/** Nobody but somebody who plays back a delivery changes what it says. */
function refuse({ log }: IntakePorts, { deliveryId, name }: Pick<Delivery, 'deliveryId' | 'name'>): never {
  log.warn({ deliveryId, name }, 'a delivery that is known came with another body; it was refused');
  throw new RefusedDelivery('a delivery with this id was kept with another body');
}

/** Best effort: what is kept is in the due-index, and the sweeper finds it there. */
async function wake(ports: IntakePorts, record: Parameters<QueuePort['wake']>[0]): Promise<void> {
  try {
    await ports.queue.wake(record);
  } catch (error) {
    ports.log.warn({ record, error: String(error) }, 'a wake was not queued; the sweeper will find it');
  }
}
