// A command that nobody delivered and that is found long after it was written. Whoever wrote it may have gone another way
// since, so nothing is started by it; what only ends or holds work is never too late.
import type { Command } from '../command/command.ts';
import { halts } from '../command/halts.ts';
import type { Event } from '../model/event.ts';
import { renderMoment } from '../reply/render-moment.ts';
import type { Draft } from './draft.ts';

/** How far back GitHub can deliver again, and with that how late a command may come. */
export const redeliveryWindowMs = 3 * 24 * 3_600_000;

type Commented = Extract<Event, { kind: 'commented' }>;

/** The answer to a command that comes too late; undefined for any other. */
export function refuseLate(draft: Draft, { deliveryId, writtenAt }: Commented, command: Command): string | undefined {
  // What was delivered was in time, however long we took over it.
  if (deliveryId !== undefined || writtenAt === undefined) return undefined;
  if (draft.now - writtenAt <= redeliveryWindowMs) return undefined;
  // A run that was started since is none that it could have meant.
  const { run } = draft.record;
  if (halts(command) && (run?.startedAt ?? 0) <= writtenAt) return undefined;
  return `This was written at ${renderMoment(writtenAt)} and did not reach Gatepilot: GitHub delivers nothing that is older than three days. Nothing was done about it; write it again if it is still wanted.`;
}
