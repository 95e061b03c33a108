import type { ModelProvider } from '../../engine/port/model.ts';
import type { Protocol } from './route.ts';

export interface UpstreamOptions {
  /** The provider's API root with its version, such as https://api.anthropic.com/v1; without a path, the usual version is added. */
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly provider: ModelProvider;
}

/** Where requests go and with which key. The only value in the program that holds the key. */
export interface Upstream {
  readonly provider: ModelProvider;
  readonly secure: boolean;
  readonly hostname: string;
  readonly port: number;
  /** Starts with a slash or is empty; never ends with a slash. */
  readonly prefix: string;
  readonly apiKey: string;
}

export function parseUpstream({ baseUrl, apiKey, provider }: UpstreamOptions): Upstream {
  const url = new URL(baseUrl);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new Error(`not an HTTP address: ${url.protocol}`);
  if (url.username || url.password || url.search)
    throw new Error('a model address carries no credentials and no query');
  const secure = url.protocol === 'https:';
  const path = url.pathname.replace(/\/+$/, '');
  return {
    provider,
    secure,
    hostname: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port) || (secure ? 443 : 80),
    prefix: path || (provider === 'google' ? '/v1beta' : '/v1'),
    apiKey,
  };
}

export function renderKeyHeader({ apiKey }: Upstream, protocol: Protocol): Readonly<Record<string, string>> {
  if (protocol === 'anthropic') return { 'x-api-key': apiKey };
  if (protocol === 'gemini') return { 'x-goog-api-key': apiKey };
  return { authorization: `Bearer ${apiKey}` };
}
