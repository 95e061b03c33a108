import {
  generateText,
  type LanguageModel,
  type ModelMessage,
  NoObjectGeneratedError,
  NoOutputGeneratedError,
  Output,
} from 'ai';
import { z } from 'zod';
import type { DecideRequest } from '../engine/port/model.ts';
import { lenientSchema } from './language-model.ts';

export type Answer<Value> =
  | { readonly kind: 'good'; readonly value: Value; readonly raw: string }
  | { readonly kind: 'bad'; readonly raw: string; readonly complaints: readonly string[] };

export interface AskOptions<Value> {
  readonly model: LanguageModel;
  readonly request: DecideRequest<Value>;
  readonly messages: ModelMessage[];
  readonly signal: AbortSignal;
}

const maxComplaints = 12;

/** One answer, judged. Throws only when none could be had. */
export async function askOnce<Value>({ model, request, messages, signal }: AskOptions<Value>): Promise<Answer<Value>> {
  try {
    const result = await generateText({
      model,
      instructions: request.system,
      messages,
      output: Output.object({ schema: request.schema }),
      maxOutputTokens: request.maxOutputTokens,
      maxRetries: 0,
      abortSignal: signal,
      providerOptions: lenientSchema,
    });
    const { output: value, text: raw } = result;
    const complaints = request.validate?.(value) ?? [];
    return complaints.length === 0 ? { kind: 'good', value, raw } : { kind: 'bad', raw, complaints };
  } catch (error) {
    // A model that refused, or that spent all its tokens on thinking.
    if (NoOutputGeneratedError.isInstance(error)) return { kind: 'bad', raw: '', complaints: ['There was no answer.'] };
    if (!NoObjectGeneratedError.isInstance(error)) throw error;
    const raw = error.text ?? '';
    return { kind: 'bad', raw, complaints: findComplaints(request, raw, error.finishReason) };
  }
}

function findComplaints<Value>(
  request: DecideRequest<Value>,
  raw: string,
  finishReason: string | undefined,
): readonly string[] {
  if (finishReason === 'length')
    return [`The answer was cut off at ${request.maxOutputTokens} tokens: answer in fewer words.`];
  let value: unknown;
  try {
    value = JSON.parse(raw);
  } catch {
    return ['The answer is not JSON.'];
  }
  const { error } = request.schema.safeParse(value);
  const issues = error?.issues ?? [];
  return issues
    .slice(0, maxComplaints)
    .map(({ path, message }) => `${z.core.toDotPath(path) || 'the answer'}: ${message}`);
}
