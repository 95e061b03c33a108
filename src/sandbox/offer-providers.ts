import { type OfferedSandboxes, type SandboxProvider, SandboxRefused } from '../engine/port/sandbox.ts';

/** What the operator offers, by name and the usual one first, as one provider. Nothing takes the place of what is not offered. */
export function offerProviders(providers: ReadonlyMap<string, SandboxProvider>): OfferedSandboxes {
  const [usual] = providers.values();
  if (!usual) throw new Error('no sandbox is offered');
  return {
    capabilities: usual.capabilities,
    proved: new Map([...providers].map(([name, { capabilities }]) => [name, capabilities])),
    async create(spec) {
      const provider = spec.provider === undefined ? usual : providers.get(spec.provider);
      if (provider) return await provider.create(spec);
      throw new SandboxRefused(spec.provider ?? '', `the operator offers ${[...providers.keys()].join(', ')}`);
    },
  };
}
