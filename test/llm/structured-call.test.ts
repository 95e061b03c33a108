import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ExternalError } from '../../src/engine/external-error.ts';
import { type DecideRequest, type ModelProvider, OutOfBudget } from '../../src/engine/port/model.ts';
import { createModel } from '../../src/llm/structured-call.ts';
import { answerJson } from './fake-provider.ts';
import { useGateway } from './gateway-stage.ts';

const schema = z.object({ title: z.string(), risk: z.number().int().min(1).max(5), note: z.string().optional() });
type Plan = z.infer<typeof schema>;
const good: Plan = { title: 'Add slugify', risk: 2 };
const request: DecideRequest<Plan> = {
  run: 'run-1',
  role: 'planner',
  schema,
  system: 'You plan.',
  prompt: 'Plan the issue.',
  maxOutputTokens: 500,
  timeoutMs: 10_000,
};

const stage = useGateway();

async function startModel(kind: ModelProvider = 'anthropic') {
  const gateway = await stage.start({ kind, prices: { m: { input: 1, output: 2 } } });
  return createModel({ gateway, models: ['m'], backoffMs: 5 });
}

/** Answers the requests one after another; the last one again and again. */
function script(...steps: readonly (string | number)[]) {
  stage.provider.answer((response) => {
    const step = steps[Math.min(stage.provider.seen.length, steps.length) - 1] ?? '';
    if (typeof step === 'number')
      return answerJson(response, { type: 'error', error: { type: 'api_error', message: 'scripted' } }, step, {
        'retry-after': '0',
      });
    const content = [{ type: 'text', text: step }];
    const usage = { input_tokens: 100, output_tokens: 10 };
    answerJson(response, {
      id: 'x',
      type: 'message',
      role: 'assistant',
      model: 'm',
      content,
      stop_reason: 'end_turn',
      usage,
    });
  });
}

async function failure(deciding: Promise<unknown>): Promise<ExternalError> {
  const error = await deciding.catch((thrown: unknown) => thrown);
  if (error instanceof ExternalError) return error;
  throw new Error(`expected an ExternalError, got ${String(error)}`);
}

describe('a decision', () => {
  it('is the value, with what it used', async () => {
    const model = await startModel();
    script(JSON.stringify(good));
    expect(await model.decide(request)).toEqual({
      kind: 'decided',
      value: good,
      raw: JSON.stringify(good),
      repairs: 0,
      model: { requested: 'm', used: 'm' },
      usage: {
        requests: 1,
        inputTokens: 100,
        cacheReadTokens: 0,
        cacheWriteTokens: 0,
        outputTokens: 10,
        costMicrodollars: 120,
        exact: true,
      },
    });
    expect(stage.records).toMatchObject([{ run: 'run-1', role: 'planner', attempt: '1', model: 'm', status: 200 }]);
    expect(stage.provider.seen[0]?.headers['x-api-key']).toBe('sk-the-real-key');
    expect(JSON.parse(stage.provider.seen[0]?.body ?? '')).toMatchObject({
      model: 'm',
      max_tokens: 500,
      system: [{ text: 'You plan.' }],
    });
  });

  it('may stand in a fence', async () => {
    const model = await startModel();
    script(`\`\`\`json\n${JSON.stringify(good)}\n\`\`\``);
    expect(await model.decide(request)).toMatchObject({ kind: 'decided', value: good, repairs: 0 });
  });

  it('is asked for with its schema in the chat protocol', async () => {
    const model = await startModel('compatible');
    stage.provider.answer((response) =>
      answerJson(response, {
        choices: [{ index: 0, message: { role: 'assistant', content: JSON.stringify(good) }, finish_reason: 'stop' }],
        usage: { prompt_tokens: 100, completion_tokens: 10 },
      }),
    );
    expect(await model.decide(request)).toMatchObject({
      kind: 'decided',
      value: good,
      usage: { costMicrodollars: 120 },
    });
    const sent = JSON.parse(stage.provider.seen[0]?.body ?? '');
    expect(sent.response_format).toMatchObject({ type: 'json_schema', json_schema: { strict: false } });
    expect(Object.keys(sent.response_format.json_schema.schema.properties)).toEqual(['title', 'risk', 'note']);
    expect(stage.provider.seen[0]).toMatchObject({
      url: '/v1/chat/completions',
      headers: { authorization: 'Bearer sk-the-real-key' },
    });
  });

  it('is repaired twice at most, with the complaints and the bad answer in the conversation', async () => {
    const model = await startModel();
    script('I think so', '{"title":"x","risk":9}', JSON.stringify(good));
    const decided = await model.decide(request);
    expect(decided).toMatchObject({
      kind: 'decided',
      value: good,
      repairs: 2,
      usage: { requests: 3, costMicrodollars: 360 },
    });
    const conversation = JSON.parse(stage.provider.seen[2]?.body ?? '').messages.map(
      (message: { role: string; content: { text: string }[] }) => [message.role, message.content[0]?.text].join(': '),
    );
    expect(conversation).toMatchInlineSnapshot(`
      [
        "user: Plan the issue.",
        "assistant: I think so",
        "user: That answer cannot be used:
      - The answer is not JSON.
      Answer again with the whole JSON object and nothing else.",
        "assistant: {"title":"x","risk":9}",
        "user: That answer cannot be used:
      - risk: Too big: expected number to be <=5
      Answer again with the whole JSON object and nothing else.",
      ]
    `);
  });

  it('is repaired when the validator complains', async () => {
    const model = await startModel();
    script('{"title":"wrong","risk":1}', JSON.stringify(good));
    const validate = ({ title }: Plan) => (title === 'wrong' ? ['The title is wrong.'] : []);
    expect(await model.decide({ ...request, validate })).toMatchObject({ kind: 'decided', value: good, repairs: 1 });
    expect(stage.provider.seen[1]?.body).toContain('The title is wrong.');
  });

  it('is unusable when no answer is good, with every answer kept', async () => {
    const model = await startModel();
    script('one', '', '{"title":"x"}');
    expect(await model.decide(request)).toMatchObject({
      kind: 'unusable',
      raw: ['one', '', '{"title":"x"}'],
      complaints: ['risk: Invalid input: expected number, received undefined'],
      usage: { requests: 3, inputTokens: 300, outputTokens: 30, exact: true },
    });
    expect(stage.provider.seen).toHaveLength(3);
  });

  it('keeps the answers that were paid for when there is no room for another round', async () => {
    const model = await startModel();
    script('no', 'never asked');
    const bad = await model.decide({ ...request, limits: { tokens: 105 } });
    expect(bad).toMatchObject({ kind: 'unusable', raw: ['no'], complaints: ['The answer is not JSON.'] });
    expect(stage.provider.seen).toHaveLength(1);
  });

  it('that had no room for any answer says that this is why', async () => {
    const model = await startModel();
    script(JSON.stringify(good));
    const error = await failure(model.decide({ ...request, limits: { tokens: 0 } }));
    expect(error).toBeInstanceOf(OutOfBudget);
    expect(stage.provider.seen).toHaveLength(0);
  });

  it('says what to do about an answer that was cut off', async () => {
    const model = await startModel();
    stage.provider.answer((response) =>
      answerJson(response, {
        id: 'x',
        type: 'message',
        role: 'assistant',
        model: 'm',
        content: [{ type: 'text', text: '{"title":' }],
        stop_reason: 'max_tokens',
        usage: { input_tokens: 1, output_tokens: 500 },
      }),
    );
    expect(await model.decide(request)).toMatchObject({
      kind: 'unusable',
      complaints: ['The answer was cut off at 500 tokens: answer in fewer words.'],
    });
  });
});

describe('a provider that fails', () => {
  it.each([429, 500, 529])('is asked again after %i', async (status) => {
    const model = await startModel();
    script(status, JSON.stringify(good));
    expect(await model.decide(request)).toMatchObject({
      kind: 'decided',
      repairs: 0,
      usage: { requests: 2, inputTokens: 100 },
    });
  });

  it('is given up after four tries', async () => {
    const model = await startModel();
    script(500);
    const error = await failure(model.decide(request));
    expect(error).toMatchObject({
      system: 'model',
      retry: 'soon',
      message: 'the model provider failed (status 500): scripted',
    });
    expect(stage.provider.seen).toHaveLength(4);
    expect(stage.records).toHaveLength(4);
  });

  it('is not asked again for a mistake of ours', async () => {
    const model = await startModel();
    script(400);
    expect(await failure(model.decide(request))).toMatchObject({ retry: 'never' });
    expect(stage.provider.seen).toHaveLength(1);
  });

  it('names the moment when it wants to be asked later than the decision may take', async () => {
    const model = await startModel();
    stage.provider.answer((response) => answerJson(response, {}, 429, { 'retry-after': '60' }));
    const before = Date.now();
    const { retry } = await failure(model.decide(request));
    expect(retry).toEqual({ at: expect.any(Number) });
    expect(typeof retry === 'object' && retry.at).toBeGreaterThanOrEqual(before + 60_000);
    expect(stage.provider.seen).toHaveLength(1);
  });

  it('ends at the time limit when it hangs, and what it may have used is charged', async () => {
    const model = await startModel();
    stage.provider.answer(() => {});
    expect(await failure(model.decide({ ...request, timeoutMs: 1_000 }))).toMatchObject({
      retry: 'soon',
      message: 'no answer within 1000 ms',
    });
    expect(stage.records).toMatchObject([{ status: undefined, usage: { outputTokens: 500, exact: false } }]);
  });

  it('is left at once when the caller aborts', async () => {
    const model = await startModel();
    stage.provider.answer(() => {});
    const abort = new AbortController();
    const deciding = model.decide({ ...request, signal: abort.signal });
    await expect.poll(() => stage.provider.seen.length).toBe(1);
    abort.abort(new Error('stopped by a person'));
    await expect(deciding).rejects.toThrow('stopped by a person');
    await stage.provider.brokenOff;
  });
});
