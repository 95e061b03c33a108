// Where pi's files are, on the host and inside, and what it is started with.
import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AgentDriver, AgentModel } from '../../engine/port/agent.ts';
import type { ModelProvider } from '../../engine/port/model.ts';

const modules = '/opt/pi/node_modules';
const inside = '/opt/pi/start';
const entry = `${modules}/@earendil-works/pi-coding-agent/dist/bundle/rpc-entry.js`;

/** pi is one bundle; the two packages are all that it leaves out and may load. */
export function locatePi(): AgentDriver['mounts'] {
  const bundle = realpathSync(fileURLToPath(import.meta.resolve('@earendil-works/pi-coding-agent/rpc-entry')));
  const { resolve } = createRequire(bundle);
  return [
    { source: dirname(dirname(dirname(bundle))), target: `${modules}/@earendil-works/pi-coding-agent` },
    { source: dirname(resolve('@earendil-works/chord/package.json')), target: `${modules}/@earendil-works/chord` },
    { source: dirname(resolve('@silvia-odwyer/photon-node')), target: `${modules}/@silvia-odwyer/photon-node` },
    { source: fileURLToPath(new URL('./inside', import.meta.url)), target: inside },
  ];
}

export interface PiProgramOptions {
  readonly model: AgentModel;
  readonly sessionId: string;
  /** Inside path; may start with a tilde. */
  readonly sessionFolder: string;
  readonly retries: { readonly count: number; readonly baseDelayMs: number };
}

/** Name of the variable that holds the token: argv can be read by more than the environment. */
export const tokenVariable = 'GATEPILOT_MODEL_TOKEN';

export function renderPiArgv({ model, sessionId, sessionFolder, retries }: PiProgramOptions): readonly string[] {
  const { provider, config } = providers[model.provider];
  const files = {
    'models.json': { providers: { [provider]: { ...config(model), apiKey: `$${tokenVariable}` } } },
    'settings.json': {
      retry: { enabled: true, maxRetries: retries.count, baseDelayMs: retries.baseDelayMs },
      // Requests on pi's own account would only cost.
      cacheWarming: 'off',
      enableInstallTelemetry: false,
      defaultProjectTrust: 'never',
    },
  };
  return [
    'node',
    `${inside}/start.mjs`,
    JSON.stringify(files),
    entry,
    ...['--provider', provider, '--model', model.name],
    ...(model.thinking ? ['--thinking', model.thinking] : []),
    // Always named: else a setting of the repository, which pi reads before it trusts it, puts sessions into the work.
    ...['--session-id', sessionId, '--session-dir', sessionFolder],
    // Nothing of the repository configures the agent, apart from AGENTS.md, which is text for it to read. A prompt that
    // starts with a slash stays a prompt.
    ...['--no-approve', '--no-extensions', '--no-skills', '--no-prompt-templates', '--no-themes', '--offline'],
  ];
}

/** For known providers pi's own catalogue says what a model can do; only the address changes. */
const providers: Readonly<
  Record<ModelProvider, { readonly provider: string; config(model: AgentModel): Readonly<Record<string, unknown>> }>
> = {
  anthropic: { provider: 'anthropic', config: ({ baseUrl }) => ({ baseUrl }) },
  openai: { provider: 'openai', config: ({ baseUrl }) => ({ baseUrl: `${baseUrl}/v1` }) },
  google: { provider: 'google', config: ({ baseUrl }) => ({ baseUrl: `${baseUrl}/v1beta` }) },
  compatible: {
    provider: 'gateway',
    config: ({ baseUrl, name }) => ({ baseUrl: `${baseUrl}/v1`, api: 'openai-completions', models: [{ id: name }] }),
  },
};
