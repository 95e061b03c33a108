import { describe, expect, it } from 'vitest';
import { findMisfit, findOversize, findUnsafeChange } from '../../src/git/capture/content-policy.ts';
import { findUnsafeNewPath, findUnsafePath } from '../../src/git/capture/path-policy.ts';
import type { RawChange } from '../../src/git/raw-diff.ts';

const bytes = (text: string) => Buffer.from(text, 'utf8').toString('latin1');

describe('a path', () => {
  it.each([
    '.git',
    '.git/config',
    'a/.GIT/hooks/x',
    'a/.Git',
    'a/.gıt/x',
    'a/.git /x',
    'a/.git./x',
    'a/.git::$INDEX_ALLOCATION/x',
    'a/git~1/config',
    'a\\.git\\config',
    'a/.g\u200cit/config',
    'a/．git/config',
    '.gitmodules',
    '.GITMODULES',
    'gitmod~1',
    'a\tb',
    'a\u007fb',
    'a\u0085b',
    'a\u202eb',
    'a\u2028b',
    // A Mac leaves them out, or shows nothing of them.
    'a/.g\u034fit/config',
    'a/.git\ufe0f/config',
    'a/.\u3164git/config',
    'a/.git\u{e0100}/config',
    'a\u115fb',
  ])('is refused: %j', (path) => {
    expect(findUnsafePath(bytes(path))).toMatchObject({ kind: 'unsafe_path' });
  });

  it('is refused when it is no text', () => {
    expect(findUnsafePath('a\xffb')).toMatchObject({ kind: 'unsafe_path', why: expect.stringContaining('UTF-8') });
  });

  it.each([
    'a',
    '.github/workflows/x.yml',
    '.gitignore',
    'sub/.gitmodules',
    'git/x',
    'a.git/x',
    '.gitattributes',
    'grüße/日本.txt',
    '-x',
    'a b',
    '❤\ufe0f.md',
  ])('is taken: %j', (path) => {
    expect(findUnsafePath(bytes(path))).toBeUndefined();
  });
});

describe('a path that is new', () => {
  it.each([
    ['con', 'device'],
    ['a/NUL.txt', 'device'],
    ['a/Com1.tar.gz', 'device'],
    ['lpt9 .txt', 'device'],
    ['com\u00b2', 'device'],
    ['CONIN$', 'device'],
    ['a./b', 'dot or a space'],
    ['a ', 'dot or a space'],
    ['a/... ', 'dot or a space'],
    ['a:stream', 'character'],
    ['a/b.txt::$DATA', 'character'],
    ['a*b', 'character'],
    ['a?', 'character'],
    ['"a"', 'character'],
    ['a\\b', 'character'],
    ['a|b', 'character'],
    ['.git', '.git folder'],
  ])('is refused: %j', (path, why) => {
    expect(findUnsafeNewPath(bytes(path))).toMatchObject({ kind: 'unsafe_path', why: expect.stringContaining(why) });
  });

  it.each([
    'console.ts',
    'com0',
    'com10.txt',
    'nullable',
    'aux-x',
    '.a',
    'a.b.c',
    'a+b (1)',
    "it's",
    'auxiliary/con-x',
  ])('is taken: %j', (path) => {
    expect(findUnsafeNewPath(bytes(path))).toBeUndefined();
  });

  it('is judged by more than one that was there before', () => {
    expect(findUnsafePath('a:b')).toBeUndefined();
  });
});

describe('a change', () => {
  const change = (fields: Partial<RawChange>): RawChange => ({
    oldMode: '100644',
    newMode: '100644',
    oldId: '1'.repeat(40),
    newId: '2'.repeat(40),
    status: 'M',
    name: 'a',
    ...fields,
  });

  it.each([
    ['of a submodule', change({ oldMode: '160000', newMode: '160000' })],
    ['that adds a submodule', change({ oldMode: '000000', newMode: '160000', status: 'A' })],
    ['that removes a submodule', change({ oldMode: '160000', newMode: '000000', status: 'D' })],
    ['that adds a link', change({ oldMode: '000000', newMode: '120000', status: 'A' })],
    ['that turns a link elsewhere', change({ oldMode: '120000', newMode: '120000' })],
    ['that removes the list of submodules', change({ newMode: '000000', status: 'D', name: '.gitmodules' })],
    ['to a badly named file', change({ name: '.git/config' })],
    ['that adds what Windows cannot have', change({ oldMode: '000000', status: 'A', name: 'nul.txt' })],
  ])('%s is refused', (_, unsafe) => {
    expect(findUnsafeChange([change({}), unsafe])).toMatchObject({ kind: 'unsafe_path', path: unsafe.name });
  });

  it.each([
    ['that removes a link', change({ oldMode: '120000', newMode: '000000', status: 'D' })],
    ['that makes a file of a link', change({ oldMode: '120000', status: 'T' })],
    ['to a file that Windows cannot have', change({ name: 'a:b' })],
    ['that removes a badly named file', change({ newMode: '000000', status: 'D', name: 'a\tb' })],
  ])('%s is taken', (_, safe) => {
    expect(findUnsafeChange([safe])).toBeUndefined();
  });
});

describe('a result', () => {
  it.each([
    ['a file beside another one', ['README'], ['README', 'readme'], 'readme'],
    ['a folder beside another one', ['src/a'], ['src/a', 'Src/b'], 'Src'],
    ['two new files', [], ['x', 'X'], 'X'],
    ['two names that differ in what is not seen', [bytes('a\u034f')], [bytes('a\u034f'), 'a'], 'a'],
    ['two ways to write one letter', [bytes('caf\u00e9')], [bytes('caf\u00e9'), bytes('cafe\u0301')], 'cafe\u0301'],
  ])('with %s is refused', (_, base, result, path) => {
    expect(findMisfit({ base, result })).toMatchObject({ kind: 'unsafe_path', path });
  });

  it.each([
    ['a name that only changed its case', ['README'], ['readme']],
    ['a collision that was there before', ['A', 'a'], ['A', 'a', 'b']],
    ['a new file in a folder that collided before', ['X/a', 'x/a'], ['X/a', 'x/a', 'X/b']],
    [
      'a repository that was there before',
      ['t/HEAD', 't/objects/x', 't/refs/x'],
      ['t/HEAD', 't/objects/x', 't/refs/x', 't/y'],
    ],
  ])('with %s is taken', (_, base, result) => {
    expect(findMisfit({ base, result })).toBeUndefined();
  });

  it('is measured as a whole', () => {
    const files = [
      { name: 'a', bytes: 60 },
      { name: 'b', bytes: 50 },
    ];
    expect(findOversize(files, 110)).toBeUndefined();
    expect(findOversize(files, 109)).toEqual({ kind: 'too_large', bytes: 110, maxBytes: 109, path: 'a' });
  });
});
