import type { SandboxProcess } from '../../engine/port/sandbox.ts';
import { readJsonLines } from '../json-lines.ts';
import { renderProcessEnd, withErrors } from '../process-end.ts';
import { cleanText, keepTail } from '../text-tail.ts';
import { type PiRecord, parsePiRecord } from './pi-record.ts';

interface PiCommand {
  readonly type: 'prompt' | 'steer' | 'abort' | 'clear_queue' | 'get_state';
  readonly message?: string;
}

type PiResponse =
  | { readonly success: true; readonly data: unknown }
  | { readonly success: false; readonly error: string };

export interface PiListener {
  onActivity(): void;
  onRecord(record: PiRecord): void;
}

/** Commands to and records from one pi process. */
export interface PiConnection {
  /** Answers with a failure when the process ends first. */
  request(command: PiCommand): Promise<PiResponse>;
  /** The one who hears what is not an answer; replaces an earlier listener. */
  listen(listener: PiListener | undefined): void;
  /** Resolves with a sentence when the process has ended. */
  readonly ended: Promise<string>;
  /** Asks the process to end, and ends it by force after `graceMs`. */
  close(graceMs: number): Promise<void>;
  kill(): Promise<void>;
}

/** Longer lines hold whole conversations, which are told message by message as well. */
const maxLineBytes = 4 * 1024 * 1024;

export function connectPi(process: SandboxProcess): PiConnection {
  const readErrors = keepTail(process.stderr, 400);
  const waiting = new Map<string, (response: PiResponse) => void>();
  let listener: PiListener | undefined;
  let requests = 0;

  readJsonLines(process.stdout, {
    maxLineBytes,
    onActivity: () => listener?.onActivity(),
    onValue: (value) => {
      const record = parsePiRecord(value);
      if (record?.type === 'response') {
        waiting.get(record.id)?.(
          record.success ? { success: true, data: record.data } : { success: false, error: record.error },
        );
        waiting.delete(record.id);
      } else if (record) listener?.onRecord(record);
    },
  });
  // Writing to a process that has just ended fails; its end is what is reported.
  process.stdin.on('error', () => {});

  const ended = process.end.then(
    (end) => withErrors(`the agent ${renderProcessEnd(end)}`, readErrors()),
    (error: unknown) => `the agent could not be run: ${cleanText(String(error), 400)}`,
  );
  return {
    ended,
    request(command) {
      requests += 1;
      const id = `request-${requests}`;
      const { promise, resolve } = Promise.withResolvers<PiResponse>();
      waiting.set(id, resolve);
      process.stdin.write(`${JSON.stringify({ ...command, id })}\n`);
      void ended.then((error) => resolve({ success: false, error }));
      return promise;
    },
    listen(next) {
      listener = next;
    },
    async close(graceMs) {
      process.stdin.end();
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, graceMs);
      await Promise.race([ended, promise]);
      clearTimeout(timer);
      await process.kill();
    },
    kill: () => process.kill(),
  };
}
