import { open } from 'node:fs/promises';
import type { SetupArguments } from './arguments.ts';
import type { Converted } from './convert-code.ts';

/** Mode 600 from the moment it exists. Throws EEXIST when it is there and was not to be replaced. */
export async function writeEnvironmentFile(options: SetupArguments, app: Converted): Promise<void> {
  const file = await open(options.file, options.isForced ? 'w' : 'wx', 0o600);
  try {
    await file.chmod(0o600);
    await file.writeFile(renderEnvironment(options, app));
    await file.sync();
  } finally {
    await file.close();
  }
}

function renderEnvironment({ githubUrl }: SetupArguments, app: Converted): string {
  const { protocol, host } = new URL(githubUrl);
  const enterprise = host === 'github.com' ? [] : [`GHE_HOST=${host}`, `GHE_PROTOCOL=${protocol.slice(0, -1)}`];
  return [
    '# Written by "npm run setup". Keep it secret: it holds the key of your GitHub App.',
    `APP_ID=${app.id}`,
    `PRIVATE_KEY=${Buffer.from(app.pem).toString('base64')}`,
    `WEBHOOK_SECRET=${app.webhook_secret}`,
    ...enterprise,
    '',
    '# Your model provider: anthropic, openai, google, or compatible (then also MODEL_BASE_URL).',
    'MODEL_PROVIDER=anthropic',
    'MODEL_NAME=claude-sonnet-4-5',
    'MODEL_API_KEY=',
    "# What that model costs, in US dollars per million tokens: look at your provider's list, and change it with the model.",
    '# Without prices no cost is known and no limit of money holds.',
    'MODEL_PRICE_INPUT=3',
    'MODEL_PRICE_OUTPUT=15',
    '',
  ].join('\n');
}
