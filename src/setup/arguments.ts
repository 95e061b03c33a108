import { webhookPath } from '../core/address/webhook-path.ts';

export interface SetupArguments {
  /** Root of the GitHub host, without a trailing slash. */
  readonly githubUrl: string;
  readonly apiUrl: string;
  readonly webhookUrl: string;
  readonly organisation: string | undefined;
  readonly port: number;
  readonly file: string;
  readonly isForced: boolean;
}

export const usage = [
  'usage: npm run setup -- --webhook-url https://YOUR-HOST/api/github/webhooks [--org NAME] [--ghe-host HOST] [--ghe-protocol http] [--port 0] [--file .env] [--force]',
  `  --webhook-url  where GitHub can reach "npm start"; its path ends with ${webhookPath}, also where none is given`,
  '  --org          register the App for an organisation instead of your account',
  '  --ghe-host     a GitHub Enterprise server instead of github.com',
  '  --port         of the page on 127.0.0.1 that registers the App; choose one for a tunnel from another machine',
  '  --force        replace an environment file that is there already',
].join('\n');

const valued = ['--webhook-url', '--org', '--ghe-host', '--ghe-protocol', '--port', '--file'] as const;

/** A mistake is one sentence and the usage. */
export function parseArguments(args: readonly string[]): SetupArguments | string {
  const values = new Map<string, string>();
  let isForced = false;
  for (let index = 0; index < args.length; index += 1) {
    const name = args[index] ?? '';
    if (name === '--force') {
      isForced = true;
      continue;
    }
    const value = args[index + 1];
    if (!valued.some((known) => known === name)) return `"${name}" is not known.\n${usage}`;
    if (value === undefined || value.startsWith('--')) return `${name} needs a value.\n${usage}`;
    values.set(name, value);
    index += 1;
  }
  return toArguments(values, isForced);
}

function toArguments(values: ReadonlyMap<string, string>, isForced: boolean): SetupArguments | string {
  const webhookUrl = parseWebhookUrl(values.get('--webhook-url'));
  if (!webhookUrl) return `--webhook-url is missing or no address.\n${usage}`;
  if (!webhookUrl.pathname.endsWith(webhookPath))
    return `--webhook-url takes an address whose path ends with ${webhookPath}: nothing else is served.\n${usage}`;
  const protocol = values.get('--ghe-protocol') ?? 'https';
  if (!/^https?$/.test(protocol)) return `--ghe-protocol takes https or http.\n${usage}`;
  const host = values.get('--ghe-host');
  if (host !== undefined && !/^[\w.-]+(:\d{1,5})?$/.test(host)) return `--ghe-host takes a host name.\n${usage}`;
  const githubUrl = host === undefined ? 'https://github.com' : `${protocol}://${host}`;
  const port = Number(values.get('--port') ?? 0);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) return `--port takes a number up to 65535.\n${usage}`;
  return {
    githubUrl,
    apiUrl: host === undefined ? 'https://api.github.com' : `${githubUrl}/api/v3`,
    webhookUrl: webhookUrl.href,
    organisation: values.get('--org'),
    port,
    file: values.get('--file') ?? '.env',
    isForced,
  };
}

/** With the one path that there is where only the host is given. A proxy may take a beginning of the path off. */
function parseWebhookUrl(text: string | undefined): URL | undefined {
  if (text === undefined || !URL.canParse(text) || !/^https?:\/\//.test(text)) return undefined;
  const url = new URL(text);
  url.pathname = url.pathname === '/' ? webhookPath : url.pathname.replace(/\/$/, '');
  return url;
}
