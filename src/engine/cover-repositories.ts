// Repositories that the App covers and that nobody looks after yet, whatever became of the webhooks about them: of each the open pull
// requests are looked at from then on.
import { type Event, toEventId } from '../core/model/event.ts';
import { type Repository, toChoresId, toRepositoryKey } from '../core/model/subject.ts';
import type { QueuePort } from './port/queue.ts';
import type { StorePort } from './port/store.ts';
import { UnreadableRecord } from './port/unreadable-record.ts';

export interface CoverPorts {
  readonly store: Pick<StorePort, 'intake' | 'loadChores'>;
  readonly queue: Pick<QueuePort, 'wake'>;
  readonly hash: (text: string) => string;
}

/** A repository may be taken away and given back in between. */
const rememberedMs = 3_600_000;

export interface Covering {
  cover(repository: Repository, now: number): Promise<void>;
}

/** Remembers who is looked after, so that a round costs nothing for them. */
export function createCovering(ports: CoverPorts): Covering {
  const known = new Map<string, number>();
  return {
    async cover(repository, now) {
      const key = toRepositoryKey(repository);
      const at = known.get(key);
      if (at !== undefined && at <= now && now - at < rememberedMs) return;
      if (!(await isLookedAfter(ports, repository))) await begin(ports, repository, `covered/${key}/${now}`);
      known.set(key, now);
    },
  };
}

async function isLookedAfter({ store }: CoverPorts, repository: Repository): Promise<boolean> {
  try {
    const { record, isNewer } = await store.loadChores(toChoresId(repository));
    return isNewer || record?.pulls !== undefined;
  } catch (error) {
    // Whoever looks at it says so.
    if (error instanceof UnreadableRecord) return true;
    throw error;
  }
}

async function begin({ store, queue, hash }: CoverPorts, repository: Repository, deliveryId: string): Promise<void> {
  const event: Event = { kind: 'covered', deliveryId };
  const kept = await store.intake({
    deliveryId,
    hookId: 'covered',
    bodyHash: hash(deliveryId),
    subject: toChoresId(repository),
    repository,
    events: [{ id: toEventId(event), event }],
    isOnlyForKnown: false,
  });
  await queue.wake(kept.subject);
}
