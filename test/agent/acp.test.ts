// What the driver makes of the Agent Client Protocol, with a small agent that speaks it through the library's agent side.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createAcpDriver } from '../../src/agent/acp/acp-driver.ts';
import type { AcpProfile } from '../../src/agent/acp/acp-profile.ts';
import type { AgentEvent, AgentSpec } from '../../src/engine/port/agent.ts';
import { play, type Stage, setStage } from './agent-stage.ts';

const program = join(import.meta.dirname, 'support/acp-agent.mjs');
let stage: Stage | undefined;

afterEach(async () => {
  await stage?.stop();
  stage = undefined;
});

interface Behaviour {
  readonly restore?: 'load' | 'resume';
  readonly modes?: boolean;
  readonly commands?: readonly string[];
  readonly version?: number;
  readonly locked?: boolean;
}

async function start(
  behaviour: Behaviour & { steer?: AcpProfile['steer'] } = {},
  spec: Partial<AgentSpec> = {},
  profile: Partial<AcpProfile> = {},
) {
  stage ??= await setStage({ attempts: [] });
  const driver = createAcpDriver({
    profile: {
      name: 'test',
      packages: {},
      program: 'node',
      args: [program, JSON.stringify(behaviour)],
      env: { ADDRESS: '{url} {model} {token}' },
      files: { '.test/settings.json': { model: '{model}', at: '{url}', token: '{token}' } },
      resumes: true,
      models: { anthropic: { args: [], env: {}, files: { '.test/more': 'plain {model}' } } },
      steer: behaviour.steer ?? 'interrupts',
      ...profile,
    },
    modules: stage.folder,
    workspace: stage.workspace,
    graceMs: 1_500,
  });
  const { session, processes } = await stage.startLocally(driver, { home: stage.home, ...spec });
  return { session, processes, stage };
}

const phases = (events: readonly AgentEvent[]) =>
  events.flatMap((event) => (event.kind === 'phase' ? [event.phase] : []));

describe('a turn', () => {
  it('writes to the workspace itself, shows its tools and gives what was said last', async () => {
    const { session, stage } = await start();
    const { result, events } = await play(session, 'say I begin.\nwrite a.txt hello\nsay All\nsay  done.');
    expect(result).toEqual({ kind: 'done', text: 'All done.' });
    expect(readFileSync(join(stage.workspace, 'a.txt'), 'utf8')).toBe('hello');
    expect(events).toEqual([
      { kind: 'text', text: 'I begin.' },
      { kind: 'tool', id: 'write-a.txt', name: 'edit', status: 'running', title: 'write-a.txt' },
      { kind: 'tool', id: 'write-a.txt', name: 'edit', status: 'done', title: 'write-a.txt' },
      { kind: 'text', text: 'All' },
      { kind: 'text', text: ' done.' },
    ]);
  });

  it('offers the agent neither files nor terminals, and answers nothing that it asks for', async () => {
    const { session, stage } = await start();
    const { result } = await play(
      session,
      'reach fs/read_text_file\nsay .\nreach terminal/create\nsay .\nreach made/up',
    );
    expect(result.text).toBe('-32601.-32601.-32601');
    expect(JSON.parse(readFileSync(join(stage.home, 'initialize.json'), 'utf8'))).toMatchObject({
      protocolVersion: 1,
      clientCapabilities: {},
    });
  });

  it('configures the agent by files and environment, with the token in the environment alone', async () => {
    const { session, processes, stage } = await start();
    const { result } = await play(session, 'env ADDRESS');
    expect(result.text).toMatch(/^ADDRESS=http:\/\/127\.0\.0\.1:\d+ gemini-scripted gp_/);
    const settings = JSON.parse(readFileSync(join(stage.home, '.test/settings.json'), 'utf8'));
    expect(settings).toMatchObject({ model: 'gemini-scripted', token: '{token}' });
    expect(readFileSync(join(stage.home, '.test/more'), 'utf8')).toBe('plain gemini-scripted');
    expect(processes.argvs.flat().join(' ')).not.toContain(stage.grant.token);
  });

  it('tells apart how it ended', async () => {
    const { session } = await start();
    for (const [reason, expected] of [
      ['max_tokens', { kind: 'stopped_early', reason: 'max_tokens' }],
      ['refusal', { kind: 'stopped_early', reason: 'refusal' }],
      ['max_turn_requests', { kind: 'stopped_early', reason: 'max_turns' }],
      ['cancelled', { kind: 'failed', fault: 'crash' }],
    ] as const) {
      const { result } = await play(session, `say hm\nstop ${reason}`);
      expect(result, reason).toMatchObject({ ...expected, text: 'hm' });
    }
  });

  it('passes on a failure of the model as what it is', async () => {
    const { session } = await start();
    for (const [words, expected] of [
      ['-32603 401 wrong key', { fault: 'auth', retryable: false }],
      ['-32000 whatever', { fault: 'auth', retryable: false }],
      ['429 slow down', { fault: 'rate_limit', retryable: true }],
      ['-32603 the model is overloaded', { fault: 'provider', retryable: true }],
      ['-32603 out of budget: this attempt has used up what it was given', { fault: 'budget', retryable: false }],
    ] as const) {
      expect((await play(session, `fail ${words}`)).result, words).toMatchObject({ kind: 'failed', ...expected });
    }
  });

  it('does not pass for success when the agent says nothing, or says that it failed', async () => {
    const { session } = await start({}, {}, { errorPrefix: 'Error: ' });
    expect((await play(session, 'mute')).result).toMatchObject({ kind: 'failed', fault: 'unknown', retryable: true });
    expect((await play(session, 'say Error: 401 wrong key')).result).toMatchObject({
      kind: 'failed',
      fault: 'auth',
      retryable: false,
    });
    expect((await play(session, 'say An Error: no')).result).toMatchObject({ kind: 'done' });
    const marked = await start({}, {}, { failureMark: '"systemError"' });
    expect((await play(marked.session, 'say Hm.\nsay 529 overloaded\nmark systemError')).result).toMatchObject({
      kind: 'failed',
      fault: 'provider',
      message: '529 overloaded',
    });
    expect((await play(marked.session, 'say fine\nmark active')).result).toMatchObject({ kind: 'done' });
  });

  it('ends as idle when the agent is silent, and at the limit of its time', async () => {
    const { session } = await start({}, { idleMs: 200 });
    expect((await play(session, 'wait 60000')).result).toMatchObject({
      kind: 'failed',
      fault: 'idle',
      retryable: true,
    });
    const late = await start({}, { turnMs: 200 });
    expect((await play(late.session, 'deaf 60000')).result).toMatchObject({ kind: 'failed', fault: 'timeout' });
  });
});

describe('a request for permission', () => {
  it('is answered by the kind of its options and by what the agent may do', async () => {
    const writer = await start({}, { access: 'read-write' });
    expect((await play(writer.session, 'ask edit')).result.text).toBe('reject_once');
    const reader = await start({}, { access: 'read-only' });
    for (const [kind, id] of [
      ['execute', 'reject_once'],
      ['edit', 'allow_once'],
      ['delete', 'allow_once'],
    ]) {
      expect((await play(reader.session, `ask ${kind}`)).result.text, kind).toBe(id);
    }
  });
});

describe('a session', () => {
  it('is cancelled by the agent itself, or by force when it does not', async () => {
    for (const verb of ['wait', 'deaf']) {
      const { session, processes } = await start();
      const up = Promise.withResolvers<void>();
      const playing = session.prompt(`say up\n${verb} 60000`, () => up.resolve());
      await up.promise;
      await session.cancel();
      expect(await playing).toEqual({ kind: 'stopped_early', reason: 'cancelled', text: 'up' });
      const again = await session.prompt('say still here', () => {});
      expect(again).toMatchObject(
        verb === 'wait' ? { kind: 'done', text: 'still here' } : { kind: 'failed', fault: 'crash' },
      );
      expect(processes.pids).toHaveLength(1);
      await session.close();
      await session.close();
    }
  });

  it('takes what is said during a turn into the turn, where the agent can', async () => {
    const { session } = await start({ steer: 'joins' });
    expect(await session.steer('too early')).toBe(false);
    const up = Promise.withResolvers<void>();
    const playing = session.prompt('say up\nwait 300\nrecall', () => up.resolve());
    await up.promise;
    expect(await session.steer('use tabs')).toBe(true);
    expect((await playing).text).toContain('"heard":["use tabs"]');
    expect(await session.steer('too late')).toBe(false);
  });

  it('breaks the turn off and goes on with what is said, where the agent cannot', async () => {
    const { session } = await start();
    const up = Promise.withResolvers<void>();
    const playing = session.prompt('say up\nwait 60000', () => up.resolve());
    await up.promise;
    expect(await session.steer('say with tabs')).toBe(true);
    expect(await playing).toEqual({ kind: 'done', text: 'with tabs' });
  });

  it.each(['resume', 'load'] as const)(
    'is resumed by a new process (%s), and nothing old is taken for new',
    async (restore) => {
      const first = await start({ restore });
      expect(first.session).toMatchObject({ resumed: false, capabilities: { resume: true, steer: true } });
      await play(first.session, 'say remember the zebra');
      await first.session.close();
      const second = await start({ restore }, { resume: first.session.id });
      expect(second.session).toMatchObject({ id: first.session.id, resumed: true });
      const { result, events } = await play(second.session, 'recall');
      expect(result.text).toContain('zebra');
      expect(events).toHaveLength(1);
    },
  );

  it('says so when the earlier one is gone, or the agent cannot go back', async () => {
    const gone = await start({ restore: 'resume' }, { resume: 'nowhere' });
    expect(gone.session).toMatchObject({ id: 'session-1', resumed: false });
    const never = await start({}, { resume: 'session-1' });
    expect(never.session).toMatchObject({ id: 'session-2', resumed: false, capabilities: { resume: false } });
    const forgetful = await start({ restore: 'load' }, { resume: 'session-1' }, { resumes: false });
    expect(forgetful.session).toMatchObject({ id: 'session-3', resumed: false, capabilities: { resume: false } });
  });

  it('works in the mode of its profile, or not at all', async () => {
    const { session } = await start({ modes: true }, {}, { mode: 'free' });
    expect((await play(session, 'recall')).result.text).toContain('"mode":"free"');
    await expect(start({ modes: true }, {}, { mode: 'none' })).rejects.toMatchObject({
      system: 'agent',
      retry: 'never',
      message: 'test has no mode none',
    });
  });
});

describe('limits of a turn', () => {
  it('tells the agent to finish, and lets it come to its own end', async () => {
    const { session } = await start({ steer: 'joins' }, { turns: { most: 3, grace: 9 } });
    const { result, events } = await play(session, 'calls 5\nhear\nrecall');
    expect(phases(events)).toEqual(['asked_to_finish']);
    expect(result.text).toContain('Finish now');
  });

  it('cuts off an agent that does not', async () => {
    const { session } = await start({ steer: 'joins' }, { turns: { most: 3, grace: 2 } });
    const { result, events } = await play(session, 'calls 500');
    expect(result).toMatchObject({ kind: 'stopped_early', reason: 'max_turns' });
    expect(phases(events)).toEqual(['asked_to_finish', 'cut_off']);
    expect(events.filter((event) => event.kind === 'tool' && event.status === 'done').length).toBeLessThan(12);
  });

  it.each(['interrupts', 'joins'] as const)('lets the last answer be given that is allowed (%s)', async (steer) => {
    const { session } = await start({ steer }, { turns: { most: 2, grace: 2 } });
    const { result, events } = await play(session, 'calls 1\nsay All\nwait 100\nsay  is\nwait 100\nsay  well.');
    expect(result).toEqual({ kind: 'done', text: 'All is well.' });
    expect(phases(events)).toEqual([]);
  });

  it('interrupts an agent that cannot be told otherwise', async () => {
    const { session, stage } = await start({}, { turns: { most: 3, grace: 2 } });
    const { result, events } = await play(session, 'calls 500');
    expect(phases(events)).toEqual(['asked_to_finish']);
    expect(result).toEqual({ kind: 'done', text: 'I see.' });
    expect(readFileSync(join(stage.home, 'sessions.json'), 'utf8')).toContain('Finish now');
  });
});

describe('a conversation that is larger than the model reads', () => {
  const tooLong = 'fail -32603 prompt is too long: 213462 tokens > 200000 maximum';

  it('is summarised once, and gone on with', async () => {
    const { session, stage } = await start({ commands: ['plan', 'compact'] }, {}, { compact: 'compact' });
    const { result, events } = await play(session, `say hm\n${tooLong}`);
    expect(phases(events)).toEqual(['overflow', 'compacted', 'retried']);
    expect(result).toEqual({ kind: 'done', text: 'I see.' });
    const { said } = JSON.parse(readFileSync(join(stage.home, 'sessions.json'), 'utf8'))['session-1'];
    expect(said.slice(1)).toEqual(['/compact', 'Go on with the task where you were.']);
  });

  it('is an honest failure where the agent has no command for it', async () => {
    const { session } = await start({ commands: ['plan'] }, {}, { compact: 'compact' });
    const { result, events } = await play(session, tooLong);
    expect(result).toMatchObject({ kind: 'failed', fault: 'context', retryable: false });
    expect(phases(events)).toEqual(['overflow', 'recovery_failed']);
  });
});

describe('a start that fails', () => {
  it('says what is wrong', async () => {
    await expect(start({ version: 2 })).rejects.toThrow('test speaks version 2 of the protocol, not 1');
    await expect(start({ locked: true })).rejects.toMatchObject({ message: 'Authentication required', retry: 'never' });
    await expect(start({}, {}, { models: {} })).rejects.toThrow('test cannot talk to models of anthropic');
    await expect(start({}, {}, { program: '/no/such/program' })).rejects.toMatchObject({
      system: 'agent',
      retry: 'soon',
    });
    expect(stage && existsSync(join(stage.home, 'sessions.json'))).toBe(false);
  });
});
