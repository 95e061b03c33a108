// What a process that was taken over could do to the driver: an agent runs next to the code of the repository.
import type { Writable } from 'node:stream';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createAcpDriver } from '../../src/agent/acp/acp-driver.ts';
import type { AcpProfile } from '../../src/agent/acp/acp-profile.ts';
import { ExternalError } from '../../src/engine/external-error.ts';
import type { AgentEvent, AgentSession, AgentSpec } from '../../src/engine/port/agent.ts';
import { toSpawn } from './hostile-process.ts';

const profile: AcpProfile = {
  name: 'impostor',
  packages: {},
  program: 'node',
  args: [],
  env: {},
  files: {},
  models: { anthropic: { args: [], env: {}, files: {} } },
  resumes: true,
  steer: 'interrupts',
};
const sessions: AgentSession[] = [];

afterEach(async () => {
  await Promise.all(sessions.splice(0).map((session) => session.close()));
});

/** A program that greets like an agent and answers each prompt with `onPrompt`; `say` writes a message, `show` an update. */
function spawnImpostor(
  onPrompt: string,
  greeting = `{ protocolVersion: 1 }`,
  onStart = (_stdin: Writable) => {},
): AgentSpec['spawn'] {
  const program = `
    const say = (message) => process.stdout.write((typeof message === 'string' ? message : JSON.stringify(message)) + '\\n');
    const answer = (id, result) => say({ jsonrpc: '2.0', id, result });
    const show = (update, sessionId = 's') => say({ jsonrpc: '2.0', method: 'session/update', params: { sessionId, update } });
    const text = (text) => show({ sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } });
    require('node:readline').createInterface({ input: process.stdin }).on('line', async (line) => {
      const { id, method, params } = JSON.parse(line);
      if (method === 'initialize') answer(id, ${greeting});
      if (method === 'session/new') answer(id, { sessionId: 's' });
      if (method === 'session/prompt') { ${onPrompt} }
    });
    process.on('SIGTERM', () => {});
  `;
  return toSpawn(program, onStart);
}

async function start(
  spawnProcess: AgentSpec['spawn'],
  limits: Partial<AgentSpec> = {},
  special: Partial<AcpProfile> = {},
): Promise<AgentSession> {
  const driver = createAcpDriver({
    profile: { ...profile, ...special },
    modules: '/nowhere',
    startMs: 5_000,
    graceMs: 200,
  });
  const model = { baseUrl: 'http://127.0.0.1:1', token: 't', name: 'm', provider: 'anthropic' } as const;
  const session = await driver.start({ spawn: spawnProcess, model, idleMs: 10_000, turnMs: 20_000, ...limits });
  sessions.push(session);
  return session;
}

async function play(onPrompt: string, limits: Partial<AgentSpec> = {}, special: Partial<AcpProfile> = {}) {
  const session = await start(spawnImpostor(onPrompt), limits, special);
  const events: AgentEvent[] = [];
  return { session, events, result: await session.prompt('go', (event) => events.push(event)) };
}

const done = `text('fine'); answer(id, { stopReason: 'end_turn' });`;

describe('a process that is not what it seems', () => {
  it('cannot break the driver with lines, nor have anything printed here', async () => {
    const printed = vi.spyOn(console, 'error');
    const { result, events } = await play(`
      say('{"jsonrpc":"2.0","method":' + '['.repeat(3_000_000));
      for (let i = 0; i < 25; i += 1) process.stdout.write('x'.repeat(4_000_000));
      say('');
      say('not json'); say('null'); say('[]'); say('"text"'); say('{}'); say('\\u0000'); say('[' + JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'x' }) + ']');
      say({ jsonrpc: '2.0' }); say({ jsonrpc: '1.0', id, result: { stopReason: 'refusal' } }); say({ id, result: {} });
      answer(999, { stopReason: 'refusal' }); answer(null, {}); answer('__proto__', {}); answer({}, {}); answer(-1.5, {});
      say({ jsonrpc: '2.0', id: 12345, error: { code: 1, message: 'x' } });
      say({ jsonrpc: '2.0', method: '$/cancel_request', params: { requestId: id } });
      say({ jsonrpc: '2.0', method: 'made/up', params: 7 });
      say({ jsonrpc: '2.0', method: 'session/update' }); say({ jsonrpc: '2.0', method: 'session/update', params: { sessionId: 's' } });
      say({ jsonrpc: '2.0', method: 'elicitation/complete', params: {} });
      show({ sessionUpdate: 'constructor' }); show({ sessionUpdate: '__proto__' }); show(null); show([]);
      show({ sessionUpdate: 'agent_message_chunk' }); show({ sessionUpdate: 'agent_message_chunk', content: { type: 'text', text: 7 } });
      show({ sessionUpdate: 'tool_call', toolCallId: 7, title: {}, status: 'made up', content: 9 });
      show({ sessionUpdate: 'tool_call', toolCallId: 'x'.repeat(100000), title: 'y'.repeat(100000) + '\\u001b[2J' });
      show({ sessionUpdate: 'available_commands_update', availableCommands: 'many' });
      show({ sessionUpdate: 'agent_message_chunk', content: { type: 'text', text: 'of another' } }, 'another session');
      ${done}
    `);
    expect(result).toEqual({ kind: 'done', text: 'fine' });
    expect(JSON.stringify(events)).not.toMatch(/of another|\\u001b/);
    expect(Math.max(...events.map((event) => JSON.stringify(event).length))).toBeLessThan(1_000);
    expect(printed).not.toHaveBeenCalled();
    printed.mockRestore();
  });

  it('cannot end the worker with a line that is nested too deeply to be written again', async () => {
    const deep = `const deep = '['.repeat(50_000) + ']'.repeat(50_000);`;
    const info = (meta: string) =>
      `say('{"jsonrpc":"2.0","method":"session/update","params":{"sessionId":"s","update":{"sessionUpdate":"session_info_update","_meta":' + ${meta} + '}}}');`;
    const marked = await play(
      `${deep} ${info('deep')} say('{"jsonrpc":"2.0","id":"q","method":"session/request_permission","params":' + deep + '}'); ${done}`,
      {},
      { failureMark: '"systemError"' },
    );
    expect(marked.result).toEqual({ kind: 'done', text: 'fine' });

    const refuse = `${deep} say('{"jsonrpc":"2.0","id":' + id + ',"error":{"code":-32603,"message":"no luck","data":' + deep + '}}');`;
    expect((await play(refuse)).result).toMatchObject({ kind: 'failed', message: 'no luck' });
    // Also the answer to what was said to it during the turn, which nobody may be waiting for yet.
    const told = await play(
      `if (globalThis.first === undefined) { globalThis.first = id; show({ sessionUpdate: 'tool_call', toolCallId: 't', status: 'completed' }); } else { ${refuse} setTimeout(() => answer(first, { stopReason: 'end_turn' }), 50); }`,
      { turns: { most: 1, grace: 5 } },
      { steer: 'joins' },
    );
    expect(told.result).toMatchObject({ kind: 'failed', message: 'no luck' });
  });

  it('is answered in few words, however much it asks', async () => {
    const answers: string[] = [];
    const listen = (stdin: Writable) => {
      const write = stdin.write.bind(stdin);
      vi.spyOn(stdin, 'write').mockImplementation((chunk: unknown) => {
        answers.push(String(chunk));
        return write(chunk);
      });
    };
    const ask = (id: string, call: string, options: string) =>
      `say('{"jsonrpc":"2.0","id":"${id}","method":"session/request_permission","params":{"sessionId":"s","toolCall":' + JSON.stringify(${call}) + ',"options":' + JSON.stringify(${options}) + '}}');`;
    const spawnProcess = spawnImpostor(
      `
      ${ask('many', `{ toolCallId: 't' }`, 'Array(300_000).fill(0)')}
      ${ask('odd', `{ toolCallId: 't' }`, `Array(20_000).fill({ optionId: 'o', name: 'n', kind: 'x'.repeat(50) })`)}
      ${ask('large', `{ toolCallId: 't', kind: 'edit', rawInput: 'y'.repeat(2_000_000) }`, `[{ optionId: 'yes', name: 'n', kind: 'allow_once' }]`)}
      show({ sessionUpdate: 'available_commands_update', availableCommands: Array(1_000_000).fill(0) });
      let left = 3;
      process.stdin.on('data', (data) => { left -= String(data).split('\\n').length - 1; if (left === 0) { ${done} } });
    `,
      undefined,
      listen,
    );
    const session = await start(spawnProcess);
    expect(await session.prompt('go', () => {})).toEqual({ kind: 'done', text: 'fine' });
    const given = answers.filter((line) => !line.includes('"method"'));
    expect(given).toHaveLength(3);
    expect(Math.max(...given.map((line) => line.length))).toBeLessThan(2_000);
    // A change of a large file is asked for with all of it.
    expect(given.find((line) => line.includes('"large"'))).toContain('"optionId":"yes"');
  });

  it('gets no more answers than it reads, whatever it asks for', async () => {
    let stdin: Writable | undefined;
    const flood = `
      process.stdin.pause();
      const ask = (n) => ({ jsonrpc: '2.0', id: 'q' + n, method: n % 2 ? 'fs/read_text_file' : 'session/request_permission', params: {} });
      for (let i = 0; i < 100_000; i += 1) if (!say(ask(i))) await new Promise((resolve) => process.stdout.once('drain', resolve));
      ${done}
    `;
    const session = await start(spawnImpostor(flood, undefined, (opened) => (stdin = opened)));
    expect(await session.prompt('go', () => {})).toEqual({ kind: 'done', text: 'fine' });
    // What waits to be read, of the eleven megabytes that it asked for.
    expect(stdin?.writableLength).toBeGreaterThan(100_000);
    expect(stdin?.writableLength).toBeLessThan(2_000_000);
  });

  it('cannot drown those who watch', async () => {
    const { events, result } = await play(`
      for (let i = 0; i < 200; i += 1) text('y'.repeat(100_000));
      const short = JSON.stringify({ jsonrpc: '2.0', method: 'session/update', params: { sessionId: 's', update: { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text: 'z' } } } });
      say(Array(60_000).fill(short).join('\\n'));
      for (let i = 0; i < 3_000; i += 1) show({ sessionUpdate: 'tool_call', toolCallId: 'tool' + i, title: 't' });
      text('w'.repeat(1_000_000));
      answer(id, { stopReason: 'end_turn' });
    `);
    expect(events.length).toBeLessThanOrEqual(20_000);
    expect(Math.max(...events.map((event) => (event.kind === 'text' ? event.text.length : 0)))).toBeLessThanOrEqual(
      4_000,
    );
    expect(result.text.length).toBeLessThanOrEqual(64_000);
  });

  it('does not pass for success with an answer that is none', async () => {
    for (const answer of ['null', '{}', '7', `{ stopReason: 'made up' }`, `{ stopReason: ['end_turn'] }`]) {
      const { result } = await play(`text('fine'); answer(id, ${answer});`);
      expect(result, answer).toMatchObject({ kind: 'failed', fault: 'unknown' });
    }
    const twice = await play(
      `text('fine'); answer(id, { stopReason: 'refusal' }); answer(id, { stopReason: 'end_turn' });`,
    );
    expect(twice.result).toMatchObject({ kind: 'stopped_early', reason: 'refusal' });
  });

  it('is a crash when it ends in the middle, with the end of what it said', async () => {
    const { result, session } = await play(`process.stderr.write('out of\\u001b[31m luck\\n', () => process.exit(3));`);
    expect(result).toEqual({
      kind: 'failed',
      fault: 'crash',
      retryable: true,
      text: '',
      message: 'the agent exited with 3: out of [31m luck',
    });
    expect(await session.prompt('again', () => {})).toMatchObject({ kind: 'failed', fault: 'crash' });
  });

  it('is killed when it does not stop: after idling, and on cancel', async () => {
    const idle = await play('', { idleMs: 100 });
    expect(idle.result).toMatchObject({ kind: 'failed', fault: 'idle' });
    expect((await idle.session.prompt('again', () => {})).kind).toBe('failed');

    const session = await start(spawnImpostor(`text('up')`));
    const playing = session.prompt('go', () => {});
    await session.cancel();
    expect(await playing).toMatchObject({ kind: 'stopped_early', reason: 'cancelled' });
  });

  it('does not live on by talking: the turn has an end of its own', async () => {
    const { result } = await play(`setInterval(() => text('.'), 20);`, { idleMs: 5_000, turnMs: 600 });
    expect(result).toMatchObject({ kind: 'failed', fault: 'timeout' });
  });
});

describe('a start that fails', () => {
  const failStart = (greeting: string) => start(spawnImpostor('', greeting)).catch((error: unknown) => error);

  it('is an ExternalError, whatever went wrong', async () => {
    const ended = await failStart(`process.exit(9)`);
    expect(ended).toBeInstanceOf(ExternalError);
    expect(ended).toMatchObject({ system: 'agent', retry: 'soon', message: 'the agent exited with 9' });
    for (const greeting of ['7', 'null', `{ protocolVersion: 'one' }`]) {
      expect(await failStart(greeting), greeting).toMatchObject({ system: 'agent', retry: 'never' });
    }
  });

  it('is an ExternalError when the sandbox fails', async () => {
    const spawnNothing: AgentSpec['spawn'] = (argv) => {
      const process = spawnImpostor('', `await new Promise(() => {})`)(argv);
      return { ...process, end: Promise.reject(new Error('no room for a sandbox')) };
    };
    await expect(start(spawnNothing)).rejects.toMatchObject({
      system: 'agent',
      message: expect.stringContaining('no room'),
    });
  });

  it('is an ExternalError when nothing is said in time', async () => {
    const slow = createAcpDriver({
      profile: { ...profile, name: 'slow' },
      modules: '/nowhere',
      startMs: 200,
    });
    const silent = spawnImpostor('', `await new Promise(() => {})`);
    const model = { baseUrl: 'http://127.0.0.1:1', token: 't', name: 'm', provider: 'anthropic' } as const;
    await expect(slow.start({ spawn: silent, model, idleMs: 1, turnMs: 1 })).rejects.toThrow(
      'slow did not come up within 200 ms',
    );
  });
});
