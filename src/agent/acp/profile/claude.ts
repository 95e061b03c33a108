import type { AcpProfile } from '../acp-profile.ts';

export const claude: AcpProfile = {
  name: 'claude',
  packages: { '@agentclientprotocol/claude-agent-acp': '0.101.0' },
  program: 'node',
  args: ['{modules}/@agentclientprotocol/claude-agent-acp/dist/index.js'],
  env: {
    // It refuses its mode without questions to root, which inside is only the user that the sandbox shows.
    IS_SANDBOX: '1',
    // Else names of hosts are looked up that nobody answers here.
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    // Ten by default, also where another try cannot help: minutes.
    CLAUDE_CODE_MAX_RETRIES: '3',
    DISABLE_AUTOUPDATER: '1',
    // Else the model is asked once more after each turn, for what a person could say next.
    CLAUDE_CODE_ENABLE_PROMPT_SUGGESTION: 'false',
  },
  files: {},
  models: {
    anthropic: {
      args: [],
      env: {
        ANTHROPIC_BASE_URL: '{url}',
        ANTHROPIC_AUTH_TOKEN: '{token}',
        // Without it the adapter picks one; the small one is for its titles.
        ANTHROPIC_MODEL: '{model}',
        ANTHROPIC_SMALL_FAST_MODEL: '{model}',
        ANTHROPIC_DEFAULT_HAIKU_MODEL: '{model}',
      },
      files: {},
    },
  },
  mode: 'bypassPermissions',
  resumes: true,
  steer: 'joins',
  compact: 'compact',
};
