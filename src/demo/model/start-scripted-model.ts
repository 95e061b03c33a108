// A model server that plays scenarios over the real protocols (chat, Responses, Anthropic, Gemini), for the demo and for
// tests. Nothing of the bot knows of it: it is one more provider behind the gateway.
import { setTimeout as sleep } from 'node:timers/promises';
import { type ChatCompletionRequest, createServer, type Fixture, type FixtureResponse } from '@copilotkit/aimock';
import { parseConversation } from './conversation.ts';
import { type Answer, createPlayer, type Played } from './player.ts';
import type { Scenario } from './scenario.ts';

/** Every answer costs the same, so that whole runs cost what can be worked out beforehand. */
export const scriptedUsage = { inputTokens: 1000, outputTokens: 50 } as const;

interface ScriptedCall {
  readonly run: string;
  readonly role: string;
  readonly model: string;
  readonly attempt: number;
  readonly step: number | undefined;
  readonly kind: Answer['kind'];
  readonly prompt: string;
  readonly tools: readonly string[];
}

export interface ScriptedModelOptions {
  readonly scenario?: Scenario;
  /** Takes precedence. Run ids are random, so a marker in the prompt is the usual way to choose. */
  readonly scenarioFor?: (call: { run: string; role: string; prompt: string }) => Scenario | undefined;
  /** Requests with another key are answered with 401. */
  readonly apiKey: string;
  /** 0 for any free one. */
  readonly port?: number;
  /** Working folder of agents that only take absolute paths. */
  readonly workspace?: string;
}

export interface ScriptedModel {
  readonly url: string;
  /** The latest calls, oldest first. */
  readonly log: readonly ScriptedCall[];
  stop(): Promise<void>;
}

const maxLogged = 500;

export async function startScriptedModel(options: ScriptedModelOptions): Promise<ScriptedModel> {
  const player = createPlayer({ workspace: options.workspace ?? '/workspace' });
  const log: ScriptedCall[] = [];
  const stopped = new AbortController();

  const plays = new WeakMap<ChatCompletionRequest, Played>();
  const play = (request: ChatCompletionRequest): Played => {
    const known = plays.get(request);
    if (known) return known;
    const conversation = parseConversation(request);
    const { run, role, model, prompt, attempt, tools } = conversation;
    const played = player.play(options.scenarioFor?.(conversation) ?? options.scenario ?? {}, conversation);
    plays.set(request, played);
    log.push({ run, role, model, attempt, step: played.step, kind: played.answer.kind, prompt, tools });
    if (log.length > maxLogged) log.shift();
    return played;
  };
  const response = async (request: ChatCompletionRequest): Promise<FixtureResponse> => {
    const { answer, waitMs } = play(request);
    if (waitMs > 0) await sleep(waitMs, undefined, { signal: stopped.signal });
    if (answer.kind === 'hang') await new Promise((resolve) => stopped.signal.addEventListener('abort', resolve));
    return renderResponse(answer, request.model);
  };

  // Whether a stream is broken off belongs to the fixture, not to its response: hence two. The latency makes the first
  // parts leave before the end comes.
  const fixtures: Fixture[] = [
    { match: { predicate: (request) => play(request).isCut }, truncateAfterChunks: 2, latency: 10, response },
    { match: {}, response },
  ];
  const { server, url } = await createServer(fixtures, {
    port: options.port ?? 0,
    logLevel: 'silent',
    journalMaxEntries: 1,
    auth: { apiKeys: [options.apiKey] },
  });
  server.prependListener('request', ({ headers }) => {
    const identity = headers['x-gatepilot-role'];
    if (identity !== undefined) headers['x-aimock-context'] = identity;
  });

  return {
    url,
    log,
    stop: () =>
      new Promise((resolve) => {
        stopped.abort();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function renderResponse(answer: Answer, model: string): FixtureResponse {
  switch (answer.kind) {
    case 'text':
      return { content: answer.text, usage };
    case 'tool': {
      const { id, call } = answer;
      const toolCalls = [{ id, name: call.name, arguments: JSON.stringify(call.arguments) }];
      // A real Gemini ends a tool call like any other answer, and its clients know no other reason.
      return { toolCalls, usage, ...(/gemini/i.test(model) && { finishReason: 'stop' }) };
    }
    case 'fail':
      return {
        error: { message: answer.message, type: errorTypes[answer.status] ?? 'api_error' },
        status: answer.status,
        ...(answer.retryAfterSeconds !== undefined && { retryAfter: answer.retryAfterSeconds }),
      };
    case 'hang':
      return { error: { message: 'the scripted model was stopped' }, status: 503 };
  }
}

const errorTypes: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  429: 'rate_limit_error',
  529: 'overloaded_error',
};

/** The same figures under the names that each protocol gives them. */
const usage = {
  prompt_tokens: scriptedUsage.inputTokens,
  completion_tokens: scriptedUsage.outputTokens,
  input_tokens: scriptedUsage.inputTokens,
  output_tokens: scriptedUsage.outputTokens,
  promptTokenCount: scriptedUsage.inputTokens,
  candidatesTokenCount: scriptedUsage.outputTokens,
};
