// Secrets are found in whatever text they are written in, and where a file is called by one.
import { describe, expect, it, vi } from 'vitest';
import { countNewSecrets } from '../../src/engine/find-secrets.ts';
import type { ChangedPath, GitPort } from '../../src/engine/port/git.ts';

// In two parts, so that nobody takes this file for one that holds a secret.
const secret = ['ghp_', '1234567890abcdefghijklmnopqrstuvwxyz'].join('');
const other = ['ghp_', 'zyxwvutsrqponmlkjihgfedcba0987654321'].join('');
const repository = { key: 'example.com/7', url: 'https://example.com/project.git' };

const secretOf = (at: number) => `${['ghp', '_'].join('')}${String(at).padStart(20, '0')}`;

/** What is read of a commit of many files, in order, and what is counted there. */
async function look(paths: readonly string[], at: { base?: string; head: string }) {
  const read: string[] = [];
  const git = {
    readFile: async (_repository: unknown, commit: 'base' | 'head', path: string) => {
      read.push(`${commit} ${path}`);
      return at[commit];
    },
  };
  const changed = paths.map((path): ChangedPath => ({ path, status: 'modified' }));
  const commits = { base: 'base', head: 'head', changed };
  return { count: await countNewSecrets(git as unknown as GitPort, repository, commits), read };
}

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

describe('many secrets', () => {
  const lines = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, at) => `${secretOf(from + at)}\n`).join('');

  it('are one where they are the same, and none where they were there, in whatever order', async () => {
    expect((await look(['a', 'b'], { head: lines(1, 2).repeat(5) })).count).toBe(1);
    expect((await look(['a'], { base: lines(0, 500), head: lines(100, 500) + lines(0, 100) })).count).toBe(0);
    expect((await look(['a'], { base: lines(0, 500), head: lines(0, 503) })).count).toBe(3);
  });

  it('are no more than a hundred to whoever asks: nothing behind them is read', async () => {
    const { count: found, read } = await look(['a', 'b', 'c'], { head: lines(0, 60) + lines(0, 90) });
    expect([found, read]).toEqual([90, ['head a', 'base a', 'head b', 'base b', 'head c', 'base c']]);
    const { count: most, read: few } = await look(['a', 'b', 'c'], { head: lines(0, 150) });
    expect([most, few]).toEqual([100, ['head a', 'base a']]);
  });

  it('are compared with each other and not looked for in the text, each by itself', async () => {
    const includes = vi.spyOn(String.prototype, 'includes');
    try {
      for (const end of ['', '\0']) {
        const { count: found } = await look(['a'], { base: lines(400, 800), head: lines(0, 800) + end });
        expect(found).toBe(100);
      }
      // As many as are looked for at most, and a few for the text itself.
      expect(includes.mock.calls.length).toBeLessThan(500);
    } finally {
      includes.mockRestore();
    }
  });

  it('stay known where another word stands beside one now, or none any more', async () => {
    const [one, two] = [secretOf(1), secretOf(2)];
    expect((await look(['a'], { base: `${one}.\nx${two}`, head: `${one}\n${two}` })).count).toBe(0);
  });
});

it('reads nothing of the base where there is nothing to compare', async () => {
  expect(await look(['a', 'b'], { base: secret, head: 'nothing' })).toEqual({ count: 0, read: ['head a', 'head b'] });
});

it('gives others a turn while it looks through much', async () => {
  let turns = 0;
  let next = setImmediate(function take() {
    turns += 1;
    next = setImmediate(take);
  });
  try {
    await look(['a'], { head: 'just words\n'.repeat(200_000) });
  } finally {
    clearImmediate(next);
  }
  expect(turns).toBeGreaterThan(10);
});
