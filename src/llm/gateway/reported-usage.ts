// What the providers' own figures look like in each protocol. Unknown or malformed figures count as not told.
import { z } from 'zod';
import type { TokenCounts } from '../price.ts';
import type { Protocol } from './route.ts';

/** Figures told so far; later ones replace earlier ones, since all protocols report running totals. */
export type ReportedUsage = Partial<TokenCounts>;

export interface Report {
  readonly usage: ReportedUsage;
  /** True when the provider will tell nothing more: the figures are the bill. */
  readonly final: boolean;
}

const count = z.number().int().nonnegative().nullish().catch(undefined);
const anthropicUsage = z.looseObject({
  input_tokens: count,
  cache_read_input_tokens: count,
  cache_creation_input_tokens: count,
  output_tokens: count,
});
const openaiUsage = z.looseObject({
  prompt_tokens: count,
  completion_tokens: count,
  prompt_tokens_details: z.looseObject({ cached_tokens: count }).nullish().catch(undefined),
  input_tokens: count,
  output_tokens: count,
  input_tokens_details: z.looseObject({ cached_tokens: count }).nullish().catch(undefined),
});
const geminiUsage = z.looseObject({
  promptTokenCount: count,
  toolUsePromptTokenCount: count,
  cachedContentTokenCount: count,
  candidatesTokenCount: count,
  thoughtsTokenCount: count,
});
const answer = z.looseObject({
  type: z.string().optional().catch(undefined),
  message: z.looseObject({ usage: anthropicUsage.optional() }).optional().catch(undefined),
  response: z.looseObject({ usage: openaiUsage.nullish() }).optional().catch(undefined),
  usage: z.looseObject({}).nullish().catch(undefined),
  usageMetadata: geminiUsage.optional().catch(undefined),
  choices: z
    .array(z.looseObject({ finish_reason: z.unknown() }))
    .optional()
    .catch(undefined),
  candidates: z
    .array(z.looseObject({ finishReason: z.string().optional() }))
    .optional()
    .catch(undefined),
});
type Answer = z.infer<typeof answer>;

/** Reads one JSON value of an answer: a whole body, or one event of a stream. */
export function parseReport(protocol: Protocol, value: unknown, streamed: boolean): Report | undefined {
  const parsed = answer.safeParse(value);
  return parsed.success ? readers[protocol](parsed.data, streamed) : undefined;
}

const readers: Readonly<Record<Protocol, (answer: Answer, streamed: boolean) => Report | undefined>> = {
  anthropic: (body, streamed) => {
    const told = body.type === 'message_start' ? body.message?.usage : parse(anthropicUsage, body.usage);
    return told && { usage: readAnthropic(told), final: !streamed || body.type === 'message_delta' };
  },
  // The figures of a chat stream come last, without choices; some servers tell running totals up to the finish reason.
  chat: (body, streamed) => {
    const told = parse(openaiUsage, body.usage);
    const ended = body.choices?.every((choice) => typeof choice.finish_reason === 'string') ?? false;
    return told && { usage: readOpenai(told), final: !streamed || ended };
  },
  responses: (body) => {
    const told = body.response?.usage ?? parse(openaiUsage, body.usage);
    return told && { usage: readOpenai(told), final: true };
  },
  gemini: (body, streamed) =>
    body.usageMetadata && {
      usage: readGemini(body.usageMetadata),
      final: !streamed || (body.candidates?.some((candidate) => candidate.finishReason !== undefined) ?? false),
    },
};

function parse<Schema extends z.ZodType>(schema: Schema, value: unknown): z.infer<Schema> | undefined {
  if (value === undefined || value === null) return undefined;
  const parsed = schema.safeParse(value);
  return parsed.success ? parsed.data : undefined;
}

function readAnthropic(told: z.infer<typeof anthropicUsage>): ReportedUsage {
  return keepTold({
    inputTokens: told.input_tokens,
    cacheReadTokens: told.cache_read_input_tokens,
    cacheWriteTokens: told.cache_creation_input_tokens,
    outputTokens: told.output_tokens,
  });
}

function readOpenai(told: z.infer<typeof openaiUsage>): ReportedUsage {
  const input = told.prompt_tokens ?? told.input_tokens;
  const cached = (told.prompt_tokens_details ?? told.input_tokens_details)?.cached_tokens ?? 0;
  return keepTold({
    inputTokens: input === undefined || input === null ? undefined : Math.max(0, input - cached),
    cacheReadTokens: cached,
    outputTokens: told.completion_tokens ?? told.output_tokens,
  });
}

function readGemini(told: z.infer<typeof geminiUsage>): ReportedUsage {
  const cached = told.cachedContentTokenCount ?? 0;
  return keepTold({
    inputTokens: Math.max(0, (told.promptTokenCount ?? 0) + (told.toolUsePromptTokenCount ?? 0) - cached),
    cacheReadTokens: cached,
    outputTokens: (told.candidatesTokenCount ?? 0) + (told.thoughtsTokenCount ?? 0),
  });
}

function keepTold(figures: { [Key in keyof TokenCounts]?: number | null | undefined }): ReportedUsage {
  return Object.fromEntries(Object.entries(figures).filter(([, value]) => typeof value === 'number'));
}
