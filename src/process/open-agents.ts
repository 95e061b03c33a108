// The coding agents that the operator offers, ready to be started; what is missing is said here, and not by the first attempt.
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createAcpDriver } from '../agent/acp/acp-driver.ts';
import type { AcpProfile } from '../agent/acp/acp-profile.ts';
import { findPackages } from '../agent/acp/installed-packages.ts';
import { readProfiles } from '../agent/acp/read-profiles.ts';
import { createCommandDriver } from '../agent/command/command-driver.ts';
import { createPiDriver } from '../agent/pi/pi-driver.ts';
import type { AgentDriver } from '../engine/port/agent.ts';
import type { ModelProvider } from '../engine/port/model.ts';
import type { Env } from '../env.ts';
import { MissingPrerequisite } from './open-foundation.ts';

/** By their names, the usual one first. */
export async function openAgents(
  agent: Env['agent'],
  provider: ModelProvider,
): Promise<ReadonlyMap<string, AgentDriver>> {
  const drivers = new Map<string, AgentDriver>();
  for (const name of new Set([agent.name, ...agent.others])) drivers.set(name, await openAgent(agent, name, provider));
  return drivers;
}

async function openAgent(agent: Env['agent'], name: string, provider: ModelProvider): Promise<AgentDriver> {
  if (name === 'pi') return createPiDriver();
  if (name === 'command' && agent.command) return openCommand(agent.command);
  const profile = await findProfile(agent, name);
  if (!profile.models[provider]) {
    throw new MissingPrerequisite(
      `The agent ${name} cannot talk to models of ${provider}: choose another agent, or one of ` +
        `${Object.keys(profile.models).join(', ')} as MODEL_PROVIDER.`,
    );
  }
  const modules = await findPackages(agent.folder, profile);
  if (modules === undefined) {
    throw new MissingPrerequisite(
      `The agent ${name} is not installed in ${join(agent.folder, name)}, or not in the right version: ` +
        `run "npm run install-agent -- ${name}".`,
    );
  }
  return createAcpDriver({ profile, modules });
}

async function openCommand({ argv, folder }: NonNullable<Env['agent']['command']>): Promise<AgentDriver> {
  if (folder !== undefined && !(await stat(folder).catch(() => undefined))?.isDirectory())
    throw new MissingPrerequisite(`GATEPILOT_AGENT_FOLDER ${folder} is no folder that can be read: give the agent's.`);
  const mounts = folder === undefined ? [] : [{ source: folder, target: '/opt/agent' }];
  return createCommandDriver({ name: 'command', argv, mounts });
}

export async function findProfile({ profileFolder }: Env['agent'], name: string): Promise<AcpProfile> {
  const read = await readProfiles(profileFolder);
  if (read.kind === 'mistake') throw new MissingPrerequisite(read.why);
  const profile = read.profiles.find((one) => one.name === name);
  if (profile) return profile;
  const names = ['command', 'pi', ...read.profiles.map((one) => one.name)].sort();
  throw new MissingPrerequisite(`There is no agent "${name}": choose one of ${names.join(', ')}.`);
}
