import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { parseJson } from './parse-json.ts';
import { findRefusedFeature } from './refused-feature.ts';
import type { Route } from './route.ts';

const count = z.number().int().nonnegative().max(100_000_000).nullish();
const bodySchema = z.looseObject({
  model: z.string().min(1).max(256).optional(),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({}).nullish(),
  max_tokens: count,
  max_completion_tokens: count,
  max_output_tokens: count,
  generationConfig: z.looseObject({ maxOutputTokens: count }).nullish(),
});

/** Without a limit of its own a request may be answered with this much. */
const defaultOutputTokens = 32_000;

export interface ModelRequest {
  readonly model: string;
  readonly body: Buffer;
  /** Upper bound of what the request can use: a token is at least one byte long. */
  readonly bound: { readonly inputTokens: number; readonly outputTokens: number };
}

/** The whole body, or undefined as soon as it is longer than allowed. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    size += chunk.length;
    if (size > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** A request of the right shape, or the sentence that says what is wrong with it. */
export function parseModelRequest(route: Route, body: Buffer): ModelRequest | string {
  const parsed = bodySchema.safeParse(parseJson(body.toString('utf8')));
  if (!parsed.success) return 'the body is not a model request';
  const fields = parsed.data;
  const refused = findRefusedFeature(route.protocol, fields);
  if (refused !== undefined) return `not available here: ${refused}`;
  const model = route.model ?? fields.model;
  if (!model) return 'the body names no model';
  const askedFor =
    fields.max_tokens ??
    fields.max_completion_tokens ??
    fields.max_output_tokens ??
    fields.generationConfig?.maxOutputTokens ??
    defaultOutputTokens;
  return {
    model,
    body: route.protocol === 'chat' ? withStreamUsage(fields, body) : body,
    bound: { inputTokens: body.length, outputTokens: askedFor },
  };
}

/** Chat streams tell their usage only when asked to, so the gateway always asks. */
function withStreamUsage(fields: z.infer<typeof bodySchema>, body: Buffer): Buffer {
  if (fields.stream !== true || fields.stream_options?.include_usage === true) return body;
  return Buffer.from(JSON.stringify({ ...fields, stream_options: { ...fields.stream_options, include_usage: true } }));
}
