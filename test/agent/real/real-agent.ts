// One real agent, as its profile installs and starts it, in the sandbox in which it would work, before the scripted model.
import { chmod, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createAcpDriver } from '../../../src/agent/acp/acp-driver.ts';
import type { AcpProfile } from '../../../src/agent/acp/acp-profile.ts';
import { createCheckpoints } from '../../../src/checkpoint/create-checkpoints.ts';
import type { AgentDriver, AgentEvent, AgentSession, TurnResult } from '../../../src/engine/port/agent.ts';
import type { CheckpointPort } from '../../../src/engine/port/checkpoint.ts';
import type { ModelProvider } from '../../../src/engine/port/model.ts';
import type { SandboxProvider } from '../../../src/engine/port/sandbox.ts';
import { plainGit } from '../../git/support/plain-git.ts';
import { play, type Stage, type StageOptions, setStage } from '../agent-stage.ts';

export interface Check {
  readonly name: string;
  /** What went wrong; undefined when it holds. */
  readonly why: string | undefined;
  readonly ms: number;
}

export interface RealAgent {
  readonly profile: AcpProfile;
  readonly modules: string;
  readonly provider: ModelProvider;
  readonly sandboxes: SandboxProvider;
}

const port = 8_080;
const mebibyte = 1024 * 1024;
const limits = {
  memoryBytes: 4096 * mebibyte,
  pids: 512,
  cpuSeconds: 600,
  diskBytes: 2048 * mebibyte,
  wallMs: 300_000,
  outputBytes: 64 * mebibyte,
};
const owner = { repository: 'example.com/7', number: 1, run: 'r1', task: 'one' };
const never = new AbortController().signal;
/** As the engine has it: in the git folder of the workspace, which is no part of the work. */
const homeInside = '/workspace/.git/agent-home';
const waiting = (mark: string) => `echo up > ${mark}; while [ ! -e go ]; do sleep 0.1; done`;

const attempts: StageOptions['attempts'] = [
  [
    { kind: 'write', path: 'src/hello.js', content: 'console.log("hello from", process.cwd());\n' },
    { kind: 'bash', command: 'node src/hello.js > out.txt; id -u > uid.txt' },
    { kind: 'say', text: 'I am done.' },
  ],
  [
    { kind: 'bash', command: waiting('told') },
    {
      kind: 'when',
      text: 'use tabs please',
      steps: [{ kind: 'write', path: 'tabs.txt', content: 'tabs\n' }],
      otherwise: [{ kind: 'write', path: 'spaces.txt', content: 'spaces\n' }],
    },
    { kind: 'say', text: 'I was told.' },
  ],
  [{ kind: 'say', text: 'I remember.' }],
  [
    { kind: 'bash', command: 'echo up > cancelled; setsid sleep 987653 & sleep 987653' },
    { kind: 'write', path: 'after.txt', content: 'never\n' },
    { kind: 'say', text: 'I went on.' },
  ],
];

/** Everything that is asked of an agent, in the order in which a run would; what follows a failure is not tried. */
export async function tryAgent(agent: RealAgent): Promise<readonly Check[]> {
  const driver = createAcpDriver({ profile: agent.profile, modules: agent.modules });
  const checks: Check[] = [];
  const places: Place[] = [];
  const enter = async () => {
    const place = await enterPlace(agent, driver);
    places.push(place);
    return place;
  };
  const check = async (name: string, work: () => Promise<string | undefined>) => {
    const started = performance.now();
    const why = await work().catch((error: unknown) => String(error));
    checks.push({ name, why, ms: Math.round(performance.now() - started) });
    if (why !== undefined) throw new Failed();
  };
  try {
    const here = await enter();
    const starting = here.start();
    await check('started', () => starting.then(() => undefined));
    const first = await starting;
    await check('task', () => doTask(here, first));
    await check('steered', () => steer(here, first));
    await first.close();
    await check('no secret kept', () => findSecrets(here));
    if (agent.profile.resumes) {
      await check('resumed', () => remember(here, first.id));
      await check('from a checkpoint on another host', () => moveOn(here, enter, first.id));
    } else await check('does not claim to resume', () => forget(here, first.id));
    const again = await here.start(first.id);
    await check('cancelled', () => cancel(here, again));
  } catch (error) {
    if (!(error instanceof Failed)) throw error;
  } finally {
    for (const place of places) await place.leave();
  }
  return checks;
}

class Failed extends Error {}

interface Place {
  readonly stage: Stage;
  readonly home: string;
  /** As the engine does it while an agent is at work. */
  keep(checkpoints: CheckpointPort): Promise<{ readonly id: string; readonly bytes: number }>;
  restore(checkpoints: CheckpointPort, id: string): Promise<void>;
  start(resume?: string): Promise<AgentSession>;
  read(name: string): Promise<string>;
  leave(): Promise<void>;
}

async function enterPlace(agent: RealAgent, driver: AgentDriver): Promise<Place> {
  const stage = await setStage({ attempts, provider: agent.provider, workspaceInside: '/workspace' });
  const home = join(stage.workspace, '.git/agent-home');
  await chmod(stage.folder, 0o711);
  const base = commitFiles(stage.workspace);
  const open = (access: 'read-only' | 'read-write') =>
    agent.sandboxes.create({
      id: `checkpoint-${agent.profile.name}`,
      workspace: { path: stage.workspace, access },
      readOnly: [],
      env: {},
      network: { mode: 'deny' },
      limits: { ...limits, outputBytes: 33 * mebibyte },
    });
  const sandbox = await agent.sandboxes.create({
    id: `real-${agent.profile.name}`,
    workspace: { path: stage.workspace, access: 'read-write' },
    readOnly: driver.mounts,
    env: driver.env,
    network: { mode: 'gateway', socket: stage.grant.socket, port },
    limits,
  });
  return {
    stage,
    home,
    async keep(checkpoints) {
      const openSandbox = () => open('read-only');
      const taken = await checkpoints.take(owner, { base, maxBytes: 32 * mebibyte, openSandbox }, never);
      return taken.kind === 'kept' ? taken : Promise.reject(new Error(taken.why));
    },
    async restore(checkpoints, id) {
      const restored = await checkpoints.restore(owner, id, () => open('read-write'), never);
      if (restored.kind === 'refused') throw new Error(restored.why);
    },
    read: (name) => readFile(join(stage.workspace, name), 'utf8').catch(() => ''),
    start: (resume) =>
      driver.start({
        spawn: (argv, options) => sandbox.spawn(argv, options),
        model: {
          baseUrl: `http://127.0.0.1:${port}`,
          token: stage.grant.token,
          name: 'gemini-scripted',
          provider: agent.provider,
        },
        access: 'read-write',
        home: homeInside,
        idleMs: 60_000,
        turnMs: 120_000,
        ...(resume === undefined ? {} : { resume }),
      }),
    async leave() {
      await sandbox.dispose();
      await stage.stop();
    },
  };
}

async function doTask({ stage, read }: Place, session: AgentSession): Promise<string | undefined> {
  const { result, events } = await play(session, 'ATTEMPT 1: remember the word zebra and say hello');
  if (result.kind !== 'done' || !result.text.endsWith('I am done.')) return tell(result, events);
  const [out, uid] = [await read('out.txt'), await read('uid.txt')];
  if (out !== 'hello from /workspace\n') return `the command printed ${JSON.stringify(out)}`;
  if (uid === '' || uid === '0\n') return `it ran as ${JSON.stringify(uid)}`;
  const left = (await readdir(stage.workspace)).filter((name) => !['.git', 'src', 'out.txt', 'uid.txt'].includes(name));
  if (left.length > 0) return `it left ${left.join(', ')} in the workspace`;
  const { requests } = stage.grant.usage();
  return requests < 3 ? `the gateway saw ${requests} requests` : undefined;
}

async function steer({ stage, read }: Place, session: AgentSession): Promise<string | undefined> {
  const playing = play(session, 'ATTEMPT 2: wait for what you are told');
  await until(async () => (await read('told')) !== '');
  if (!(await session.steer('use tabs please'))) return 'it could not be told anything';
  // Not at the same moment: what is said while a command ends may miss the answer that follows it.
  await sleep(1_000);
  await writeFile(join(stage.workspace, 'go'), '');
  const { result, events } = await playing;
  if (result.kind !== 'done') return tell(result, events);
  return (await read('tabs.txt')) === 'tabs\n' ? undefined : 'what it was told did not reach its model';
}

async function cancel({ read }: Place, session: AgentSession): Promise<string | undefined> {
  const playing = play(session, 'ATTEMPT 4: sleep');
  await until(async () => (await read('cancelled')) !== '');
  await session.cancel();
  const { result, events } = await playing;
  if (result.kind !== 'stopped_early' || result.reason !== 'cancelled') return tell(result, events);
  if ((await read('after.txt')) !== '') return 'it went on';
  await session.close();
  const left = await countSleepers();
  return left === 0 ? undefined : `${left} processes of it live on`;
}

async function remember(place: Place, id: string): Promise<string | undefined> {
  const session = await place.start(id);
  try {
    if (!session.resumed) return 'it does not know its session any more';
    const { result, events } = await play(session, 'ATTEMPT 3: what was the word?');
    if (result.kind !== 'done' || !result.text.endsWith('I remember.')) return tell(result, events);
    return place.stage.model.log.some(({ attempt, prompt }) => attempt === 3 && prompt.includes('zebra'))
      ? undefined
      : 'its model was not shown what was said before';
  } finally {
    await session.close();
  }
}

/**
 * Kept while the agent still runs, as when its worker dies, and gone on with in a fresh workspace by a process that has another
 * token: with what was said, and with what was written and never committed.
 */
async function moveOn(here: Place, enter: () => Promise<Place>, id: string): Promise<string | undefined> {
  const checkpoints = createCheckpoints({ folder: join(here.stage.folder, 'artifacts') });
  const atWork = await here.start(id);
  const { id: name, bytes } = await here.keep(checkpoints);
  const there = await enter();
  if ((await there.read('out.txt')) !== '') return 'the other workspace is not fresh';
  await there.restore(checkpoints, name);
  await atWork.close();
  if ((await there.read('out.txt')) !== 'hello from /workspace\n') return 'what was not committed is not there';
  if (bytes > 16 * mebibyte) return `its checkpoint has ${bytes} bytes`;
  const why = await remember(there, id);
  if (why !== undefined) return why;
  return (await findSecrets(there)) ?? (await findSecrets({ ...there, stage: here.stage }));
}

async function forget(place: Place, id: string): Promise<string | undefined> {
  const session = await place.start(id);
  await session.close();
  return session.resumed || session.capabilities.resume ? 'it claims to remember' : undefined;
}

async function findSecrets({ stage, home }: Place): Promise<string | undefined> {
  for (const entry of await readdir(home, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const text = await readFile(path, 'latin1');
    if (text.includes(stage.apiKey)) return `the provider's key is in ${path}`;
    if (text.includes(stage.grant.token)) return `the token of the attempt is in ${path}`;
  }
  return undefined;
}

function commitFiles(workspace: string): string {
  plainGit(workspace, ['init', '--quiet']);
  plainGit(workspace, ['commit', '--quiet', '--allow-empty', '-m', 'base']);
  return plainGit(workspace, ['rev-parse', 'HEAD']);
}

function tell(result: TurnResult, events: readonly AgentEvent[]): string {
  const last = events.slice(-6).map((event) => JSON.stringify(event).slice(0, 300));
  return [JSON.stringify(result).slice(0, 600), ...last].join('\n    ');
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + 90_000;
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error('it did not begin the command');
    await sleep(50);
  }
}

/** Processes of the host that run the command of the last attempt, wherever they are. */
async function countSleepers(): Promise<number> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(pids.map((pid) => readFile(join('/proc', pid, 'cmdline'), 'utf8').catch(() => '')));
  return lines.filter((line) => line.startsWith('sleep\u0000987653')).length;
}
