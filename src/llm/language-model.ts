import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { extractJsonMiddleware, type LanguageModel, wrapLanguageModel } from 'ai';
import type { HostModelGrant, ModelProvider } from '../engine/port/model.ts';

/** The vendor client for one grant. It only ever sees the gateway's address and the grant's token. */
export function createLanguageModel(provider: ModelProvider, name: string, grant: HostModelGrant): LanguageModel {
  const baseURL = `${grant.baseUrl}/v1`;
  const model =
    provider === 'anthropic'
      ? createAnthropic({ baseURL, apiKey: grant.token })(name)
      : // Google is asked in the chat protocol too. Without structured outputs no schema would be sent at all.
        createOpenAICompatible({ name: 'gateway', baseURL, apiKey: grant.token, supportsStructuredOutputs: true })(
          name,
        );
  // Models like to fence their JSON.
  return wrapLanguageModel({ model, middleware: extractJsonMiddleware() });
}

/**
 * Strict mode refuses schemas with optional fields or bounds before any model sees them. Answers are checked here
 * anyway, so the schema is a strong hint and never a reason to fail.
 */
export const lenientSchema = { gateway: { strictJsonSchema: false } } as const;
