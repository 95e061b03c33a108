// The wire between an agent and the protocol's library. The agent runs next to the code of the repository and may have been
// taken over, and the library was made for agents that mean well: it prints what it does not understand, keeps what it
// cannot deliver and answers whatever asks. So only what is expected gets as far as the library.
import type { AnyMessage, JsonRpcId, Stream } from '@agentclientprotocol/sdk';
import { z } from 'zod';
import type { SandboxProcess } from '../../engine/port/sandbox.ts';
import { readJsonLines } from '../json-lines.ts';
import { cutRequest } from './cut-request.ts';

export interface AcpStreamOptions {
  readonly onActivity: () => void;
  /** The body of a `session/update`, as it came. */
  readonly onUpdate: (params: unknown) => void;
}

/** Longer lines hold whole files or conversations, which nobody here reads. */
const maxLineBytes = 4 * 1024 * 1024;
/** An agent that asks and does not read the answers gets no more of them. */
const maxUnreadBytes = 1024 * 1024;

const id = z.union([z.string().max(200), z.number().int()]);
const version = z.literal('2.0');
const absent = z.undefined().optional();
const call = { jsonrpc: version, method: z.string().max(200), params: z.unknown().optional() };
const fault = z.object({ code: z.number(), message: z.string(), data: z.unknown().optional() });
const message = z.union([
  z.object({ ...call, id }),
  z.object({ ...call, id: absent }),
  z.object({ jsonrpc: version, id, error: fault }),
  z.object({ jsonrpc: version, id, error: absent, result: z.unknown().optional() }),
]);

export function openAcpStream(process: SandboxProcess, { onActivity, onUpdate }: AcpStreamOptions): Stream {
  const asked = new Set<JsonRpcId>();
  const take = (value: unknown): AnyMessage | undefined => {
    const parsed = message.safeParse(value);
    if (!parsed.success) return undefined;
    const { data } = parsed;
    if (!('method' in data)) {
      if (!asked.delete(data.id)) return undefined;
      return data.error === undefined ? { jsonrpc: '2.0', id: data.id, result: data.result ?? null } : data;
    }
    if (data.id === undefined) {
      if (data.method === 'session/update') onUpdate(data.params);
      return undefined;
    }
    if (process.stdin.writableLength > maxUnreadBytes) return undefined;
    return { ...data, params: cutRequest(data.method, data.params) };
  };
  return {
    readable: new ReadableStream<AnyMessage>({
      start(controller) {
        readJsonLines(process.stdout, {
          maxLineBytes,
          onActivity,
          onValue: (value) => {
            // Nobody stands above this: what is thrown here would end the worker with everything that it runs.
            try {
              const taken = take(value);
              if (taken) controller.enqueue(taken);
            } catch {
              // The line is skipped, like one that is no JSON.
            }
          },
        });
      },
    }),
    writable: new WritableStream<AnyMessage>({
      write(sent) {
        if ('method' in sent && 'id' in sent) asked.add(sent.id);
        process.stdin.write(`${JSON.stringify(sent)}\n`);
      },
    }),
  };
}
