// What is kept of a review: whether its readers saw all of the change, and whether there is what they name.
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/core/model/finding.ts';
import { checkPlaces } from '../../src/engine/check-places.ts';
import { ExternalError } from '../../src/engine/external-error.ts';
import type { ChangedPath, GitPort } from '../../src/engine/port/git.ts';
import { isShownInPart } from '../../src/engine/review.ts';
import type { WorkPorts } from '../../src/engine/work-ports.ts';

describe('a change is shown in part where', () => {
  const text = { path: 'a.txt', status: 'modified' } as const;
  const many: ChangedPath[] = Array.from({ length: 301 }, (_, at) => ({ path: `${at}.txt`, status: 'added' }));
  it.each([
    ['there are too many paths', { changed: many, patch: '' }],
    ['it is too long', { changed: [text], patch: `+${'x'.repeat(40_000)}\n` }],
    ['git shows nothing of a path', { changed: [text, { ...text, path: 'a.jar', isUnshown: true }], patch: '+x\n' }],
    ['bytes of it are no UTF-8', { changed: [text], patch: Buffer.from([0x2b, 0xff, 0x0a]).toString('utf8') }],
  ])('%s', (_name, change) => {
    expect(isShownInPart(change)).toBe(true);
  });

  it('and not where all of it is there as text', () => {
    expect(isShownInPart({ changed: [text], patch: '+grüße\r+one line\n' })).toBe(false);
  });
});

describe('the place of a finding', () => {
  const repository = { key: 'git.test/7', url: 'https://git.test/acme/widget.git' };
  const finding: Finding = {
    severity: 'major',
    path: 'a.txt',
    line: 3,
    what: 'Wrong.',
    status: 'confirmed',
    by: 'one',
  };
  const lines = (count: number) => 'x\n'.repeat(count);
  /** By commit and path; what is too large is null. */
  const files: Readonly<Record<string, string | null>> = {
    'merged a.txt': lines(3),
    'head a.txt': lines(2),
    'base a.txt': lines(1),
    'base gone.txt': lines(5),
    'merged shorter.txt': lines(1),
    'base shorter.txt': lines(9),
    'merged large.txt': null,
    'merged empty.txt': '',
  };
  const git: Pick<GitPort, 'readFile'> = {
    readFile: async (_repository, commit, path) => {
      const text = files[`${commit} ${path}`];
      if (text === null) throw new ExternalError({ system: 'git', message: 'over the limit', retry: 'never' });
      return text;
    },
  };
  const check = async (...findings: Finding[]) => {
    const where = { repository, commits: ['merged', 'head', 'base'] };
    const checked = await checkPlaces({ git } as never as WorkPorts, where, findings);
    return [
      checked.findings.map(({ status, why }) => (why === undefined ? status : `${status}: ${why}`)),
      checked.unplaced,
    ];
  };
  const gone = 'unverified: there is no such place in what was looked at';

  it.each([
    ['a line of what would land', { line: 3 }],
    ['a line that is deleted', { path: 'shorter.txt', line: 9 }],
    ['a line of a file that is deleted', { path: 'gone.txt', line: 5 }],
    ['a file as a whole', { line: undefined }],
    ['a file without a line', { path: 'empty.txt', line: 1 }],
  ])('is %s', async (_name, place) => {
    expect(await check({ ...finding, ...place } as Finding)).toEqual([['confirmed'], 0]);
  });

  it('is nowhere beyond every end, and what was confirmed there is counted', async () => {
    expect(await check({ ...finding, line: 4 }, { ...finding, path: 'b.txt' })).toEqual([[gone, gone], 2]);
    const asked = { ...finding, line: 4, status: 'unverified', isForPerson: true } as const;
    expect(await check(asked)).toEqual([[gone], 1]);
  });

  it('is not looked for where nothing hangs on it', async () => {
    expect(await check({ ...finding, line: 4, status: 'unverified' })).toEqual([[gone], 0]);
    expect(await check({ ...finding, line: 4, status: 'refuted', isForPerson: true })).toEqual([['refuted'], 0]);
  });

  it('is known by nobody in a file that is too large', async () => {
    const why = 'unverified: the file is too large to see whether there is such a place';
    expect(await check({ ...finding, path: 'large.txt' })).toEqual([[why], 1]);
  });
});
