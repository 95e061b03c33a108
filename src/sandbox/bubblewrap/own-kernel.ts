import type { SandboxCapabilities } from '../../engine/port/sandbox.ts';
import type { Mount } from './mount.ts';

/** A kernel of the sandbox's own, that runs its programs within the namespaces which bubblewrap makes. */
export interface OwnKernel {
  readonly name: Extract<SandboxCapabilities['isolation'], 'gvisor'>;
  /** What it takes beside the programs. */
  readonly memoryBytes: number;
  /** Its program. */
  readonly mounts: readonly Mount[];
  render(guest: Guest): KernelStart;
}

/** What is to run on it. Paths are those inside. */
export interface Guest {
  readonly argv: readonly string[];
  /** Complete. */
  readonly env: Readonly<Record<string, string>>;
  readonly folder: string;
  /** Folders of the host that others change while it runs, or that it may change itself. All else is read-only. */
  readonly shared: readonly Pick<Mount, 'target' | 'access'>[];
  /** Folders in memory, by path. */
  readonly scratch: readonly { readonly path: string; readonly mode: string; readonly bytes: number }[];
}

export interface KernelStart {
  readonly argv: readonly string[];
  /** What it reads about the guest, at a path inside. */
  readonly file: { readonly path: string; readonly content: string };
}
