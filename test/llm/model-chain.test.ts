// Who answers in place of a model that is away, and when nobody else is asked.
import { expect, it } from 'vitest';
import { z } from 'zod';
import { ExternalError } from '../../src/engine/external-error.ts';
import { type DecideRequest, OutOfBudget } from '../../src/engine/port/model.ts';
import { createModel } from '../../src/llm/structured-call.ts';
import { answerJson } from './fake-provider.ts';
import { useGateway } from './gateway-stage.ts';

const schema = z.object({ title: z.string() });
const good = JSON.stringify({ title: 'Add slugify' });
const request: DecideRequest<z.infer<typeof schema>> = {
  run: 'run-1',
  role: 'planner',
  models: ['large', 'small'],
  schema,
  system: 'You plan.',
  prompt: 'Plan the issue.',
  maxOutputTokens: 500,
  timeoutMs: 10_000,
};

const stage = useGateway();

/** What a model does: a status, the text of an answer, or nothing at all. */
type Step = number | string | 'hang';

/** `scripts`: what each model does, request for request; the last one again and again. Gives who was asked, in order. */
async function start(
  scripts: Readonly<Record<string, readonly Step[]>>,
  retryAfter: Readonly<Record<string, number>> = {},
) {
  const price = { input: 1, output: 2 };
  const gateway = await stage.start({ kind: 'anthropic', prices: { large: price, small: { input: 2, output: 4 } } });
  const asked: string[] = [];
  stage.provider.answer((response) => {
    const { model } = JSON.parse(stage.provider.seen.at(-1)?.body ?? '{}');
    const steps = scripts[model] ?? [];
    const step = steps[Math.min(asked.filter((name) => name === model).length, steps.length - 1)];
    asked.push(model);
    if (step === 'hang') return;
    if (typeof step === 'number') {
      const error = { type: 'error', error: { type: 'api_error', message: 'scripted' } };
      return answerJson(response, error, step, { 'retry-after': String(retryAfter[model] ?? 0) });
    }
    const usage = { input_tokens: 100, output_tokens: 10 };
    const content = [{ type: 'text', text: step }];
    answerJson(response, {
      id: 'x',
      type: 'message',
      role: 'assistant',
      model,
      content,
      stop_reason: 'end_turn',
      usage,
    });
  });
  return { asked, model: createModel({ gateway, models: ['usual', 'large', 'small', 'tiny'], backoffMs: 5 }) };
}

async function failure(deciding: Promise<unknown>): Promise<ExternalError> {
  const error = await deciding.catch((thrown: unknown) => thrown);
  if (error instanceof ExternalError) return error;
  throw new Error(`expected an ExternalError, got ${String(error)}`);
}

it.each([429, 500, 529])('asks the next model of a chain after two answers of %i, and says so', async (status) => {
  const { model, asked } = await start({ large: [status], small: [good] });
  expect(await model.decide(request)).toMatchObject({
    kind: 'decided',
    raw: good,
    model: {
      requested: 'large',
      used: 'small',
      why: `large: the model provider failed (status ${status}): scripted`,
    },
    usage: { requests: 3, inputTokens: 100, costMicrodollars: 240 },
  });
  expect(asked).toEqual(['large', 'large', 'small']);
});

it('waits for one hiccup of the model that was asked for, and asks nobody else', async () => {
  const { model, asked } = await start({ large: [529, good], small: [good] });
  expect(await model.decide(request)).toMatchObject({ model: { requested: 'large', used: 'large' } });
  expect(asked).toEqual(['large', 'large']);
});

it('asks the usual model where the chain is empty', async () => {
  const { model, asked } = await start({ usual: [good] });
  expect(await model.decide({ ...request, models: [] })).toMatchObject({
    model: { requested: 'usual', used: 'usual' },
  });
  expect(asked).toEqual(['usual']);
});

it.each([401, 403, 400, 404])(
  'asks no other model after a refusal with %i, which waiting mends nothing of',
  async (status) => {
    const { model, asked } = await start({ large: [status], small: [good] });
    expect(await failure(model.decide(request))).toMatchObject({ system: 'model', retry: 'never' });
    expect(asked).toEqual(['large']);
  },
);

it('asks no other model for an answer that has no form, and none with a budget that is spent', async () => {
  const { model, asked } = await start({ large: ['I think so'], small: [good] });
  expect(await model.decide(request)).toMatchObject({ kind: 'unusable', model: { requested: 'large', used: 'large' } });
  expect(asked).toEqual(['large', 'large', 'large']);
  const bad = await model.decide({ ...request, limits: { tokens: 105 } });
  expect(bad).toMatchObject({ kind: 'unusable', model: { used: 'large' } });
  expect(await failure(model.decide({ ...request, limits: { tokens: 0 } }))).toBeInstanceOf(OutOfBudget);
  expect(new Set(asked)).toEqual(new Set(['large']));
});

it('counts what every model of the chain used against one budget', async () => {
  const { model } = await start({ large: ['I think so', 529], small: ['Me too', good] });
  // Each answer has 110 tokens: the second one crosses the limit, and is the last.
  const decided = await model.decide({ ...request, limits: { tokens: 200 } });
  expect(decided).toMatchObject({
    kind: 'unusable',
    raw: ['I think so', 'Me too'],
    model: { requested: 'large', used: 'small' },
    usage: { inputTokens: 200, outputTokens: 20, costMicrodollars: 120 + 240 },
  });
});

it('goes on with the next model where the first one breaks off, with the complaints so far', async () => {
  const { model, asked } = await start({ large: ['I think so', 529], small: [good] });
  expect(await model.decide(request)).toMatchObject({ kind: 'decided', repairs: 1, model: { used: 'small' } });
  expect(asked).toEqual(['large', 'large', 'large', 'small']);
  expect(stage.provider.seen.at(-1)?.body).toContain('The answer is not JSON.');
});

it('gives each model its part of the time, so that one that is silent leaves some for the next', async () => {
  const { model, asked } = await start({ large: ['hang'], small: [good] });
  const startedAt = Date.now();
  expect(await model.decide({ ...request, timeoutMs: 2_000 })).toMatchObject({
    kind: 'decided',
    model: { used: 'small', why: 'large: no answer in its part of the time' },
  });
  expect(asked).toEqual(['large', 'small']);
  expect(Date.now() - startedAt).toBeGreaterThanOrEqual(900);
});

it('ends at the time limit of all together', async () => {
  const { model, asked } = await start({ large: ['hang'], small: ['hang'] });
  expect(await failure(model.decide({ ...request, timeoutMs: 1_000 }))).toMatchObject({
    retry: 'soon',
    message: 'no answer within 1000 ms; before: large: no answer in its part of the time',
  });
  expect(asked).toEqual(['large', 'small']);
});

it('asks nobody else when the caller aborts', async () => {
  const { model, asked } = await start({ large: ['hang'], small: [good] });
  const abort = new AbortController();
  const deciding = model.decide({ ...request, signal: abort.signal });
  await expect.poll(() => asked.length).toBe(1);
  abort.abort(new Error('stopped by a person'));
  await expect(deciding).rejects.toThrow('stopped by a person');
  expect(asked).toEqual(['large']);
});

it('tells of all models that were away, and to come back when the first of them is there again', async () => {
  const { model, asked } = await start({ large: [429], small: [529] }, { large: 60, small: 600 });
  const before = Date.now();
  const { retry, message } = await failure(model.decide(request));
  expect(message).toBe(
    'small: the model provider failed (status 529): scripted; before: large: the model provider failed (status 429): scripted',
  );
  const at = typeof retry === 'object' ? retry.at - before : 0;
  expect([at >= 60_000, at < 120_000]).toEqual([true, true]);
  expect(asked).toEqual(['large', 'small']);
});

it('passes over a model that this worker does not offer, and fails where it offers none', async () => {
  const { model } = await start({ small: [good] });
  const gone = 'gone is not offered by this worker';
  expect(await model.decide({ ...request, models: ['gone', 'small'] })).toMatchObject({
    model: { requested: 'gone', used: 'small', why: gone },
  });
  expect(await failure(model.decide({ ...request, models: ['gone'] }))).toMatchObject({
    retry: 'never',
    message: gone,
  });
});

it('asks as many as are named before it gives up', async () => {
  const models = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'] as const;
  const gateway = await stage.start({ kind: 'anthropic' });
  stage.provider.answer((response) => answerJson(response, {}, 529, { 'retry-after': '0' }));
  const model = createModel({ gateway, models, backoffMs: 1 });
  expect(await failure(model.decide({ ...request, models }))).not.toBeInstanceOf(OutOfBudget);
  expect(stage.provider.seen).toHaveLength(9 * 2 + 4);
});
