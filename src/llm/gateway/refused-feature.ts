// A provider can act for the one who asks: search the web, fetch an address, run code, call other servers, read what
// an earlier request stored. For an agent whose sandbox has no network each of these would be a way out of it, so the
// gateway refuses requests that use them. Tools that the client itself carries out are not concerned.
import type { Protocol } from './route.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Top-level fields that reach beyond the request: other servers, stored content, other models, several answers. */
const refusedFields = [
  'background',
  'cachedContent',
  'cached_content',
  'container',
  'conversation',
  'fallbacks',
  'mcp_servers',
  'models',
  'plugins',
  'previous_response_id',
  'prompt',
  'web_search_options',
];
/** Fields whose text the provider would resolve to something outside the request, unless it is a data: address. */
const references = new Set([
  'file_data_url',
  'file_id',
  'file_uri',
  'file_url',
  'fileUri',
  'image_url',
  'url',
  'video_url',
]);
/** Fields that hold what a tool was called with or gave back: data of the agent, never resolved. */
const opaque = new Set(['args', 'arguments', 'response']);
const clientTool = /^(custom|function|local_shell|apply_patch|(bash|computer|memory|text_editor)_\d+)$/;
/** Deeper content than this is nobody's honest request. */
const maxDepth = 64;

/** The name of the first thing in the request that is not allowed here. */
export function findRefusedFeature(protocol: Protocol, body: Fields): string | undefined {
  const field = refusedFields.find((name) => body[name] !== undefined && body[name] !== null && body[name] !== false);
  if (field) return field;
  if (asksForSeveralAnswers(body)) return 'several answers to one request';
  if (asList(body.tools).some((tool) => !isClientTool(protocol, tool))) return 'a tool that the provider carries out';
  for (const content of [body.messages, body.input, body.contents, body.system]) {
    const reference = findReference(content, 0);
    if (reference) return reference;
  }
  return undefined;
}

function asksForSeveralAnswers(body: Fields): boolean {
  const generation = isFields(body.generationConfig) ? body.generationConfig : {};
  return [body.n, body.best_of, generation.candidateCount].some((count) => typeof count === 'number' && count > 1);
}

function isClientTool(protocol: Protocol, tool: unknown): boolean {
  if (!isFields(tool)) return false;
  if (protocol === 'gemini') {
    return Object.keys(tool).every((key) => key === 'functionDeclarations' || key === 'function_declarations');
  }
  return tool.type === undefined ? protocol === 'anthropic' : clientTool.test(String(tool.type));
}

function findReference(value: unknown, depth: number): string | undefined {
  if (depth > maxDepth) return 'content nested too deeply';
  if (Array.isArray(value)) return findFirst(value, (item) => findReference(item, depth + 1));
  if (!isFields(value)) return undefined;
  return findFirst(Object.entries(value), ([key, child]) => {
    if (opaque.has(key) || (key === 'input' && value.type === 'tool_use')) return undefined;
    if (references.has(key) && typeof child === 'string' && !child.startsWith('data:')) return `the reference "${key}"`;
    return findReference(child, depth + 1);
  });
}

function findFirst<Item, Found>(items: readonly Item[], find: (item: Item) => Found | undefined): Found | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
