// The sandboxes that the operator offers, each tried on this host before any run may ask for it.
import { join } from 'node:path';
import { nameImageSandbox } from '../core/policy/name-sandbox.ts';
import { type SandboxProvider, SandboxRefused } from '../engine/port/sandbox.ts';
import type { Env } from '../env.ts';
import { isExecutable, parseSearchPath } from '../prerequisite/find-program.ts';
import type { Need } from '../prerequisite/prerequisite.ts';
import { createBubblewrapProvider } from '../sandbox/bubblewrap/create-bubblewrap-provider.ts';
import { createGvisorProvider } from '../sandbox/gvisor/create-gvisor-provider.ts';
import { createOciProvider } from '../sandbox/oci/create-oci-provider.ts';
import type { RunProcess } from '../subprocess/run-process.ts';
import type { Foundation } from './open-foundation.ts';

/** What of the machine they need that can be brought; engines of containers and gVisor are the operator's to install. */
export function listSandboxNeeds(
  env: Pick<Env, 'sandboxes' | 'allowsNoSandbox'>,
): readonly Extract<Need, 'bubblewrap'>[] {
  return env.allowsNoSandbox || env.sandboxes.some((name) => name !== 'oci') ? ['bubblewrap'] : [];
}

export interface SandboxGround extends Pick<Foundation, 'tools' | 'log' | 'hash'> {
  readonly env: Pick<Env, 'sandboxes' | 'allowsNoSandbox' | 'dataFolder' | 'oci' | 'surroundings'>;
}

/** The usual one first. Without any only where the operator says so; a repository has to ask for it besides. */
export async function openSandboxes(
  { env, tools, log, hash }: SandboxGround,
  runProcess: RunProcess,
): Promise<ReadonlyMap<string, SandboxProvider>> {
  const common = { nodePath: process.execPath, runProcess, logger: log };
  const inData = (name: string) => join(env.dataFolder, name);
  const readBubblewrap = () => {
    if (!tools.bubblewrap) throw new Error('the sandbox was not looked for');
    return tools.bubblewrap;
  };
  const folders = parseSearchPath(env.surroundings.PATH ?? '');
  const openContainers = async (image: string | undefined, state: string) => {
    const { engine, environment } = env.oci;
    const program = await locateProgram('oci', engine, folders);
    return await createOciProvider({ ...common, engine, environment, image, program, stateFolder: inData(state) });
  };
  const open = {
    bubblewrap: () => createBubblewrapProvider({ ...common, tools: readBubblewrap(), stateFolder: inData('sandbox') }),
    gvisor: async () =>
      createGvisorProvider({
        ...common,
        tools: readBubblewrap(),
        stateFolder: inData('sandbox-gvisor'),
        runsc: await locateProgram('gvisor', 'runsc', folders),
      }),
    oci: () => openContainers(env.oci.image, 'sandbox-oci'),
  };
  const providers = new Map<string, SandboxProvider>();
  for (const name of env.sandboxes) providers.set(name, await open[name]());
  for (const image of env.oci.images)
    providers.set(nameImageSandbox(image), await openContainers(image, `sandbox-oci-${hash(image).slice(0, 12)}`));
  if (!env.allowsNoSandbox) return providers;
  const options = { ...common, tools: readBubblewrap(), stateFolder: inData('no-sandbox'), isolation: 'none' as const };
  return providers.set('none', await createBubblewrapProvider(options));
}

/** Throws SandboxRefused where no folder has it. */
async function locateProgram(sandbox: string, name: string, folders: readonly string[]): Promise<string> {
  for (const folder of folders) if (await isExecutable(join(folder, name))) return join(folder, name);
  throw new SandboxRefused(sandbox, `there is no ${name} on the PATH: install it`);
}
