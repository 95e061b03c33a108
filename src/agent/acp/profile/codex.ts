import type { AcpProfile } from '../acp-profile.ts';

const settings = [
  'model = "{model}"',
  'model_provider = "gateway"',
  'web_search = "disabled"',
  '[features]',
  // Each of these looks up hosts that nobody answers here.
  'plugins = false',
  'apps = false',
  // Its tools for helpers are of a kind that the gateway does not know.
  'multi_agent = false',
  // It writes the environment of its shell into its home, and the attempt's token with it.
  'shell_snapshot = false',
  '[model_providers.gateway]',
  'name = "gateway"',
  'base_url = "{url}/v1"',
  'env_key = "GATEPILOT_MODEL_TOKEN"',
  'wire_api = "responses"',
  'request_max_retries = 3',
  'stream_max_retries = 3',
  '',
].join('\n');

const responses = { args: [], env: { GATEPILOT_MODEL_TOKEN: '{token}' }, files: { '.codex/config.toml': settings } };

export const codex: AcpProfile = {
  name: 'codex',
  packages: { '@agentclientprotocol/codex-acp': '2.6.0' },
  program: 'node',
  args: ['{modules}/@agentclientprotocol/codex-acp/dist/index.js'],
  env: {},
  files: {},
  models: { openai: responses, compatible: responses },
  // Its own sandbox cannot be set up within one.
  mode: 'agent-full-access',
  resumes: true,
  // A second prompt waits for the end of the turn.
  steer: 'interrupts',
  compact: 'compact',
  // A failure of the model is told as the answer, and the turn ends in good order.
  failureMark: '"systemError"',
};
