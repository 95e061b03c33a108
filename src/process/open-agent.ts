// The coding agent that the operator chose, ready to be started; what is missing is said here, and not by the first attempt.
import { join } from 'node:path';
import { createAcpDriver } from '../agent/acp/acp-driver.ts';
import type { AcpProfile } from '../agent/acp/acp-profile.ts';
import { findPackages } from '../agent/acp/installed-packages.ts';
import { readProfiles } from '../agent/acp/read-profiles.ts';
import { createCommandDriver } from '../agent/command/command-driver.ts';
import { createPiDriver } from '../agent/pi/pi-driver.ts';
import type { AgentDriver } from '../engine/port/agent.ts';
import type { Env } from '../env.ts';
import { MissingPrerequisite } from './open-foundation.ts';

export type AgentChoice = Env['agent'] & { readonly provider: Env['model']['provider'] };

export async function openAgent(choice: AgentChoice): Promise<AgentDriver> {
  if (choice.name === 'pi') return createPiDriver();
  if (choice.command) return openCommand(choice.command);
  const profile = await findProfile(choice, choice.name);
  if (!profile.models[choice.provider]) {
    throw new MissingPrerequisite(
      `GATEPILOT_AGENT is ${profile.name}, which cannot talk to models of ${choice.provider}: choose another agent, or one of ` +
        `${Object.keys(profile.models).join(', ')} as MODEL_PROVIDER.`,
    );
  }
  const modules = await findPackages(choice.folder, profile);
  if (modules === undefined) {
    throw new MissingPrerequisite(
      `The agent ${profile.name} is not installed in ${join(choice.folder, profile.name)}, or not in the right version: ` +
        `run "npm run install-agent -- ${profile.name}".`,
    );
  }
  return createAcpDriver({ profile, modules });
}

function openCommand({ argv, folder }: NonNullable<AgentChoice['command']>): AgentDriver {
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
