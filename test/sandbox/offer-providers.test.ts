import { expect, it } from 'vitest';
import type { SandboxCapabilities, SandboxProvider } from '../../src/engine/port/sandbox.ts';
import { offerProviders } from '../../src/sandbox/offer-providers.ts';

const toCapabilities = (provider: string, network: SandboxCapabilities['network']): SandboxCapabilities => ({
  provider,
  isolation: 'container',
  network,
  limits: { memory: 'none', pids: 'hard', cpu: 'hard', disk: 'soft', wall: 'soft', output: 'hard' },
  identity: 'user-namespace',
});

it('says of each what it proved, and of the usual one where none is named', () => {
  const [first, second] = [toCapabilities('bubblewrap', ['deny']), toCapabilities('none', ['deny', 'gateway'])];
  const providers = [first, second].map((capabilities): [string, SandboxProvider] => [
    capabilities.provider,
    { capabilities, create: () => Promise.reject(new Error('nothing is opened')) },
  ]);
  const offered = offerProviders(new Map(providers));
  expect([...offered.proved]).toEqual([
    ['bubblewrap', first],
    ['none', second],
  ]);
  expect(offered.capabilities).toBe(first);
});
