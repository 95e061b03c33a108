// The same worlds over a real provider protocol: what `--live` does, with a model server of our own at the other end.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { measureLive } from '../../bench/pilot/live.ts';
import { worlds } from '../../bench/pilot/worlds.ts';
import { type ScriptedModel, startScriptedModel } from '../../src/demo/model/start-scripted-model.ts';

const apiKey = 'a-key-of-the-bench';
let model: ScriptedModel;
beforeAll(async () => {
  // Nobody tells a provider who asks, so that the script is the one for nobody.
  const reply = { kind: 'say', text: 'I would rather not say.' } as const;
  model = await startScriptedModel({ apiKey, scenario: { '': [{ attempts: [[reply]] }] } });
});
afterAll(() => model.stop());

it('asks the model of the environment at every boundary with a failure, and measures what came of it', async () => {
  const prices = { 'some-model': { input: 3, output: 15 } };
  const asked = { provider: 'anthropic', baseUrl: model.url, apiKey, name: 'some-model', others: [], prices } as const;
  const live = await measureLive({ ...asked, forwardIdentity: false }, new Date('2026-01-02T03:04:05Z'));
  expect([live.model, live.day]).toEqual(['some-model', '2026-01-02']);
  expect(live.rows.map(({ world }) => world)).toEqual(worlds.map(({ name }) => name));
  for (const { world, pilotCalls, fellBack, pilotUsd } of live.rows) {
    const isAsked = world !== 'no-failure';
    expect([world, pilotCalls > 0, fellBack > 0, pilotUsd > 0]).toEqual([world, isAsked, isAsked, isAsked]);
  }
  expect(model.log[0]?.prompt).toContain('batch that ended: 1');
});
