// What agents say comes in pieces, and a secret that comes in two pieces is none the less one.
import { expect, it } from 'vitest';
import type { AgentEvent } from '../../src/engine/port/agent.ts';
import { recordLive } from '../../src/engine/record-live.ts';
import type { WorkPorts } from '../../src/engine/work-ports.ts';

const secret = `ghp_${'a1B2c3D4'.repeat(5)}`;

async function record(events: readonly AgentEvent[]): Promise<{ transcript: string; live: readonly string[] }> {
  const live: string[] = [];
  const store = { appendLive: async (_: string, __: string, line: string) => void live.push(line) };
  const recorder = recordLive({ store } as unknown as WorkPorts, 'github.com/1/1' as never, 'a1');
  for (const event of events) recorder.take(event);
  return { transcript: await recorder.end(), live };
}

it.each(['text', 'thought'] as const)('a secret within %s is found over its pieces', async (kind) => {
  const pieces = [`It is ${secret.slice(0, 9)}`, secret.slice(9, 20), `${secret.slice(20)}, I think.`];
  const { transcript, live } = await record(pieces.map((text) => ({ kind, text })));
  expect(transcript).toBe(`${kind} It is [redacted], I think.`);
  expect(live).toEqual([transcript]);
});

it('what is said and what is thought stay apart, in the order in which they came', async () => {
  const { transcript } = await record([
    { kind: 'thought', text: 'One ' },
    { kind: 'thought', text: 'moment.' },
    { kind: 'text', text: 'Here' },
    { kind: 'text', text: ' it is.' },
    { kind: 'retry', reason: 'once more' },
    { kind: 'thought', text: 'Done.' },
  ]);
  expect(transcript.split('\n')).toEqual([
    'thought One moment.',
    'text Here it is.',
    'retry once more',
    'thought Done.',
  ]);
});
