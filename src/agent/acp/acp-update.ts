// The updates that an agent sends during a turn, as far as they are used. One that does not have the expected shape is
// treated like one that is not known.
import { z } from 'zod';
import { shortList } from './short-list.ts';

const text = z.string().catch('');
const content = z.object({ type: z.string(), text }).catch({ type: '', text: '' });
const tool = {
  toolCallId: text,
  title: z.string().nullish().catch(undefined),
  name: z.string().nullish().catch(undefined),
  kind: z.string().nullish().catch(undefined),
  status: z.string().nullish().catch(undefined),
};

const update = z.discriminatedUnion('sessionUpdate', [
  z.object({ sessionUpdate: z.literal('agent_message_chunk'), content }),
  z.object({ sessionUpdate: z.literal('agent_thought_chunk'), content }),
  z.object({ sessionUpdate: z.literal('tool_call'), ...tool }),
  z.object({ sessionUpdate: z.literal('tool_call_update'), ...tool }),
  z.object({
    sessionUpdate: z.literal('available_commands_update'),
    availableCommands: shortList(z.object({ name: text })),
  }),
  z.object({ sessionUpdate: z.literal('session_info_update'), _meta: z.unknown().optional() }),
]);
const params = z.object({ sessionId: z.string(), update });

export type AcpUpdate = z.infer<typeof update>;
export type AcpToolUpdate = Extract<AcpUpdate, { sessionUpdate: 'tool_call' | 'tool_call_update' }>;

/** The session may be another than the one that was asked, such as one of a helper of the agent. */
export function parseAcpUpdate(value: unknown): { readonly sessionId: string; readonly body: AcpUpdate } | undefined {
  const parsed = params.safeParse(value);
  return parsed.success ? { sessionId: parsed.data.sessionId, body: parsed.data.update } : undefined;
}
