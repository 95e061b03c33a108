// Sandboxes with a kernel of their own, by gVisor.
import { realpath } from 'node:fs/promises';
import { type SandboxProvider, SandboxRefused } from '../../engine/port/sandbox.ts';
import { type BubblewrapOptions, createBubblewrapProvider } from '../bubblewrap/create-bubblewrap-provider.ts';
import { refuseUnusable } from './probe-guest.ts';
import { createRunscKernel, platforms } from './runsc-kernel.ts';

export interface GvisorOptions extends Omit<BubblewrapOptions, 'isolation' | 'kernel'> {
  /** Host path of gVisor's program. */
  readonly runsc: string;
}

/** Throws SandboxRefused, with what is missing and the mend, when this host runs no sandboxes with gVisor. */
export async function createGvisorProvider({ runsc, ...options }: GvisorOptions): Promise<SandboxProvider> {
  const program = await realpath(runsc).catch(() => {
    throw new SandboxRefused('gvisor', `there is no program ${runsc}: install gVisor`);
  });
  let refusal: SandboxRefused | undefined;
  for (const platform of platforms) {
    try {
      const provider = await createBubblewrapProvider({ ...options, kernel: createRunscKernel(program, platform) });
      await refuseUnusable(provider, options.stateFolder);
      options.logger?.info({ platform }, 'gVisor was tried and runs programs');
      return provider;
    } catch (error) {
      if (!(error instanceof SandboxRefused)) throw error;
      refusal ??= explain(error);
    }
  }
  throw refusal;
}

/** An option that it does not know is the first thing that an old one says. */
function explain(refusal: SandboxRefused): SandboxRefused {
  if (!/flag provided but not defined/.test(refusal.message)) return refusal;
  return new SandboxRefused('gvisor', 'this runsc is too old: install one of 2024 or later');
}
