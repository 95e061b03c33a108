import type { AcpProfile } from '../acp-profile.ts';

function through(npm: string, path: string) {
  const config = {
    autoupdate: false,
    share: 'disabled',
    model: 'gateway/{model}',
    small_model: 'gateway/{model}',
    permission: 'allow',
    provider: {
      gateway: {
        npm,
        options: { baseURL: `{url}${path}`, apiKey: '{env:GATEPILOT_MODEL_TOKEN}' },
        models: { '{model}': {} },
      },
    },
  };
  return {
    args: [],
    env: { GATEPILOT_MODEL_TOKEN: '{token}' },
    files: { '.config/opencode/opencode.json': config },
  };
}

export const opencode: AcpProfile = {
  name: 'opencode',
  packages: { 'opencode-ai': '1.18.33' },
  // The package's own program is put in its place by a script of the package.
  program: '{modules}/opencode-linux-{arch}/bin/opencode',
  args: ['acp'],
  env: {
    // Each of these looks up hosts that nobody answers here.
    OPENCODE_DISABLE_MODELS_FETCH: '1',
    OPENCODE_DISABLE_AUTOUPDATE: '1',
    OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
  },
  files: {},
  models: {
    anthropic: through('@ai-sdk/anthropic', '/v1'),
    openai: through('@ai-sdk/openai-compatible', '/v1'),
    compatible: through('@ai-sdk/openai-compatible', '/v1'),
    google: through('@ai-sdk/google', '/v1beta'),
  },
  resumes: true,
  steer: 'joins',
  compact: 'compact',
};
