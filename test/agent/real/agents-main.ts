// Real agents, installed from the registry on demand, do the same task in the sandbox before the scripted model, are steered,
// cancelled and resumed: `npm run agents -- [NAME …]`, all of them by default. Nothing is left out in silence: what cannot be
// installed or does not hold is named, and the exit code is 1.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { AcpProfile } from '../../../src/agent/acp/acp-profile.ts';
import { builtInProfiles } from '../../../src/agent/acp/built-in-profiles.ts';
import { installPackages } from '../../../src/agent/acp/installed-packages.ts';
import type { ModelProvider } from '../../../src/engine/port/model.ts';
import { readNpmEnv } from '../../../src/env.ts';
import { createBubblewrapProvider } from '../../../src/sandbox/bubblewrap/create-bubblewrap-provider.ts';
import { readMachineTools } from '../../prerequisite/machine-tools.ts';
import { type Check, tryAgent } from './real-agent.ts';

/** One protocol of models each, so that all that the gateway speaks are in use. */
const providers: Readonly<Record<string, ModelProvider>> = {
  claude: 'anthropic',
  codex: 'openai',
  copilot: 'openai',
  gemini: 'google',
  opencode: 'compatible',
};
const folder = join(resolve(import.meta.dirname, '../../..'), '.cache/agents');

async function main(names: readonly string[]): Promise<boolean> {
  const wanted = names.length > 0 ? names : builtInProfiles.map(({ name }) => name);
  const state = await mkdtemp(join(tmpdir(), 'real-agents-'));
  try {
    const sandboxes = await createBubblewrapProvider({
      tools: (await readMachineTools('bubblewrap')).bubblewrap,
      stateFolder: state,
      nodePath: process.execPath,
    });
    let held = 0;
    for (const name of wanted) {
      const profile = builtInProfiles.find((one) => one.name === name);
      const checks = await tryOne(name, profile, (modules, found) =>
        tryAgent({ profile: found, modules, provider: providers[name] ?? 'compatible', sandboxes }),
      );
      if (checks.every(({ why }) => why === undefined)) held += 1;
      print(`${name.padEnd(10)}${checks.map(renderCheck).join('')}`);
    }
    print(`${wanted.length} agents, ${held} held`);
    return held === wanted.length;
  } finally {
    await rm(state, { recursive: true, force: true });
  }
}

async function tryOne(
  name: string,
  profile: AcpProfile | undefined,
  work: (modules: string, profile: AcpProfile) => Promise<readonly Check[]>,
): Promise<readonly Check[]> {
  if (!profile) return [{ name: 'known', why: `there is no agent ${name}`, ms: 0 }];
  const started = performance.now();
  try {
    const modules = await installPackages(folder, profile, readNpmEnv());
    const installed = { name: 'installed', why: undefined, ms: Math.round(performance.now() - started) };
    return [installed, ...(await work(modules, profile))];
  } catch (error) {
    return [{ name: 'installed', why: String(error), ms: Math.round(performance.now() - started) }];
  }
}

function renderCheck({ name, why, ms }: Check): string {
  const time = `${(ms / 1000).toFixed(1)} s`;
  return why === undefined ? `  ${name} ${time}` : `\n  ${name.toUpperCase()} DOES NOT HOLD after ${time}: ${why}\n`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

main(process.argv.slice(2)).then(
  (isHeld) => process.exit(isHeld ? 0 : 1),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(70);
  },
);
