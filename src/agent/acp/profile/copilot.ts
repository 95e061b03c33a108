import type { AcpProfile } from '../acp-profile.ts';

const chat = {
  args: [],
  env: {
    COPILOT_PROVIDER_BASE_URL: '{url}/v1',
    COPILOT_PROVIDER_API_KEY: '{token}',
    COPILOT_MODEL: '{model}',
  },
  files: {},
};

export const copilot: AcpProfile = {
  name: 'copilot',
  packages: { '@github/copilot': '1.0.102' },
  program: '{modules}/@github/copilot-linux-{arch}/copilot',
  args: ['--acp', '--allow-all-tools'],
  env: { COPILOT_OFFLINE: 'true' },
  files: {},
  models: { openai: chat, compatible: chat },
  resumes: true,
  steer: 'interrupts',
  // A failure of the model is told as the answer, and the turn ends in good order.
  errorPrefix: 'Error: ',
};
