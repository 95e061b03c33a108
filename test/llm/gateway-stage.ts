// A gateway before a fake provider, made anew for every test of a file and taken down after it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import type { ModelLimits, ModelProvider, SandboxModelGrant } from '../../src/engine/port/model.ts';
import type { UsageRecord } from '../../src/llm/gateway/gateway-context.ts';
import { type GatewayOptions, type RunningGateway, startGateway } from '../../src/llm/gateway/start-gateway.ts';
import { answerJson, type FakeProvider, startFakeProvider } from './fake-provider.ts';

export const key = 'sk-the-real-key';
export const plenty: ModelLimits = { tokens: 1_000_000, requests: 100 };
/** What the fake provider answers unless told otherwise. */
export const bill = { usage: { input_tokens: 10, output_tokens: 5 } };

export interface GatewayStage {
  readonly provider: FakeProvider;
  /** Of the sockets. */
  readonly folder: string;
  readonly records: readonly UsageRecord[];
  start(options?: Partial<GatewayOptions> & { readonly kind?: ModelProvider }): Promise<RunningGateway>;
  /** One grant of a gateway of its own. */
  grant(options?: Parameters<GatewayStage['start']>[0], limits?: ModelLimits): Promise<SandboxModelGrant>;
}

export function useGateway(): GatewayStage {
  let parts: { provider: FakeProvider; folder: string; records: UsageRecord[]; gateways: RunningGateway[] } | undefined;
  const read = () => {
    if (!parts) throw new Error('only within a test');
    return parts;
  };
  beforeEach(async () => {
    const provider = await startFakeProvider();
    provider.answer((response) => answerJson(response, bill));
    parts = { provider, folder: await mkdtemp(join(tmpdir(), 'gw-')), records: [], gateways: [] };
  });
  afterEach(async () => {
    const { provider, folder, gateways } = read();
    await Promise.all(gateways.map((gateway) => gateway.stop()));
    await provider.stop();
    await rm(folder, { recursive: true, force: true });
  });
  const stage: GatewayStage = {
    get provider() {
      return read().provider;
    },
    get folder() {
      return read().folder;
    },
    get records() {
      return read().records;
    },
    async start({ kind = 'anthropic', ...options } = {}) {
      const { provider, folder, records, gateways } = read();
      const gateway = await startGateway({
        upstream: { baseUrl: provider.url, apiKey: key, provider: kind },
        folder,
        onUsage: (record) => records.push(record),
        ...options,
      });
      gateways.push(gateway);
      return gateway;
    },
    async grant(options, limits = plenty) {
      const gateway = await stage.start(options);
      return gateway.grant({ run: 'run-1', role: 'coder', attempt: 'a1', limits });
    },
  };
  return stage;
}
