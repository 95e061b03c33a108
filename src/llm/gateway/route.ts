// Which request targets the gateway serves. A target is compared as the raw text of the request line, never decoded or
// resolved, so absolute forms, dot segments, encodings and doubled slashes simply match nothing.
import type { ModelProvider } from '../../engine/port/model.ts';

export type Protocol = 'anthropic' | 'chat' | 'responses' | 'gemini';

export interface Route {
  readonly protocol: Protocol;
  /** Below the provider's API root, query included. */
  readonly path: string;
  /** False for requests that providers answer without charge, such as counting tokens. */
  readonly metered: boolean;
  /** Only where the protocol names the model in its path. */
  readonly model?: string;
}

const messages: Route = { protocol: 'anthropic', path: '/messages', metered: true };
const countTokens: Route = { protocol: 'anthropic', path: '/messages/count_tokens', metered: false };
const chat: Route = { protocol: 'chat', path: '/chat/completions', metered: true };
const responses: Route = { protocol: 'responses', path: '/responses', metered: true };

const fixedRoutes: Readonly<Record<ModelProvider, Readonly<Record<string, Route>>>> = {
  anthropic: { '/v1/messages': messages, '/v1/messages/count_tokens': countTokens },
  openai: { '/v1/chat/completions': chat, '/v1/responses': responses },
  compatible: { '/v1/chat/completions': chat, '/v1/responses': responses },
  // Google answers the chat protocol too, under a folder of its own.
  google: { '/v1/chat/completions': { ...chat, path: '/openai/chat/completions' } },
};

const geminiPath =
  /^\/v1beta\/models\/([A-Za-z0-9][A-Za-z0-9._-]{0,127}):(generateContent|streamGenerateContent|countTokens)$/;
/** Query parameters that clients send for a reason; a key in the query is not one of them. */
const keptQuery = new Set(['alt=sse', 'beta=true']);

export function parseRoute(provider: ModelProvider, method: string | undefined, target: string): Route | undefined {
  if (method !== 'POST') return undefined;
  const mark = target.indexOf('?');
  const path = mark < 0 ? target : target.slice(0, mark);
  const route = Object.hasOwn(fixedRoutes[provider], path) ? fixedRoutes[provider][path] : parseGemini(provider, path);
  if (!route || mark < 0) return route;
  const query = target
    .slice(mark + 1)
    .split('&')
    .filter((part) => keptQuery.has(part));
  return query.length === 0 ? route : { ...route, path: `${route.path}?${query.join('&')}` };
}

function parseGemini(provider: ModelProvider, path: string): Route | undefined {
  const [, model, verb] = (provider === 'google' && geminiPath.exec(path)) || [];
  if (!model || !verb) return undefined;
  return { protocol: 'gemini', path: `/models/${model}:${verb}`, metered: verb !== 'countTokens', model };
}
