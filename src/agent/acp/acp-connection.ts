import { type AgentRequestMethod, client, methods, RequestError } from '@agentclientprotocol/sdk';
import type { SandboxProcess } from '../../engine/port/sandbox.ts';
import { cleanText } from '../text-tail.ts';
import { type WatchedProcess, watchProcess } from '../watch-process.ts';
import { openAcpStream } from './acp-stream.ts';
import { type AcpUpdate, parseAcpUpdate } from './acp-update.ts';
import { answerPermission } from './answer-permission.ts';
import { toJsonText } from './to-json-text.ts';

export type AcpAnswer =
  | { readonly kind: 'result'; readonly value: unknown }
  | { readonly kind: 'refused'; readonly code: number; readonly message: string }
  /** The process ended first. */
  | { readonly kind: 'ended'; readonly message: string };

export interface AcpListener {
  onActivity(): void;
  onUpdate(update: { readonly sessionId: string; readonly body: AcpUpdate }): void;
}

/** Requests to and updates from one process that speaks the Agent Client Protocol. */
export interface AcpConnection extends WatchedProcess {
  /** Never rejects. */
  request(method: AgentRequestMethod, params: Readonly<Record<string, unknown>>): Promise<AcpAnswer>;
  cancel(sessionId: string): void;
  /** Commands of the agent's own, as it last told them: mostly before it is asked for anything. */
  readonly commands: ReadonlySet<string>;
  /** The one who hears what is not an answer; replaces an earlier listener. */
  listen(listener: AcpListener | undefined): void;
}

/** Of the protocol: "Authentication required". */
export const authRequired = -32_000;

export function connectAcp(process: SandboxProcess, access: 'read-only' | 'read-write'): AcpConnection {
  const { ended, close, kill } = watchProcess(process);
  const commands = new Set<string>();
  let listener: AcpListener | undefined;
  const { agent } = client({ name: 'gatepilot' })
    .onRequest(methods.client.session.requestPermission, ({ params }) => answerPermission(params, access))
    .connect(
      openAcpStream(process, {
        onActivity: () => listener?.onActivity(),
        onUpdate: (params) => {
          const update = parseAcpUpdate(params);
          if (update?.body.sessionUpdate === 'available_commands_update') {
            commands.clear();
            for (const { name } of update.body.availableCommands) commands.add(name.slice(0, 100));
          } else if (update) listener?.onUpdate(update);
        },
      }),
    );
  return {
    commands,
    ended,
    request(method, params) {
      const answer = agent.request<unknown>(method, params).then(
        (value): AcpAnswer => ({ kind: 'result', value }),
        (error: unknown): AcpAnswer => ({ kind: 'refused', ...renderRefusal(error) }),
      );
      return Promise.race([answer, ended.then((message): AcpAnswer => ({ kind: 'ended', message }))]);
    },
    cancel(sessionId) {
      void agent.notify(methods.agent.session.cancel, { sessionId }).catch(() => {});
    },
    listen(next) {
      listener = next;
    },
    close,
    kill,
  };
}

/** Where an agent puts what the model said is its own affair: everything that is text is looked through. */
function renderRefusal(error: unknown): { code: number; message: string } {
  if (!(error instanceof RequestError)) return { code: 0, message: cleanText(String(error), 500) };
  const details = typeof error.data === 'string' ? error.data : toJsonText(error.data ?? '');
  const words = details === '""' || details === '' ? error.message : `${error.message}: ${details}`;
  // An HTTP status in place of a code of the protocol.
  const status = error.code >= 400 && error.code < 600 ? `${error.code} ` : '';
  return { code: error.code, message: `${status}${cleanText(words.slice(0, 2_000), 2_000).slice(0, 500)}` };
}
