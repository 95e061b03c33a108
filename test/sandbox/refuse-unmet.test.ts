import { describe, expect, it } from 'vitest';
import type { SandboxCapabilities } from '../../src/engine/port/sandbox.ts';
import { refuseUnmet } from '../../src/sandbox/refuse-unmet.ts';
import { makeSpec } from './support/spec.ts';

const capabilities: SandboxCapabilities = {
  provider: 'bubblewrap',
  isolation: 'container',
  network: ['deny', 'gateway'],
  limits: { memory: 'soft', pids: 'hard', cpu: 'hard', disk: 'soft', wall: 'soft', output: 'hard' },
  identity: 'user-namespace',
};
const gateway = { mode: 'gateway', socket: '/gateway.sock', port: 4_000 } as const;

describe('what a provider did not prove on its host', () => {
  it('is nothing where all of it holds, softly or not', () => {
    expect(() => refuseUnmet(capabilities, makeSpec('/w', { network: gateway }))).not.toThrow();
  });

  it('is refused by the name of the limit, and never left out in silence', () => {
    const weaker: SandboxCapabilities = { ...capabilities, limits: { ...capabilities.limits, memory: 'none' } };
    expect(() => refuseUnmet(weaker, makeSpec('/w'))).toThrow(
      /cannot give "memory limit": bubblewrap does not hold it/,
    );
  });

  it('is refused by the kind of network, and only to whom needs it', () => {
    const weaker: SandboxCapabilities = { ...capabilities, network: ['deny'] };
    expect(() => refuseUnmet(weaker, makeSpec('/w', { network: gateway }))).toThrow(/cannot give "gateway"/);
    expect(() => refuseUnmet(weaker, makeSpec('/w'))).not.toThrow();
  });

  it('refuses a list of hosts where none was proved to hold', () => {
    const network = { mode: 'allowlist', proxy: { socket: '/proxy.sock', port: 3_128 } } as const;
    expect(() => refuseUnmet(capabilities, makeSpec('/w', { network }))).toThrow(/cannot give "allowlist"/);
    const proved: SandboxCapabilities = { ...capabilities, network: ['deny', 'gateway', 'allowlist'] };
    expect(() => refuseUnmet(proved, makeSpec('/w', { network }))).not.toThrow();
  });
});
