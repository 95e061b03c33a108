// How whoever works on an attempt hears what people say to its agents: the store is asked whether a decision told anything, and
// the record is read when one did. Nothing is pushed to workers, so that nothing can be lost on the way: it only takes a second.
import { listInstructions } from '../core/instruction/list-instructions.ts';
import type { Event } from '../core/model/event.ts';
import type { Instruction } from '../core/model/instruction.ts';
import type { Run } from '../core/model/run.ts';
import type { RecordId, SubjectId } from '../core/model/subject.ts';
import type { LogPort } from './port/log.ts';
import type { StorePort } from './port/store.ts';

export interface Ear {
  /** What an agent of the task is told, in order. While the store does not answer, what was known before. */
  listen(): Promise<readonly Instruction[]>;
  /** Tells the decision that an agent read them. */
  noteHeard(instructions: readonly Instruction[], isLive: boolean): void;
  /** Resolves when all that was noted is kept: the result of the attempt comes after it. */
  settled(): Promise<void>;
}

export interface Listener {
  readonly subject: SubjectId;
  readonly action: { readonly id: string; readonly task: string };
  readonly token: string;
  readonly signal: AbortSignal;
  inform(event: Extract<Event, { kind: 'instructed' }>): Promise<void>;
}

interface EarPorts {
  readonly store: Pick<StorePort, 'load' | 'readTold'>;
  readonly log: LogPort;
}

/** `run`: as it was when the action began. */
export function openEar(ports: EarPorts, listener: Listener, run: Run): Ear {
  const { subject, action, token, signal, inform } = listener;
  const noted: Promise<void>[] = [];
  let known: readonly Instruction[] = listInstructions(run, action.task);
  let toldAt: number | undefined;

  const warn = (error: unknown, what: string) => ports.log.warn({ actionId: action.id, error: String(error) }, what);
  const read = async () => {
    // Asked first: what is told in between is read again, and never missed.
    const told = await ports.store.readTold(subject);
    if (told === toldAt) return;
    if (told > 0) known = await readInForce(ports.store, { subject, runId: run.id, task: action.task });
    toldAt = told;
  };
  return {
    async listen() {
      if (signal.aborted) return known;
      const { promise: aborted, resolve } = Promise.withResolvers<void>();
      const giveUp = () => resolve();
      signal.addEventListener('abort', giveUp, { once: true });
      // Also while the store only stays silent: whoever has lost the attempt need not know.
      await Promise.race([read().catch((error) => warn(error, 'what people told agents could not be read')), aborted]);
      signal.removeEventListener('abort', giveUp);
      return known;
    },
    noteHeard(instructions, isLive) {
      const ids = instructions.map(({ id }) => id);
      const event = { kind: 'instructed', attempt: action.id, token, instructions: ids, isLive } as const;
      noted.push(inform(event).catch((error) => warn(error, 'that an agent heard something could not be kept')));
    },
    async settled() {
      await Promise.all(noted);
    },
  };
}

async function readInForce(
  store: Pick<StorePort, 'load'>,
  { subject, runId, task }: { readonly subject: RecordId & SubjectId; readonly runId: string; readonly task: string },
): Promise<readonly Instruction[]> {
  const { record } = await store.load(subject);
  return record?.run?.id === runId ? listInstructions(record.run, task) : [];
}
