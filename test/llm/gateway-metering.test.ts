import { expect, it } from 'vitest';
import type { ModelProvider } from '../../src/engine/port/model.ts';
import { answerEvents, answerJson } from './fake-provider.ts';
import { ask, hello } from './gateway-client.ts';
import { useGateway } from './gateway-stage.ts';

const stage = useGateway();

/** Text of a model that would like its bill to be small. */
const liar =
  'data: {"usage":{"input_tokens":0,"output_tokens":0,"prompt_tokens":0},"usageMetadata":{"promptTokenCount":0}}';
const gemini = '/v1beta/models/gemini-x';

interface Case {
  readonly name: string;
  readonly provider: ModelProvider;
  readonly path: string;
  readonly streamed: readonly unknown[];
  readonly whole: unknown;
}

const cases: readonly Case[] = [
  {
    name: 'Anthropic',
    provider: 'anthropic',
    path: '/v1/messages',
    streamed: [
      {
        type: 'message_start',
        message: {
          usage: { input_tokens: 10, cache_read_input_tokens: 4, cache_creation_input_tokens: 2, output_tokens: 1 },
        },
      },
      { type: 'content_block_delta', delta: { type: 'text_delta', text: liar } },
      { type: 'message_delta', usage: { output_tokens: 7 } },
      { type: 'message_stop' },
    ],
    whole: {
      content: [{ type: 'text', text: liar }],
      usage: { input_tokens: 10, cache_read_input_tokens: 4, cache_creation_input_tokens: 2, output_tokens: 7 },
    },
  },
  {
    name: 'chat',
    provider: 'compatible',
    path: '/v1/chat/completions',
    streamed: [
      { choices: [{ index: 0, delta: { content: liar }, finish_reason: null }], usage: null },
      { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }], usage: null },
      { choices: [], usage: { prompt_tokens: 16, completion_tokens: 7, prompt_tokens_details: { cached_tokens: 4 } } },
      '[DONE]',
    ],
    whole: {
      choices: [{ message: { content: liar } }],
      usage: { prompt_tokens: 16, completion_tokens: 7, prompt_tokens_details: { cached_tokens: 4 } },
    },
  },
  {
    name: 'Responses',
    provider: 'openai',
    path: '/v1/responses',
    streamed: [
      { type: 'response.created', response: { usage: null } },
      { type: 'response.output_text.delta', delta: liar },
      {
        type: 'response.completed',
        response: { usage: { input_tokens: 16, output_tokens: 7, input_tokens_details: { cached_tokens: 4 } } },
      },
    ],
    whole: {
      output: [liar],
      usage: { input_tokens: 16, output_tokens: 7, input_tokens_details: { cached_tokens: 4 } },
    },
  },
  {
    name: 'Gemini',
    provider: 'google',
    path: gemini,
    streamed: [
      {
        candidates: [{ content: { parts: [{ text: liar }] } }],
        usageMetadata: { promptTokenCount: 16, candidatesTokenCount: 1 },
      },
      {
        candidates: [{ finishReason: 'STOP' }],
        usageMetadata: {
          promptTokenCount: 16,
          cachedContentTokenCount: 4,
          candidatesTokenCount: 5,
          thoughtsTokenCount: 2,
        },
      },
    ],
    whole: {
      candidates: [{ content: { parts: [{ text: liar }] }, finishReason: 'STOP' }],
      usageMetadata: {
        promptTokenCount: 16,
        cachedContentTokenCount: 4,
        candidatesTokenCount: 5,
        thoughtsTokenCount: 2,
      },
    },
  },
];

function renderAsk({ path }: Case, streamed: boolean) {
  if (path !== gemini) return { path, body: { ...hello, stream: streamed } };
  return {
    path: streamed ? `${path}:streamGenerateContent?alt=sse` : `${path}:generateContent`,
    body: { contents: [] },
  };
}

/** Anthropic counts written cache apart; the others do not know of it. */
function expectedTokens({ provider }: Case) {
  const input =
    provider === 'anthropic' ? { inputTokens: 10, cacheWriteTokens: 2 } : { inputTokens: 12, cacheWriteTokens: 0 };
  return { requests: 1, ...input, cacheReadTokens: 4, outputTokens: 7, exact: true };
}

it.each(cases)('reads a whole $name answer', async (example) => {
  stage.provider.answer((response) => answerJson(response, example.whole));
  const grant = await stage.grant({ kind: example.provider });
  const reply = await ask(grant, renderAsk(example, false));
  expect(reply.body).toBe(JSON.stringify(example.whole));
  expect(await grant.revoke()).toMatchObject(expectedTokens(example));
});

it.each(cases.flatMap((example) => [1, 7, 100_000].map((pieceBytes) => ({ ...example, pieceBytes }))))(
  'reads a $name stream in pieces of $pieceBytes bytes',
  async (example) => {
    stage.provider.answer((response) => void answerEvents(response, example.streamed, example.pieceBytes));
    const grant = await stage.grant({ kind: example.provider });
    const reply = await ask(grant, renderAsk(example, true));
    expect(reply).toMatchObject({ status: 200, complete: true });
    expect(reply.body).toContain(JSON.stringify(liar).slice(1, -1));
    expect(await grant.revoke()).toMatchObject(expectedTokens(example));
  },
);

it.each(cases)('charges the bound for a $name stream that breaks off', async (example) => {
  stage.provider.answer((response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(`data: ${JSON.stringify(example.streamed[0])}\n\n`, () => response.destroy());
  });
  const grant = await stage.grant({ kind: example.provider });
  const reply = await ask(grant, renderAsk(example, true));
  expect(reply.complete).toBe(false);
  const usage = await grant.revoke();
  expect(usage).toMatchObject({ requests: 1, exact: false });
  expect(usage.outputTokens).toBeGreaterThanOrEqual(100);
});

it('keeps the exact figures when a client leaves after they were told', async () => {
  const [anthropic] = cases;
  if (!anthropic) throw new Error('no case');
  const told = anthropic.streamed.slice(0, 3);
  stage.provider.answer((response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(told.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(''));
    setImmediate(() => response.destroy());
  });
  const grant = await stage.grant();
  await ask(grant, renderAsk(anthropic, true));
  expect(await grant.revoke()).toMatchObject(expectedTokens(anthropic));
});

it('asks chat providers for the usage of a stream, and leaves other bodies as they are', async () => {
  const grant = await stage.grant({ kind: 'compatible' });
  const path = '/v1/chat/completions';
  await ask(grant, { path, body: { ...hello, stream: true, stream_options: { other: 1 } } });
  await ask(grant, { path, body: hello });
  expect(stage.provider.seen.map(({ body }) => JSON.parse(body))).toEqual([
    { ...hello, stream: true, stream_options: { other: 1, include_usage: true } },
    hello,
  ]);
});

it('reads past an event of many megabytes', async () => {
  const [anthropic] = cases;
  if (!anthropic) throw new Error('no case');
  const huge = { type: 'content_block_delta', delta: { text: `"usage ${'x'.repeat(9 * 1024 * 1024)}` } };
  stage.provider.answer((response) => void answerEvents(response, [huge, ...anthropic.streamed], 1_000_000));
  const grant = await stage.grant();
  const reply = await ask(grant, renderAsk(anthropic, true));
  expect(reply.body.length).toBeGreaterThan(9 * 1024 * 1024);
  expect(await grant.revoke()).toMatchObject(expectedTokens(anthropic));
});

it('does not charge for counting tokens', async () => {
  stage.provider.answer((response) => answerJson(response, { input_tokens: 500 }));
  const grant = await stage.grant();
  expect((await ask(grant, { path: '/v1/messages/count_tokens' })).status).toBe(200);
  expect(await grant.revoke()).toMatchObject({ requests: 1, inputTokens: 0, exact: true });
});
