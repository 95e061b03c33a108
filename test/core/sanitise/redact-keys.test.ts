import { describe, expect, it } from 'vitest';
import { redactKeys } from '../../../src/core/sanitise/redact-keys.ts';

describe('redacting by key', () => {
  it.each([
    ...['password', 'user_password', 'user-password', 'userPassword', 'PASSWD', 'passphrase', 'secret', 'clientSecret'],
    ...['client_secret', 'client-secret', 'webhookSecret', 'token', 'access_token', 'accessToken', 'x-auth-token'],
    ...['apiKey', 'api_key', 'x-api-key', 'APIKey', 'accessKey', 'aws_secret_access_key', 'privateKey', 'private_key'],
    ...[
      'authorization',
      'Authorization',
      'proxy-authorization',
      'cookie',
      'set-cookie',
      'credentials',
      'bearer',
      'jwt',
    ],
  ])('replaces the text under %s', (key) => {
    expect(redactKeys({ [key]: 'hunter2', other: 'hunter2' })).toEqual({ [key]: '[redacted]', other: 'hunter2' });
  });

  it('replaces everything below such a key', () => {
    const cookies = { cookies: { a: 'x', b: ['y', { c: 'z' }] } };
    expect(redactKeys(cookies)).toEqual({ cookies: { a: '[redacted]', b: ['[redacted]', { c: '[redacted]' }] } });
  });

  it('keeps counts, limits and times', () => {
    const facts = { inputTokens: 12, max_tokens: 4_096, tokenExpiresAt: 5, tokenizer: 'o200k', ok: true, none: null };
    expect(redactKeys(facts)).toEqual(facts);
  });

  it('replaces numbers that are passwords', () => {
    expect(redactKeys({ password: 1234, db: { passphrase: 5n } })).toEqual({
      password: '[redacted]',
      db: { passphrase: '[redacted]' },
    });
  });

  it('replaces secrets by shape under any key', () => {
    const secret = ['ghs_', 'a1B2c3D4e5F6g7H8i9J0'].join('');
    expect(redactKeys({ line: `pushed with ${secret}`, list: [secret] })).toEqual({
      line: 'pushed with [redacted]',
      list: ['[redacted]'],
    });
  });

  it('reads errors, with their causes and their own fields', () => {
    const cause = Object.assign(new Error('inner'), { token: 'hunter2' });
    const error = Object.assign(new TypeError('outer', { cause }), { status: 401 });
    expect(redactKeys({ error })).toMatchObject({
      error: { name: 'TypeError', message: 'outer', status: 401, cause: { message: 'inner', token: '[redacted]' } },
    });
  });

  it('leaves the original alone', () => {
    const original = { a: { token: 'hunter2' } };
    redactKeys(original);
    expect(original).toEqual({ a: { token: 'hunter2' } });
  });

  it('copies circles, and what is shared under a secret and elsewhere', () => {
    const shared: Record<string, unknown> = { name: 'x' };
    shared.self = shared;
    const copy = redactKeys({ open: shared, secret: shared, password: { n: 1, shared } });
    expect(copy).toMatchObject({ open: { name: 'x' }, secret: { name: '[redacted]' }, password: { n: '[redacted]' } });
    expect(Reflect.get(Object(copy.open), 'self')).toBe(copy.open);
    expect(Reflect.get(Object(copy.secret), 'self')).toBe(copy.secret);
  });

  it('keeps bytes out, dates as they are, and keys that name the prototype as keys', () => {
    const at = new Date(0);
    const hostile = JSON.parse('{"__proto__":{"token":"hunter2"}}');
    const copy = redactKeys({ bytes: new Uint8Array(3), at, hostile });
    expect(copy).toMatchObject({ bytes: '[3 bytes]', at });
    expect(JSON.stringify(copy.hostile)).toBe('{"__proto__":{"token":"[redacted]"}}');
  });

  it('bounds what is nested without end and what repeats itself without end', () => {
    let deep: Record<string, unknown> = {};
    for (let level = 0; level < 100_000; level += 1) deep = { deep };
    expect(JSON.stringify(redactKeys(deep))).toContain('[too deep]');
    let wide: unknown[] = ['x'];
    for (let level = 0; level < 30; level += 1) wide = [wide, wide, wide];
    expect(redactKeys({ wide })).toHaveProperty('wide');
  });
});
