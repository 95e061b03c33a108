// pi where it really runs: in a sandbox without network, with the gateway's socket as the only way out.
import { chmod, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createCommandDriver } from '../../src/agent/command/command-driver.ts';
import { createPiDriver } from '../../src/agent/pi/pi-driver.ts';
import type { AgentDriver, AgentSession, AgentSpec } from '../../src/engine/port/agent.ts';
import type { Sandbox, SandboxProvider } from '../../src/engine/port/sandbox.ts';
import { createBubblewrapProvider } from '../../src/sandbox/bubblewrap/create-bubblewrap-provider.ts';
import { readMachineTools } from '../prerequisite/machine-tools.ts';
import { play, type Stage, type StageOptions, setStage } from './agent-stage.ts';

const port = 8_080;
const mebibyte = 1024 * 1024;
const driver = createPiDriver({ retries: { count: 3, baseDelayMs: 20 }, graceMs: 10_000 });

let provider: SandboxProvider;
const stages: Stage[] = [];
const sandboxes: Sandbox[] = [];
const sessions: AgentSession[] = [];

beforeAll(async () => {
  const state = await setStage({ attempts: [] });
  stages.push(state);
  provider = await createBubblewrapProvider({
    tools: (await readMachineTools('bubblewrap')).bubblewrap,
    stateFolder: join(state.folder, 'state'),
    nodePath: process.execPath,
  });
});

afterEach(async () => {
  await Promise.all(sessions.splice(0).map((session) => session.close()));
  await Promise.all(sandboxes.splice(0).map((sandbox) => sandbox.dispose()));
  await Promise.all(stages.splice(1).map((stage) => stage.stop()));
});

afterAll(async () => {
  await Promise.all(stages.map((stage) => stage.stop()));
});

async function enter(options: StageOptions, used: AgentDriver = driver) {
  const stage = await setStage(options);
  stages.push(stage);
  const sandbox = await provider.create({
    id: 'pi-test',
    workspace: { path: stage.workspace, access: 'read-write' },
    readOnly: used.mounts,
    env: used.env,
    network: { mode: 'gateway', socket: stage.grant.socket, port },
    limits: {
      memoryBytes: 1024 * mebibyte,
      pids: 200,
      cpuSeconds: 120,
      diskBytes: 256 * mebibyte,
      wallMs: 60_000,
      outputBytes: 64 * mebibyte,
    },
  });
  sandboxes.push(sandbox);
  const start = async (spec: Partial<AgentSpec> = {}) => {
    const session = await used.start({
      spawn: (argv, spawnOptions) => sandbox.spawn(argv, spawnOptions),
      model: {
        baseUrl: `http://127.0.0.1:${port}`,
        token: stage.grant.token,
        name: 'scripted',
        provider: stage.provider,
      },
      idleMs: 20_000,
      turnMs: 25_000,
      ...spec,
    });
    sessions.push(session);
    return session;
  };
  return { stage, sandbox, start };
}

const readText = (stage: Stage, name: string) => readFile(join(stage.workspace, name), 'utf8');

describe('pi in a sandbox', () => {
  it('writes a file, runs a command and goes on after a rate limit', async () => {
    const { stage, start } = await enter({
      attempts: [
        [
          { kind: 'write', path: 'src/hello.js', content: 'console.log("hello from", process.cwd());\n' },
          { kind: 'fail', status: 429, retryAfterSeconds: 0 },
          { kind: 'bash', command: 'node src/hello.js > out.txt; id -u > uid.txt' },
          { kind: 'say', text: 'I am done.' },
        ],
      ],
    });
    const session = await start();
    const { result, events } = await play(session, 'ATTEMPT 1: say hello');
    expect(result).toEqual({ kind: 'done', text: 'I am done.' });
    expect(await readText(stage, 'out.txt')).toBe('hello from /workspace\n');
    expect(await readText(stage, 'uid.txt')).not.toBe('0\n');
    expect(events).toContainEqual({ kind: 'retry', reason: expect.stringMatching(/^429/) });
    await session.close();
    expect((await readdir(stage.workspace)).sort()).toEqual(['out.txt', 'src', 'uid.txt']);
    expect(await stage.grant.revoke()).toMatchObject({
      requests: 4,
      inputTokens: 3000,
      outputTokens: 150,
      exact: true,
    });
  });

  it('holds the real key nowhere: not in the environment, the arguments or the files', async () => {
    // Everything that the agent's user can read, of its own parents too, and proof that it was looked at.
    const search = [
      'cat /proc/*/environ /proc/*/cmdline > seen-processes 2>/dev/null',
      'cp -r /home /tmp /run seen-files 2>/dev/null; mkdir -p seen-files; cp -r ~/. seen-files/ 2>/dev/null',
      'cat /opt/pi/start/* > seen-start',
    ].join('\n');
    const { stage, start } = await enter({
      attempts: [
        [
          { kind: 'bash', command: search },
          { kind: 'say', text: 'ok' },
        ],
      ],
    });
    const session = await start();
    expect((await play(session, 'go')).result.kind).toBe('done');
    await session.close();
    const seen = await readAll(stage.workspace);
    expect(seen).toContain(stage.grant.token);
    expect(seen).toContain('models.json');
    expect(seen).not.toContain(stage.apiKey);
    expect(await readText(stage, 'seen-processes')).toContain('pi-rpc');
  });

  it('reaches nothing but the gateway', async () => {
    const { stage, start } = await enter({
      attempts: [
        [
          {
            kind: 'bash',
            command: `node -e 'fetch("http://1.1.1.1").catch((e) => console.log(e.cause.code))' > direct.txt`,
          },
          {
            kind: 'bash',
            command: `node -e 'fetch("http://127.0.0.1:${port}/v1/files").then((r) => console.log(r.status))' > gateway.txt`,
          },
          { kind: 'say', text: 'ok' },
        ],
      ],
    });
    expect((await play(await start(), 'go')).result.kind).toBe('done');
    expect(await readText(stage, 'direct.txt')).toBe('ENETUNREACH\n');
    expect(await readText(stage, 'gateway.txt')).toBe('401\n');
  });

  it('ends as idle when the model hangs', async () => {
    const { start } = await enter({ attempts: [[{ kind: 'hang' }]] });
    expect((await play(await start({ idleMs: 1_000 }), 'go')).result).toMatchObject({ kind: 'failed', fault: 'idle' });
  });

  it('is gone with everything it started when it is cancelled and closed', async () => {
    const { stage, start } = await enter({
      attempts: [[{ kind: 'bash', command: 'setsid sleep 987654 & echo up > up; sleep 987654' }]],
    });
    const session = await start();
    const playing = play(session, 'go');
    await expect.poll(() => readText(stage, 'up').catch(() => ''), { timeout: 10_000 }).toBe('up\n');
    // The shell says so before it starts the second one.
    await expect.poll(countSleepers, { timeout: 10_000 }).toBe(2);
    await session.cancel();
    expect((await playing).result).toMatchObject({ kind: 'stopped_early', reason: 'cancelled' });
    await session.close();
    expect(await countSleepers()).toBe(0);
  });

  it('loses its model at once when the grant is revoked', async () => {
    const { stage, start } = await enter({ attempts: [[{ kind: 'hang' }]] });
    const session = await start();
    const playing = play(session, 'go');
    await expect.poll(() => stage.model.log.length, { timeout: 10_000 }).toBe(1);
    await stage.grant.revoke();
    expect((await playing).result).toMatchObject({ kind: 'failed', retryable: true });
  });

  it('resumes in a new process when its sessions are kept in the git folder of the workspace', async () => {
    const home = '/workspace/.git/agent-home';
    const { stage, start } = await enter({
      attempts: [[{ kind: 'say', text: 'one' }], [{ kind: 'say', text: 'two' }]],
    });
    await mkdir(join(stage.workspace, '.git'), { mode: 0o777 });
    await chmod(join(stage.workspace, '.git'), 0o777);
    const first = await start({ home });
    await play(first, 'ATTEMPT 1: remember the word zebra');
    await first.close();
    const second = await start({ home, resume: first.id });
    expect(second.resumed).toBe(true);
    expect((await play(second, 'ATTEMPT 2')).result).toEqual({ kind: 'done', text: 'two' });
    expect(stage.model.log.at(-1)?.prompt).toContain('zebra');
  });
});

it('runs a command as an agent in a sandbox', async () => {
  const commandDriver = createCommandDriver({
    name: 'sh',
    argv: ['sh', '-c', 'cat > prompt.txt; cat "$GATEPILOT_PROMPT_FILE"'],
  });
  const { stage, start } = await enter({ attempts: [] }, commandDriver);
  expect((await play(await start(), 'hello')).result).toEqual({ kind: 'done', text: 'hello' });
  expect(await readText(stage, 'prompt.txt')).toBe('hello');
});

async function readAll(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const texts = await Promise.all(files.map((file) => readFile(file, 'latin1')));
  return [...files, ...texts].join('\n');
}

/** Processes of the host that run the command of the test, wherever they are. */
async function countSleepers(): Promise<number> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(pids.map((pid) => readFile(join('/proc', pid, 'cmdline'), 'utf8').catch(() => '')));
  return lines.filter((line) => line.startsWith('sleep\u0000987654')).length;
}
