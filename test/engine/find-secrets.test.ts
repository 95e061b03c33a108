// Secrets are found in whatever text they are written in, and where a file is called by one.
import { describe, expect, it } from 'vitest';
import { countNewSecrets } from '../../src/engine/find-secrets.ts';
import type { ChangedPath, GitPort } from '../../src/engine/port/git.ts';

// In two parts, so that nobody takes this file for one that holds a secret.
const secret = ['ghp_', '1234567890abcdefghijklmnopqrstuvwxyz'].join('');
const other = ['ghp_', 'zyxwvutsrqponmlkjihgfedcba0987654321'].join('');
const repository = { key: 'example.com/7', url: 'https://example.com/project.git' };

/** Contents as git has them, at the base and at the head, by path. */
async function count(changed: ChangedPath, at: { base?: Buffer; head?: Buffer }): Promise<number> {
  const git = {
    readFile: async (_repository: unknown, commit: string) => (commit === 'base' ? at.base : at.head)?.toString('utf8'),
  };
  // Nothing else of git is asked.
  return await countNewSecrets(git as unknown as GitPort, repository, {
    base: 'base',
    head: 'head',
    changed: [changed],
  });
}

const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le');
const encodings: readonly (readonly [string, (text: string) => Buffer])[] = [
  ['UTF-8', (text) => Buffer.from(text, 'utf8')],
  ['UTF-16, little end first', utf16],
  ['UTF-16, big end first', (text) => utf16(text).swap16()],
  [
    'UTF-32, little end first',
    (text) => Buffer.from(Uint32Array.from(text, (sign) => sign.codePointAt(0) ?? 0).buffer),
  ],
  [
    'UTF-32, big end first',
    (text) => Buffer.from(Uint32Array.from(text, (sign) => sign.codePointAt(0) ?? 0).buffer).swap32(),
  ],
];

describe.each(encodings)('a file in %s', (_, encode) => {
  const changed: ChangedPath = { path: 'notes.txt', status: 'modified' };

  it('is searched for secrets', async () => {
    expect(await count(changed, { head: encode(`grüße\ntoken = ${secret}\n`) })).toBe(1);
    expect(await count(changed, { head: encode('grüße\nno token\n') })).toBe(0);
  });

  it('may keep one that was there, and not get another', async () => {
    const base = encode(`token = ${secret}\n`);
    expect(await count(changed, { base, head: encode(`# moved\ntoken = ${secret}\n`) })).toBe(0);
    expect(await count(changed, { base, head: encode(`token = ${other}\n`) })).toBe(1);
  });

  it('may be written in another encoding than before', async () => {
    const base = Buffer.from(`token = ${secret}\n`, 'utf8');
    expect(await count(changed, { base, head: encode(`token = ${secret}\n`) })).toBe(0);
  });
});

describe('a file that is no text', () => {
  const changed: ChangedPath = { path: 'program.bin', status: 'modified' };
  const between = (...words: string[]) => Buffer.from(words.join('\0'));

  it('is searched from one zero to the next', async () => {
    expect(await count(changed, { head: between('token', secret, 'next') })).toBe(1);
  });

  it('may change beside one that was there', async () => {
    const base = between('token', secret, 'next');
    expect(await count(changed, { base, head: between('token', secret, 'other') })).toBe(0);
  });
});

describe('the name of a file', () => {
  it.each([secret, `${secret}.txt`, `deep/${secret}/x`])('is searched when it is new: %#', async (path) => {
    expect(await count({ path, status: 'added' }, { head: Buffer.from('x') })).toBe(1);
    expect(await count({ path, from: 'a', status: 'renamed' }, { head: Buffer.from('x') })).toBe(1);
    expect(await count({ path, status: 'modified' }, { head: Buffer.from('x') })).toBe(0);
  });
});
