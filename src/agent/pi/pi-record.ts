// The records that pi writes in RPC mode, as far as they are used. The process is untrusted: a record that does not
// have the expected shape is treated like one that is not known.
import { z } from 'zod';

const text = z.string().catch('');
const count = z.number().int().nonnegative().catch(0);

const record = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('response'),
    id: z.string(),
    success: z.boolean(),
    error: text,
    data: z.unknown().optional(),
  }),
  z.object({
    type: z.literal('message_update'),
    assistantMessageEvent: z.object({ type: z.string(), delta: text }),
  }),
  z.object({
    type: z.literal('message_end'),
    message: z.object({
      role: z.string(),
      stopReason: text,
      rawStopReason: text,
      errorMessage: text,
      content: z
        .union([
          z.string().transform((said) => [{ type: 'text', text: said }]),
          z.array(z.object({ type: text, text })),
        ])
        .catch([]),
      usage: z.object({ input: count, output: count }).catch({ input: 0, output: 0 }),
    }),
  }),
  z.object({
    type: z.literal('tool_execution_start'),
    toolCallId: text,
    toolName: text,
    args: z.record(z.string(), z.unknown()).catch({}),
  }),
  z.object({
    type: z.literal('tool_execution_end'),
    toolCallId: text,
    toolName: text,
    isError: z.boolean().catch(false),
  }),
  z.object({ type: z.literal('auto_retry_start'), errorMessage: text }),
  z.object({ type: z.literal('compaction_start'), reason: text }),
  z.object({
    type: z.literal('compaction_end'),
    reason: text,
    result: z.unknown().optional(),
    willRetry: z.boolean().catch(false),
    errorMessage: text,
  }),
  z.object({ type: z.literal('turn_start') }),
  z.object({ type: z.literal('turn_end') }),
  z.object({ type: z.literal('agent_settled') }),
]);

export type PiRecord = z.infer<typeof record>;
export type PiMessage = Extract<PiRecord, { type: 'message_end' }>['message'];

export function parsePiRecord(value: unknown): PiRecord | undefined {
  const parsed = record.safeParse(value);
  return parsed.success ? parsed.data : undefined;
}

const state = z.object({
  sessionId: z.string(),
  messageCount: count,
  model: z.object({ id: z.string() }),
});

/** What pi answers to `get_state`. */
export function parsePiState(value: unknown): z.infer<typeof state> | undefined {
  const parsed = state.safeParse(value);
  return parsed.success ? parsed.data : undefined;
}
