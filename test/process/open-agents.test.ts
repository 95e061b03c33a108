// The operator's choice of a coding agent: what cannot work is one sentence before anything starts, and nothing takes its place.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { builtInProfiles } from '../../src/agent/acp/built-in-profiles.ts';
import type { AgentDriver } from '../../src/engine/port/agent.ts';
import type { Env } from '../../src/env.ts';
import { openAgents } from '../../src/process/open-agents.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'agents-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function offer(agents: Partial<Env['agent']>): Promise<readonly AgentDriver[]> {
  const place = { folder: join(folder, 'agents'), profileFolder: undefined, command: undefined };
  return [...(await openAgents({ name: 'pi', others: [], ...place, ...agents }, 'anthropic')).values()];
}
const choose = async (agents: Partial<Env['agent']>) => (await offer(agents))[0] as AgentDriver;

it('is a command where the operator names one', async () => {
  const command = { argv: ['node', '/opt/agent/main.mjs'], folder };
  expect(await choose({ name: 'command', command })).toMatchObject({
    name: 'command',
    mounts: [{ source: folder, target: '/opt/agent' }],
  });
});

it('is no command whose folder is not there', async () => {
  const command = { argv: ['node', '/opt/agent/main.mjs'], folder: join(folder, 'nowhere') };
  await expect(choose({ name: 'command', command })).rejects.toThrow(`GATEPILOT_AGENT_FOLDER ${folder}/nowhere is no`);
});

async function install(name: string, packages: Readonly<Record<string, string>>, program: string): Promise<void> {
  for (const [one, version] of Object.entries(packages)) {
    const place = join(folder, 'agents', name, 'node_modules', one);
    await mkdir(place, { recursive: true });
    await writeFile(join(place, 'package.json'), JSON.stringify({ name: one, version }));
    await mkdir(dirname(join(place, program)), { recursive: true });
    await writeFile(join(place, program), '');
  }
}

async function profiles(files: Readonly<Record<string, unknown>>): Promise<string> {
  const place = await mkdtemp(join(folder, 'profiles-'));
  for (const [name, content] of Object.entries(files)) await writeFile(join(place, name), JSON.stringify(content));
  return place;
}

const own = {
  name: 'ours',
  packages: { 'our-agent': '1.0.0' },
  program: 'node',
  args: ['{modules}/our-agent/main.js'],
  models: { anthropic: {} },
  steer: 'interrupts',
};

it('takes pi, which comes with the product', async () => {
  expect((await choose({})).name).toBe('pi');
});

it('takes any other once it is installed in the version of its profile', async () => {
  const missing = `The agent claude is not installed in ${folder}/agents/claude, or not in the right version: run "npm run install-agent -- claude".`;
  await expect(choose({ name: 'claude' })).rejects.toThrow(missing);
  await install('claude', { '@agentclientprotocol/claude-agent-acp': '0.0.1' }, 'dist/index.js');
  await expect(choose({ name: 'claude' })).rejects.toThrow(missing);
  await install('claude', builtInProfiles.find(({ name }) => name === 'claude')?.packages ?? {}, 'dist/index.js');
  const { name, mounts } = await choose({ name: 'claude' });
  expect(name).toBe('claude');
  expect(mounts).toContainEqual({ source: `${folder}/agents/claude/node_modules`, target: '/opt/agent/node_modules' });
});

it('names those that there are when there is no such agent', async () => {
  await expect(choose({ name: 'clod' })).rejects.toThrow(
    'There is no agent "clod": choose one of claude, codex, command, copilot, gemini, opencode, pi.',
  );
});

it('says which models an agent can talk to', async () => {
  await expect(choose({ name: 'codex' })).rejects.toThrow(
    'The agent codex cannot talk to models of anthropic: choose another agent, or one of openai, compatible as MODEL_PROVIDER.',
  );
});

it('offers others besides, each once, and starts with none of them missing', async () => {
  expect((await offer({ name: 'claude', others: ['pi', 'claude'] })).map(({ name }) => name)).toEqual(['claude', 'pi']);
  await expect(offer({ others: ['opencode'] })).rejects.toThrow('The agent opencode is not installed');
});

it('takes an agent of the operator, by a profile alone', async () => {
  await install('ours', own.packages, 'main.js');
  expect((await choose({ name: 'ours', profileFolder: await profiles({ 'ours.json': own }) })).name).toBe('ours');
});

it.each([
  ['nonsense', { 'a.json': 7 }, /^The agent profile .*a\.json is wrong: Invalid input/],
  ['a key that is not known', { 'a.json': { ...own, extra: 1 } }, /a\.json is wrong: Unrecognized key: "extra"\.$/],
  [
    'a range of versions',
    { 'a.json': { ...own, packages: { 'our-agent': '^1.0.0' } } },
    /a\.json is wrong: packages\.our-agent has to be one exact version, such as 1\.4\.2\.$/,
  ],
  ['an empty mark of failure', { 'a.json': { ...own, errorPrefix: '' } }, /a\.json is wrong: errorPrefix Too small/],
  ['another name of pi', { 'a.json': { ...own, name: 'pi' } }, /a\.json takes a name that is taken: pi\.$/],
  ['a name of the product', { 'a.json': { ...own, name: 'claude' } }, /takes a name that is taken: claude\.$/],
  ['a name that is there twice', { 'a.json': own, 'b.json': own }, /b\.json takes a name that is taken: ours\.$/],
])('refuses %s in a profile', async (_, files, sentence) => {
  await expect(choose({ name: 'ours', profileFolder: await profiles(files) })).rejects.toThrow(sentence);
});

it('says that the folder of profiles is not there', async () => {
  await expect(choose({ name: 'ours', profileFolder: join(folder, 'nowhere') })).rejects.toThrow(
    `The folder of agent profiles ${folder}/nowhere cannot be read.`,
  );
});
