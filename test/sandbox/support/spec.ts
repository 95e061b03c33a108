import type { SandboxLimits, SandboxSpec } from '../../../src/engine/port/sandbox.ts';

export const mebibyte = 1024 * 1024;

export const roomyLimits: SandboxLimits = {
  memoryBytes: 1024 * mebibyte,
  pids: 64,
  cpuSeconds: 20,
  diskBytes: 256 * mebibyte,
  // Far beyond what a busy machine needs: whoever runs into it prints nothing, and is no fault of what is tested.
  wallMs: 120_000,
  outputBytes: 4 * mebibyte,
};

export type SpecChanges = Partial<Omit<SandboxSpec, 'workspace' | 'limits'>> & {
  readonly access?: 'read-only';
  readonly limits?: Partial<SandboxLimits>;
};

export function makeSpec(workspace: string, changes: SpecChanges = {}): SandboxSpec {
  const { access = 'read-write', limits, ...rest } = changes;
  return {
    id: 'test',
    workspace: { path: workspace, access },
    readOnly: [],
    env: {},
    network: { mode: 'deny' },
    ...rest,
    limits: { ...roomyLimits, ...limits },
  };
}
