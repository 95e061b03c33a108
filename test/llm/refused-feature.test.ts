import { describe, expect, it } from 'vitest';
import { findRefusedFeature } from '../../src/llm/gateway/refused-feature.ts';
import type { Protocol } from '../../src/llm/gateway/route.ts';

const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'aGk=' } };

describe('what a provider would do for an agent', () => {
  it.each<[string, Protocol, Record<string, unknown>]>([
    ['search the web', 'anthropic', { tools: [{ type: 'web_search_20250305', name: 'web_search' }] }],
    ['fetch a page', 'anthropic', { tools: [{ type: 'web_fetch_20250910', name: 'web_fetch' }] }],
    ['run code', 'anthropic', { tools: [{ type: 'code_execution_20250522', name: 'code_execution' }] }],
    ['call an MCP server', 'anthropic', { mcp_servers: [{ type: 'url', url: 'https://evil.test' }] }],
    [
      'load an image',
      'anthropic',
      {
        messages: [
          { role: 'user', content: [{ type: 'image', source: { type: 'url', url: 'https://evil.test/?s=1' } }] },
        ],
      },
    ],
    [
      'load an image in a tool result',
      'anthropic',
      { messages: [{ content: [{ type: 'tool_result', content: [{ source: { url: 'https://evil.test' } }] }] }] },
    ],
    [
      'read a stored file',
      'anthropic',
      { messages: [{ content: [{ type: 'document', source: { type: 'file', file_id: 'f1' } }] }] },
    ],
    ['search the web', 'chat', { web_search_options: {} }],
    ['use a plugin', 'chat', { plugins: [{ id: 'web' }] }],
    ['fall back to another model', 'chat', { models: ['expensive'] }],
    [
      'load an image',
      'chat',
      { messages: [{ content: [{ type: 'image_url', image_url: { url: 'https://evil.test' } }] }] },
    ],
    ['answer many times', 'chat', { n: 5 }],
    ['use an unknown tool', 'chat', { tools: [{ type: 'browser' }] }],
    ['run in the background', 'responses', { background: true }],
    ['read an earlier answer', 'responses', { previous_response_id: 'resp_1' }],
    ['search files', 'responses', { tools: [{ type: 'file_search', vector_store_ids: ['v'] }] }],
    ['load an image', 'responses', { input: [{ content: [{ type: 'input_image', image_url: 'https://evil.test' }] }] }],
    ['search the web', 'gemini', { tools: [{ functionDeclarations: [] }, { googleSearch: {} }] }],
    ['load a page', 'gemini', { tools: [{ urlContext: {} }] }],
    ['load a file', 'gemini', { contents: [{ parts: [{ fileData: { fileUri: 'https://evil.test' } }] }] }],
    ['read a cache', 'gemini', { cachedContent: 'cachedContents/1' }],
    ['answer many times', 'gemini', { generationConfig: { candidateCount: 3 } }],
  ])('%s (%s) is refused', (_what, protocol, body) => {
    expect(findRefusedFeature(protocol, body)).toEqual(expect.any(String));
  });

  it('refuses content that is nested without end', () => {
    const nested = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    expect(findRefusedFeature('anthropic', { messages: JSON.parse(nested) })).toBe('content nested too deeply');
  });
});

describe('what agents do themselves', () => {
  it.each<[string, Protocol, Record<string, unknown>]>([
    [
      'own tools',
      'anthropic',
      {
        tools: [
          { name: 'bash', input_schema: {} },
          { type: 'custom', name: 'x' },
          { type: 'bash_20250124', name: 'bash' },
        ],
      },
    ],
    ['images by value', 'anthropic', { messages: [{ role: 'user', content: [image] }] }],
    [
      'tool input with addresses',
      'anthropic',
      { messages: [{ content: [{ type: 'tool_use', input: { url: 'https://example.test' } }] }] },
    ],
    ['addresses in text', 'anthropic', { messages: [{ role: 'user', content: 'see https://example.test' }] }],
    ['own tools', 'chat', { tools: [{ type: 'function', function: { name: 'f' } }], n: 1 }],
    ['images by value', 'chat', { messages: [{ content: [{ image_url: { url: 'data:image/png;base64,aGk=' } }] }] }],
    [
      'own tools',
      'responses',
      { tools: [{ type: 'function', name: 'f' }], background: false, previous_response_id: null },
    ],
    [
      'tool calls with addresses',
      'responses',
      { input: [{ type: 'function_call', arguments: '{"url":"https://example.test"}' }] },
    ],
    ['own tools', 'gemini', { tools: [{ functionDeclarations: [] }] }],
    [
      'tool calls with addresses',
      'gemini',
      { contents: [{ parts: [{ functionCall: { name: 'f', args: { url: 'https://example.test' } } }] }] },
    ],
  ])('%s (%s) pass', (_what, protocol, body) => {
    expect(findRefusedFeature(protocol, body)).toBeUndefined();
  });
});
