// What is kept of git's answers is what cannot change, and nothing that can.
import { describe, expect, it } from 'vitest';
import { KnownAnswers } from '../../src/demo/github/git/known-answers.ts';

const [one, other] = ['1'.repeat(40), '2'.repeat(40)];

/** How often git is asked when the same is asked twice. */
async function countAsked(args: readonly string[], code = 0, stdout = Buffer.from('answer')): Promise<number> {
  const known = new KnownAnswers();
  let asked = 0;
  const ask = async () => {
    asked += 1;
    return { code, stdout, stderr: '' };
  };
  const answers = [await known.find(args, ask), await known.find(args, ask)];
  expect(answers).toEqual([await ask(), await ask()]);
  return asked - 2;
}

describe('git is asked once', () => {
  it.each([
    [['log', '-z', '--reverse', `${one}..${other}`, '--']],
    [['rev-list', '--count', `${one}..${other}`, '--']],
    [['rev-parse', '--verify', '--quiet', `${one}^{commit}`]],
    [['ls-tree', '-z', '-l', one, '--', 'a folder/main']],
    [['cat-file', 'blob', one]],
    [['diff', '--patch', one, other, '--']],
  ])('%j', async (args) => {
    expect(await countAsked(args)).toBe(1);
  });

  it.each([[['merge-base', '--is-ancestor', one, other]], [['merge-tree', '--write-tree', one, other]]])(
    '%j, whose "no" is an answer as well',
    async (args) => {
      expect(await countAsked(args, 1)).toBe(1);
    },
  );

  it('also when it is still at it', async () => {
    const known = new KnownAnswers();
    let asked = 0;
    const ask = async () => {
      asked += 1;
      return { code: 0, stdout: Buffer.of(), stderr: '' };
    };
    await Promise.all([1, 2, 3].map(() => known.find(['cat-file', 'blob', one], ask)));
    expect(asked).toBe(1);
  });
});

describe('git is asked again', () => {
  it.each([
    ['what a branch is now', ['rev-parse', '--verify', 'main^{commit}'], 0],
    ['a range from a branch', ['log', `main..${one}`], 0],
    ['a path that looks like an object', ['log', '--', one], 0],
    ['everything', ['for-each-ref', '--format=%(refname)'], 0],
    ['an object that is not there yet', ['rev-parse', '--verify', '--quiet', `${one}^{commit}`], 1],
    ['a tree that is not there yet', ['ls-tree', '-z', one, '--'], 128],
    ['a merge of what is not there yet', ['merge-base', one, other], 128],
    ['a write', ['update-ref', 'refs/heads/main', one], 0],
    ['a write of objects alone', ['commit-tree', one], 0],
  ])('%s', async (_, args, code) => {
    expect(await countAsked(args, code)).toBe(2);
  });

  it('what is large', async () => {
    expect(await countAsked(['cat-file', 'blob', one], 0, Buffer.alloc(300_000))).toBe(2);
  });

  it('what failed', async () => {
    const known = new KnownAnswers();
    const args = ['cat-file', 'blob', one];
    await expect(known.find(args, () => Promise.reject(new Error('no more processes')))).rejects.toThrow('processes');
    const answer = { code: 0, stdout: Buffer.of(), stderr: '' };
    expect(await known.find(args, async () => answer)).toBe(answer);
  });
});
