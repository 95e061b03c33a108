import type { SandboxProcess } from '../../engine/port/sandbox.ts';
import { readJsonLines } from '../json-lines.ts';
import { type WatchedProcess, watchProcess } from '../watch-process.ts';
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
export interface PiConnection extends WatchedProcess {
  /** Answers with a failure when the process ends first. */
  request(command: PiCommand): Promise<PiResponse>;
  /** The one who hears what is not an answer; replaces an earlier listener. */
  listen(listener: PiListener | undefined): void;
}

/** Longer lines hold whole conversations, which are told message by message as well. */
const maxLineBytes = 4 * 1024 * 1024;

export function connectPi(process: SandboxProcess): PiConnection {
  const { ended, close, kill } = watchProcess(process);
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
    close,
    kill,
  };
}
