import { type Processor, UnrecoverableError } from 'bullmq';
import { ExternalError } from '../src/engine/external-error.ts';

/**
 * The one place where our errors become BullMQ's. Nothing is tried again by the queue: an action that ended without a
 * result is handed out anew by its subject when the lease is over, and a wake by the due-index, both bounded and known.
 */
export function toJobOutcome(process: Processor): Processor {
  return async (job, token, signal) => {
    try {
      return await process(job, token, signal);
    } catch (error) {
      if (error instanceof ExternalError) throw new UnrecoverableError(`${error.system}: ${error.message}`);
      throw error;
    }
  };
}
