import type { AcpProfile } from '../acp-profile.ts';

export const gemini: AcpProfile = {
  name: 'gemini',
  packages: { '@google/gemini-cli': '0.61.0' },
  program: 'node',
  args: ['{modules}/@google/gemini-cli/bundle/gemini.js', '--acp'],
  env: {
    GEMINI_CLI_TRUST_WORKSPACE: 'true',
    // It would start itself a second time, to give itself more memory.
    GEMINI_CLI_NO_RELAUNCH: 'true',
  },
  files: {
    '.gemini/settings.json': {
      // Without a way to authenticate it ends at once, with 41.
      security: { auth: { selectedType: 'gemini-api-key' } },
      privacy: { usageStatisticsEnabled: false },
      telemetry: { enabled: false },
      general: { disableAutoUpdate: true, disableUpdateNag: true, enableAutoUpdate: false },
    },
  },
  models: {
    google: {
      args: [],
      env: { GEMINI_API_KEY: '{token}', GOOGLE_GEMINI_BASE_URL: '{url}', GEMINI_MODEL: '{model}' },
      files: {},
    },
  },
  mode: 'yolo',
  // Going back to a session writes the beginning of a new one over it before it is read, whenever a turn of it was cancelled.
  resumes: false,
  // A second prompt cancels the first, and what it was about is not told on.
  steer: 'interrupts',
  compact: 'compress',
};
