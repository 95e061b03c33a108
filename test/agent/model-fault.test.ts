import { expect, it } from 'vitest';
import { classifyModelFault } from '../../src/agent/model-fault.ts';

it.each([
  ['429 {"type":"error","error":{"type":"rate_limit_error"}}', 'rate_limit', true],
  ['OpenAI API error (429): {"message":"slow down"}', 'rate_limit', true],
  ['{"error":{"code":429,"message":"quota"}}', 'rate_limit', true],
  ['529 {"type":"error","error":{"type":"overloaded_error"}}', 'provider', true],
  ['502: the model provider did not answer', 'provider', true],
  ['terminated', 'provider', true],
  ['Anthropic stream ended before message_stop', 'provider', true],
  ['401 {"error":{"type":"authentication_error"}}', 'auth', false],
  ['403 this address is not allowed', 'auth', false],
  ['400 {"error":{"message":"out of budget: this attempt has used up what it was given"}}', 'budget', false],
  ['400 {"error":{"message":"prompt is too long: 210000 tokens > 200000 maximum"}}', 'context', false],
  ["400 This model's maximum context length is 128000 tokens", 'context', false],
  ['413 {"error":{"type":"request_too_large"}}', 'context', false],
  ['400 {"error":{"type":"api_error","message":"unknown field"}}', 'unknown', false],
  ['Your request was rate limited since it exceeded the quota', 'rate_limit', true],
  ['something else', 'unknown', false],
] as const)('%s', (message, fault, retryable) => {
  expect(classifyModelFault(message)).toEqual({ fault, retryable });
});
