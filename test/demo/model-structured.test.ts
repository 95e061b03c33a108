// The bot's own structured calls against the scripted model, through the gateway, as the demo makes them.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Step } from '../../src/demo/model/scenario.ts';
import type { ModelProvider } from '../../src/engine/port/model.ts';
import { startGateway } from '../../src/llm/gateway/start-gateway.ts';
import { createModel } from '../../src/llm/structured-call.ts';
import { start } from './model-client.ts';

const schema = z.object({ title: z.string(), risk: z.number() });
const plan = { title: 'Add slugify', risk: 2 };
const closers: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function decide(steps: readonly Step[], provider: ModelProvider, timeoutMs = 10_000) {
  const scripted = await start({ planner: [{ attempts: [steps] }] });
  const folder = await mkdtemp(join(tmpdir(), 'ms-'));
  const gateway = await startGateway({
    upstream: { baseUrl: scripted.url, apiKey: 'k', provider },
    folder,
    forwardIdentity: true,
    onUsage: () => {},
  });
  closers.push(gateway.stop, () => rm(folder, { recursive: true }));
  const model = createModel({ gateway, models: ['scripted'], backoffMs: 5 });
  const deciding = model.decide({
    run: 'run-7',
    role: 'planner',
    schema,
    system: 'You plan.',
    prompt: 'Plan it.',
    maxOutputTokens: 100,
    timeoutMs,
  });
  return { deciding, scripted };
}

describe.each<ModelProvider>(['anthropic', 'compatible'])('a scripted decision (%s)', (provider) => {
  it('comes through at once', async () => {
    const { deciding, scripted } = await decide([{ kind: 'json', value: plan }], provider);
    expect(await deciding).toMatchObject({
      kind: 'decided',
      value: plan,
      repairs: 0,
      usage: { requests: 1, inputTokens: 1000, outputTokens: 50, exact: true },
    });
    expect(scripted.log).toMatchObject([{ run: 'run-7', role: 'planner', step: 0 }]);
  });

  it('comes through after a rate limit, a failure, garbage and a wrong shape', async () => {
    const { deciding } = await decide(
      [
        { kind: 'fail', status: 429, retryAfterSeconds: 0 },
        { kind: 'say', text: 'Sure! I would say so.' },
        { kind: 'fail', status: 500 },
        { kind: 'json', value: { title: 7 } },
        { kind: 'say', text: `\`\`\`json\n${JSON.stringify(plan)}\n\`\`\`` },
      ],
      provider,
    );
    expect(await deciding).toMatchObject({
      kind: 'decided',
      value: plan,
      repairs: 2,
      usage: { requests: 5, inputTokens: 3000 },
    });
  });

  it('is unusable when there is only garbage', async () => {
    const { deciding } = await decide([{ kind: 'say', text: 'garbage' }], provider);
    expect(await deciding).toMatchObject({ kind: 'unusable', raw: ['garbage', 'garbage', 'garbage'] });
  });

  it('fails as the outside world when the model hangs', async () => {
    const { deciding } = await decide([{ kind: 'hang' }], provider, 200);
    await expect(deciding).rejects.toMatchObject({ system: 'model', retry: 'soon' });
  });
});
