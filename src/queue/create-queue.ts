// Producers of BullMQ jobs. A job is a hint: it may be lost, doubled or late, and the store stays right.
import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { z } from 'zod';
import type { RecordId } from '../core/model/subject.ts';
import { ExternalError } from '../engine/external-error.ts';
import type { LogPort } from '../engine/port/log.ts';
import type { QueuePort } from '../engine/port/queue.ts';
import type { ActionJob, AdvanceJob } from './job-data.ts';
import { queueNames, toQueueName } from './queue-name.ts';

export interface ClosableQueue extends QueuePort {
  close(): Promise<void>;
}

/** No finished job is kept, failed ones neither: an id that is kept would swallow every later job of the same name. */
const lifetime = { removeOnComplete: true, removeOnFail: true } as const;

export function createQueue(connection: Redis, options: { prefix: string; log: LogPort }): ClosableQueue {
  const { prefix, log } = options;
  const queues = new Map(queueNames.map((name) => [name, new Queue(name, { connection, prefix })]));
  for (const [name, queue] of queues)
    queue.on('error', (error) => log.warn({ queue: name, error: error.message }, 'a queue'));
  const open = (name: (typeof queueNames)[number]) => {
    const queue = queues.get(name);
    if (!queue) throw new Error(`no queue "${name}"`);
    return queue;
  };
  const wake = async (subject: RecordId) => {
    const data: AdvanceJob = { subject };
    const deduplication = { id: subject, keepLastIfActive: true };
    await guard(() => open('advance').add('advance', data, { ...lifetime, deduplication }));
  };
  return {
    wake,

    async wakeAfresh(record) {
      // A look that is under way all the same runs beside the new one, and the save lets one of them through.
      await guard(() => open('advance').removeDeduplicationKey(record));
      await wake(record);
    },

    async dispatch(subject, action, dispatch, delayMs) {
      const data: z.input<typeof ActionJob> = { subject, actionId: action.id, dispatch, kind: action.kind };
      const options = {
        ...lifetime,
        jobId: toJobId(subject, action.id, dispatch),
        ...(delayMs > 0 ? { delay: delayMs } : {}),
      };
      await guard(() => open(toQueueName(action)).add(action.kind, data, options));
    },

    async close() {
      await Promise.all([...queues.values()].map((queue) => queue.close()));
    },
  };
}

/** Deterministic, so that a connection that drops in the middle of an add cannot double a job. No colons allowed. */
function toJobId(subject: string, actionId: string, dispatch: number): string {
  return `${subject}/${actionId}/${dispatch}`.replaceAll(':', '_');
}

async function guard(add: () => Promise<unknown>): Promise<void> {
  try {
    await add();
  } catch (cause) {
    throw new ExternalError({ system: 'redis', message: 'a job could not be queued', retry: 'soon', cause });
  }
}
