import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { answerJson, renderEvents } from './fake-provider.ts';
import { ask, hello, open } from './gateway-client.ts';
import { bill, key, plenty, useGateway } from './gateway-stage.ts';

const stage = useGateway();

describe('budgets', () => {
  it('answers 400 once the tokens are spent, in words that agents do not retry', async () => {
    const grant = await stage.grant({}, { tokens: 20, requests: 100 });
    expect((await ask(grant)).status).toBe(200);
    expect((await ask(grant)).status).toBe(200);
    const refused = await ask(grant);
    expect(refused.status).toBe(400);
    expect(refused.body).toContain('out of budget');
    expect(JSON.parse(refused.body).error.message).not.toMatch(/\d/);
    expect(grant.usage()).toMatchObject({ requests: 2, inputTokens: 20, outputTokens: 10, exact: true });
  });

  it('answers 400 once the requests are spent', async () => {
    const grant = await stage.grant({}, { tokens: 1_000_000, requests: 1 });
    expect((await ask(grant)).status).toBe(200);
    expect((await ask(grant)).status).toBe(400);
  });

  it('holds what an open request may use, and lets others try again later', async () => {
    const held = Promise.withResolvers<void>();
    stage.provider.answer((response) => void held.promise.then(() => answerJson(response, bill)));
    const grant = await stage.grant({}, { tokens: 100, requests: 100 });
    const first = ask(grant);
    await expect.poll(() => stage.provider.seen.length).toBe(1);
    expect(await ask(grant)).toMatchObject({ status: 429, headers: { 'retry-after': '1' } });
    held.resolve();
    expect((await first).status).toBe(200);
    expect((await ask(grant)).status).toBe(200);
  });

  it('answers 400 once the money is spent, where the price is known', async () => {
    const gateway = await stage.start({ prices: { m: { input: 3, output: 15 } } });
    const caller = { run: 'r', role: 'coder', attempt: '1' };
    const limits = { tokens: 1_000_000, requests: 100, microUsd: 150 };
    const known = await gateway.grant({ ...caller, limits });
    expect([(await ask(known)).status, (await ask(known)).status, (await ask(known)).status]).toEqual([200, 200, 400]);
    expect(await known.revoke()).toMatchObject({ requests: 2, costMicrodollars: 210 });
    const unknown = await gateway.grant({ ...caller, limits });
    const other = { body: { ...hello, model: 'other' } };
    for (let request = 0; request < 3; request += 1) expect((await ask(unknown, other)).status).toBe(200);
  });

  it('counts the cost in whole millionths of a dollar, and says when a price is not known', async () => {
    const gateway = await stage.start({ prices: { m: { input: 3, output: 15.01 } } });
    const caller = { run: 'r', role: 'coder', attempt: '1', limits: plenty };
    const known = await gateway.grant(caller);
    await ask(known);
    expect(await known.revoke()).toMatchObject({ costMicrodollars: 106 });
    const unknown = await gateway.grant(caller);
    await ask(unknown, { body: { ...hello, model: 'other' } });
    expect(await unknown.revoke()).toMatchObject({ costMicrodollars: undefined });
    expect(
      stage.records.map(({ run, role, attempt, model, status }) => ({ run, role, attempt, model, status })),
    ).toEqual([
      { run: 'r', role: 'coder', attempt: '1', model: 'm', status: 200 },
      { run: 'r', role: 'coder', attempt: '1', model: 'other', status: 200 },
    ]);
  });
});

describe('ends', () => {
  const started = { type: 'message_start', message: { usage: { input_tokens: 10, output_tokens: 1 } } };

  it('cuts an open stream on revoke and charges the bound for what was not told', async () => {
    stage.provider.answer((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(renderEvents([started]));
    });
    const grant = await stage.grant();
    const response = await open(grant);
    const broken = new Promise((resolve) => response.on('error', resolve));
    await new Promise((resolve) => response.once('data', resolve));
    const usage = await grant.revoke();
    await broken;
    await stage.provider.brokenOff;
    expect(usage).toMatchObject({ requests: 1, inputTokens: 10, outputTokens: 100, exact: false });
    expect(await grant.revoke()).toEqual(usage);
    await expect(ask(grant)).rejects.toThrow(/ENOENT|ECONNREFUSED/);
  });

  it('answers 401 to the token of a revoked host grant', async () => {
    const gateway = await stage.start();
    const grant = gateway.grantHost({ run: 'r', role: 'planner', attempt: '1', limits: plenty });
    expect((await ask(grant)).status).toBe(200);
    await grant.revoke();
    expect((await ask(grant)).status).toBe(401);
  });

  it('revokes while a body is still on its way', async () => {
    const grant = await stage.grant();
    const head = [
      'POST /v1/messages HTTP/1.1',
      'host: a',
      `x-api-key: ${grant.token}`,
      'content-length: 100',
      'expect: 100-continue',
    ];
    const socket = connect(grant.socket);
    socket.write(`${head.join('\r\n')}\r\n\r\n`);
    const [goOn] = await once(socket, 'data');
    expect(String(goOn)).toContain('100 Continue');
    socket.write('{');
    const closed = new Promise((resolve) => socket.on('error', () => {}).on('close', resolve));
    expect(await grant.revoke()).toMatchObject({ requests: 0 });
    await closed;
  });

  it('takes the request of a client that goes away with it', async () => {
    stage.provider.answer((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(renderEvents([started]));
    });
    const grant = await stage.grant();
    const response = await open(grant);
    response.on('error', () => {});
    response.destroy();
    await stage.provider.brokenOff;
    await expect.poll(() => stage.records).toHaveLength(1);
  });

  it('ends an answer that is larger than allowed', async () => {
    stage.provider.answer((response) => answerJson(response, { filler: 'x'.repeat(100_000) }));
    // Where it breaks depends on the pieces it comes in: before the head is out, or after.
    const reply = await ask(await stage.grant({ maxResponseBytes: 10_000 })).catch(() => undefined);
    expect(reply?.complete ?? false).toBe(false);
    expect(stage.records).toMatchObject([{ usage: { exact: false } }]);
  });

  it('ends a request to a provider that goes silent', async () => {
    stage.provider.answer(() => {});
    const grant = await stage.grant({ idleMs: 50 });
    expect((await ask(grant)).status).toBe(502);
    expect(grant.usage()).toMatchObject({ requests: 1, outputTokens: 100, exact: false });
  });

  it('passes errors of the provider on, charges nothing for them, and hides those about the key', async () => {
    const grant = await stage.grant();
    for (const status of [429, 500, 529]) {
      stage.provider.answer((response) =>
        answerJson(response, { error: { message: 'busy' } }, status, { 'retry-after': '9' }),
      );
      expect(await ask(grant)).toMatchObject({
        status,
        headers: { 'retry-after': '9' },
        body: expect.stringContaining('busy'),
      });
    }
    stage.provider.answer((response) => answerJson(response, { error: { message: `bad key ${key}` } }, 401));
    const reply = await ask(grant);
    expect(reply.status).toBe(401);
    expect(reply.body).not.toContain(key);
    expect(grant.usage()).toMatchObject({
      requests: 4,
      inputTokens: 0,
      outputTokens: 0,
      costMicrodollars: 0,
      exact: true,
    });
  });

  it('answers 502 and charges nothing when the provider cannot be reached', async () => {
    const grant = await stage.grant();
    await stage.provider.stop();
    expect((await ask(grant)).status).toBe(502);
    expect(grant.usage()).toMatchObject({ requests: 1, outputTokens: 0, exact: true });
  });
});
