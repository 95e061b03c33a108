// What the gateway saw of the provider is known however an agent tells of it.
import { expect, it } from 'vitest';
import { blameModel } from '../../src/engine/blame-model.ts';
import { answerJson } from './fake-provider.ts';
import { ask } from './gateway-client.ts';
import { bill, useGateway } from './gateway-stage.ts';

const stage = useGateway();
const crashed = { kind: 'failed', fault: 'crash', message: 'exited with 1', retryable: false, text: '' } as const;

it.each([429, 500, 529])(
  'is in trouble after %i, with the moment that it names, until it answers again',
  async (status) => {
    const grant = await stage.grant();
    expect(grant.trouble()).toBeUndefined();
    stage.provider.answer((response) => answerJson(response, {}, status, { 'retry-after': '90' }));
    const before = Date.now();
    expect((await ask(grant)).status).toBe(status);
    const { retryAt = 0, ...trouble } = grant.trouble() ?? {};
    expect(trouble).toEqual({ status });
    expect(retryAt).toBeGreaterThanOrEqual(before + 90_000);
    expect(retryAt).toBeLessThanOrEqual(Date.now() + 90_000);
    stage.provider.answer((response) => answerJson(response, bill));
    await ask(grant);
    expect(grant.trouble()).toBeUndefined();
  },
);

it('is in trouble when it hangs up, and not when it refuses a request or the client does not wait', async () => {
  const grant = await stage.grant();
  stage.provider.answer((response) => response.destroy());
  expect((await ask(grant)).status).toBe(502);
  expect(grant.trouble()).toEqual({});
  stage.provider.answer((response) => answerJson(response, {}, 400));
  await ask(grant);
  expect(grant.trouble()).toBeUndefined();
});

it('takes the blame from an agent that broke on it, and from no other', () => {
  expect(blameModel(crashed, { status: 429, retryAt: 7 })).toMatchObject({
    fault: 'rate_limit',
    retryable: true,
    retryAt: 7,
  });
  expect(blameModel(crashed, {})).toMatchObject({ fault: 'provider', retryable: true });
  expect(blameModel(crashed, undefined)).toBe(crashed);
  for (const fault of ['idle', 'budget', 'auth', 'context'] as const)
    expect(blameModel({ ...crashed, fault }, { status: 503 })).toMatchObject({ fault });
  const done = { kind: 'done', text: 'It is done.' } as const;
  expect(blameModel(done, { status: 503 })).toBe(done);
});
