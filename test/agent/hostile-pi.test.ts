// What a process that was taken over could do to the driver: pi runs next to the code of the repository.
import { afterEach, describe, expect, it } from 'vitest';
import { createPiDriver } from '../../src/agent/pi/pi-driver.ts';
import { ExternalError } from '../../src/engine/external-error.ts';
import type { AgentEvent, AgentSession, AgentSpec } from '../../src/engine/port/agent.ts';
import { toSpawn } from './hostile-process.ts';

const driver = createPiDriver({ startMs: 5_000, graceMs: 200 });
const sessions: AgentSession[] = [];

afterEach(async () => {
  await Promise.all(sessions.splice(0).map((session) => session.close()));
});

/** A program that greets like pi and answers each prompt with `onPrompt`, in which `say` writes one record. */
function spawnImpostor(
  onPrompt: string,
  state = `{ sessionId: 's', messageCount: 0, model: { id: 'm' } }`,
): AgentSpec['spawn'] {
  const program = `
    const say = (record) => process.stdout.write((typeof record === 'string' ? record : JSON.stringify(record)) + '\\n');
    const done = { role: 'assistant', stopReason: 'stop', content: [{ type: 'text', text: 'fine' }], usage: { input: 1, output: 1 } };
    require('node:readline').createInterface({ input: process.stdin }).on('line', async (line) => {
      const { id, type } = JSON.parse(line);
      if (type === 'get_state') say({ id, type: 'response', success: true, data: ${state} });
      if (type === 'prompt') { ${onPrompt} }
    });
    process.on('SIGTERM', () => {});
  `;
  return toSpawn(program);
}

async function play(onPrompt: string, limits: Partial<AgentSpec> = {}) {
  const session = await start(spawnImpostor(onPrompt), limits);
  const events: AgentEvent[] = [];
  return { session, events, result: await session.prompt('go', (event) => events.push(event)) };
}

async function start(spawnProcess: AgentSpec['spawn'], limits: Partial<AgentSpec> = {}): Promise<AgentSession> {
  const model = { baseUrl: 'http://127.0.0.1:1', token: 't', name: 'm', provider: 'anthropic' } as const;
  const session = await driver.start({ spawn: spawnProcess, model, idleMs: 10_000, turnMs: 20_000, ...limits });
  sessions.push(session);
  return session;
}

describe('a process that is not what it seems', () => {
  it('cannot break the driver with lines', async () => {
    const { result } = await play(`
      say('{"type":"message_end","message":' + '['.repeat(3_000_000));
      for (let i = 0; i < 25; i += 1) process.stdout.write('x'.repeat(4_000_000));
      say('');
      say('not json'); say('null'); say('[]'); say('"text"'); say('{}'); say('\\u0000');
      say({ type: 'constructor' }); say({ type: '__proto__' }); say({ type: 'response' });
      say({ type: 'response', id: 'request-999', success: true });
      say({ type: 'message_update' }); say({ type: 'message_update', assistantMessageEvent: null });
      say({ type: 'message_end', message: { role: 'assistant' } });
      say({ type: 'message_end', message: { role: 'assistant', content: 7, usage: 'x', stopReason: {} } });
      say({ type: 'tool_execution_start', toolName: 'x'.repeat(100000) + '\\u001b[2J', args: [1] });
      say({ type: 'message_end', message: done });
      say({ type: 'agent_settled' });
    `);
    expect(result).toEqual({ kind: 'done', text: 'fine' });
  });

  it('cannot drown those who watch', async () => {
    const { events, result } = await play(`
      const text = 'y'.repeat(100_000);
      for (let i = 0; i < 200; i += 1) say({ type: 'message_update', assistantMessageEvent: { type: 'text_delta', delta: text } });
      const short = { type: 'message_update', assistantMessageEvent: { type: 'text_delta', delta: 'z' } };
      say(Array(60_000).fill(JSON.stringify(short)).join('\\n'));
      say({ type: 'message_end', message: { ...done, content: [{ type: 'text', text: 'w'.repeat(1_000_000) }] } });
      say({ type: 'agent_settled' });
    `);
    expect(events.length).toBeLessThanOrEqual(20_000);
    expect(Math.max(...events.map((event) => (event.kind === 'text' ? event.text.length : 0)))).toBeLessThanOrEqual(
      4_000,
    );
    expect(result.text.length).toBeLessThanOrEqual(64_000);
  });

  it('does not pass for success without an answer of the model', async () => {
    const { result } = await play(`say({ type: 'agent_settled' });`);
    expect(result).toMatchObject({ kind: 'failed', fault: 'unknown' });
  });

  it.each([
    ['error', { kind: 'failed', fault: 'provider', message: '500 broken' }],
    ['length', { kind: 'stopped_early', reason: 'max_tokens' }],
    ['aborted', { kind: 'failed', fault: 'crash' }],
    ['surprise', { kind: 'failed', fault: 'unknown' }],
  ])('tells stop reason %s apart', async (stopReason, expected) => {
    const message = `{ ...done, stopReason: '${stopReason}', errorMessage: '500 broken' }`;
    const { result } = await play(`say({ type: 'message_end', message: ${message} }); say({ type: 'agent_settled' });`);
    expect(result).toMatchObject(expected);
  });

  it('tells a refusal apart from an error', async () => {
    const message = `{ ...done, stopReason: 'error', rawStopReason: 'refusal', errorMessage: 'no' }`;
    const { result } = await play(`say({ type: 'message_end', message: ${message} }); say({ type: 'agent_settled' });`);
    expect(result).toMatchObject({ kind: 'stopped_early', reason: 'refusal', text: 'fine' });
  });

  it('is a crash when it ends, with the end of what it said', async () => {
    const { result } = await play(`process.stderr.write('out of\\u001b[31m luck\\n', () => process.exit(3));`);
    expect(result).toEqual({
      kind: 'failed',
      fault: 'crash',
      retryable: true,
      text: '',
      message: expect.stringMatching(/^the agent exited with 3: out of \[31m luck$/),
    });
  });

  it('is a crash when it refuses the prompt', async () => {
    const { result } = await play(`say({ id, type: 'response', success: false, error: 'no model' });`);
    expect(result).toMatchObject({ kind: 'failed', fault: 'crash', message: 'no model' });
  });

  it('is killed when it does not stop: after idling, and on cancel', async () => {
    const idle = await play('', { idleMs: 100 });
    expect(idle.result).toMatchObject({ kind: 'failed', fault: 'idle' });
    expect((await idle.session.prompt('again', () => {})).kind).toBe('failed');

    const session = await start(spawnImpostor(`say({ type: 'turn_start' });`));
    const playing = session.prompt('go', () => {});
    await session.cancel();
    expect(await playing).toMatchObject({ kind: 'stopped_early', reason: 'cancelled' });
  });
});

describe('a start that fails', () => {
  const failStart = (spawnProcess: AgentSpec['spawn']) => start(spawnProcess).catch((error: unknown) => error);

  it('is an ExternalError when the process ends at once', async () => {
    const error = await failStart(spawnImpostor('', `process.exit(9)`));
    expect(error).toBeInstanceOf(ExternalError);
    expect(error).toMatchObject({ system: 'agent', retry: 'soon', message: 'the agent exited with 9' });
  });

  it('is an ExternalError when the sandbox fails', async () => {
    const spawnNothing: AgentSpec['spawn'] = (argv) => {
      const process = spawnImpostor('', `await new Promise(() => {})`)(argv);
      return { ...process, end: Promise.reject(new Error('no room for a sandbox')) };
    };
    expect(await failStart(spawnNothing)).toMatchObject({
      system: 'agent',
      message: expect.stringContaining('no room'),
    });
  });

  it('is an ExternalError when another model was chosen', async () => {
    const error = await failStart(spawnImpostor('', `{ sessionId: 's', messageCount: 0, model: { id: 'other' } }`));
    expect(error).toMatchObject({ system: 'agent', retry: 'never', message: 'pi does not know the model m' });
  });

  it('is an ExternalError when nothing is said in time', async () => {
    const slow = createPiDriver({ startMs: 200 });
    const silent = spawnImpostor('', `await new Promise(() => {})`);
    const model = { baseUrl: 'http://127.0.0.1:1', token: 't', name: 'm', provider: 'anthropic' } as const;
    await expect(slow.start({ spawn: silent, model, idleMs: 1, turnMs: 1 })).rejects.toThrow(
      'did not come up within 200 ms',
    );
  });
});
