import { describe, expect, it } from 'vitest';
import { ask, converse, start, user } from './model-client.ts';

describe('what goes wrong', () => {
  it('happens as often as it says, for each run apart, and is over when the attempt is run again', async () => {
    const model = await start({
      coder: [
        {
          attempts: [
            [
              { kind: 'fail', status: 429, retryAfterSeconds: 7, times: 2 },
              { kind: 'fail', status: 500 },
              { kind: 'say', text: 'ok' },
            ],
          ],
        },
      ],
    });
    const statuses = async (caller: string, count: number) => {
      const seen = [];
      for (let i = 0; i < count; i += 1) {
        const { status, retryAfter } = await ask(model, { messages: [user('go')], caller });
        seen.push(retryAfter === null ? status : `${status} after ${retryAfter}`);
      }
      return seen;
    };
    expect(await statuses('run-1/coder/a1', 4)).toEqual(['429 after 7', '429 after 7', 500, 200]);
    expect(await statuses('run-2/coder/a1', 1)).toEqual(['429 after 7']);
    expect(await statuses('run-1/coder/a2', 1)).toEqual([200]);
  });

  it('can be that of one model alone', async () => {
    const away = { kind: 'fail', status: 529, times: 9, model: 'large' } as const;
    const model = await start({ coder: [{ attempts: [[away, { kind: 'say', text: 'ok' }]] }] });
    const statusOf = async (name: string) => (await ask(model, { messages: [user('go')], model: name })).status;
    expect([await statusOf('large'), await statusOf('small'), await statusOf('large')]).toEqual([529, 200, 529]);
    expect(model.log.map((call) => call.model)).toEqual(['large', 'small', 'large']);
  });

  it('can be a stream that breaks off', async () => {
    const model = await start({ coder: [{ attempts: [[{ kind: 'cut' }, { kind: 'say', text: 'ok' }]] }] });
    const first = await ask(model, { messages: [user('go')], stream: true });
    expect(first.status).toBe(200);
    await expect(first.text()).rejects.toThrow();
    expect(await (await ask(model, { messages: [user('go')], stream: true })).text()).toContain('message_stop');
  });

  it('can be silence, which ends with the server', async () => {
    const model = await start({ coder: [{ attempts: [[{ kind: 'hang' }, { kind: 'say', text: 'ok' }]] }] });
    const hanging = ask(model, { messages: [user('go')] }).then(
      () => 'answered',
      () => 'broken',
    );
    await expect.poll(() => model.log.length).toBe(1);
    expect((await converse(model, 'go')).steps).toEqual(['ok']);
    await model.stop();
    expect(await hanging).toBe('broken');
  });

  it('can be an answer that takes its time', async () => {
    const model = await start({
      coder: [
        {
          attempts: [
            [
              { kind: 'wait', ms: 80 },
              { kind: 'say', text: 'ok' },
            ],
          ],
        },
      ],
    });
    const before = performance.now();
    expect((await converse(model, 'go')).steps).toEqual(['ok']);
    expect(performance.now() - before).toBeGreaterThanOrEqual(75);
  });
});
