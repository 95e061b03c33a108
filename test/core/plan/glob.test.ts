import fc from 'fast-check';
import { minimatch } from 'minimatch';
import { describe, expect, it } from 'vitest';
import { isMatch, isOverlap, parseGlob } from '../../../src/core/plan/glob.ts';
import { anyGlob } from './plan-support.ts';

function matches(glob: string, path: string): boolean {
  return isMatch(parseGlob(glob), path);
}

function overlaps(a: string, b: string): boolean {
  const [left, right] = [parseGlob(a), parseGlob(b)];
  expect(isOverlap(right, left)).toBe(isOverlap(left, right));
  return isOverlap(left, right);
}

const PATH_NAMES = ['src', 'lib', 'test', 'a', 'b', 'A', '[id]', 'a.ts', 'b.ts', 'x', '.hidden', 'fixtures'];
const anyRealPath = fc
  .array(fc.constantFrom(...PATH_NAMES), { minLength: 1, maxLength: 5 })
  .map((names) => names.join('/'));

/** A pattern for one segment that still matches it, most of the time. */
function widenName(name: string): fc.Arbitrary<string> {
  const first = name.slice(0, 1);
  return fc.constantFrom(
    name,
    name,
    '*',
    '**',
    `${first}*`,
    `?${name.slice(1)}`,
    `{${name},zz}`,
    `{x,${first}}*`,
    `*${name}`,
  );
}

describe('a path matches a pattern', () => {
  it.each([
    ['src/a.ts', 'src/a.ts'],
    ['src/auth', 'src/auth/deep/login.ts'],
    ['src/auth/', 'src/auth/login.ts'],
    ['./src//auth', 'src/auth/login.ts'],
    ['.', 'anything/at/all'],
    ['src/*.ts', 'src/a.ts'],
    ['src/*', 'src/.env'],
    ['src/**', 'src/a/b/c.ts'],
    ['src/**/*.test.ts', 'src/a.test.ts'],
    ['**/*.md', 'README.md'],
    ['src/?.ts', 'src/é.ts'],
    ['{src,test}/auth/**', 'test/auth/login.test.ts'],
    ['src/{a,b/{c,d}}.ts', 'src/b/d.ts'],
    ['app/[slug]/page.tsx', 'app/[slug]/page.tsx'],
    ['app/(shop)/**', 'app/(shop)/cart/page.tsx'],
    ['routes/+page.svelte', 'routes/+page.svelte'],
  ])('%s owns %s', (glob, path) => {
    expect(matches(glob, path)).toBe(true);
  });

  it.each([
    ['src/a.ts', 'src/a.tsx'],
    ['src/auth', 'src/authentication/login.ts'],
    ['src/*', 'src/a/b.ts'],
    ['src/*.ts', 'src/a.js'],
    ['src/?.ts', 'src/ab.ts'],
    ['src/a.ts', 'SRC/a.ts'],
    ['app/[slug]/page.tsx', 'app/s/page.tsx'],
    ['src/**/x', 'src/y'],
  ])('%s does not own %s', (glob, path) => {
    expect(matches(glob, path)).toBe(false);
  });

  it('agrees with minimatch wherever both know the pattern', () => {
    fc.assert(
      fc.property(anyGlob, anyRealPath, (glob, path) => {
        const known = glob.replace(/[[\]]/g, '_');
        const name = path.replace(/[[\]]/g, '_');
        // Ours also means everything below what it names, and `x/**` includes x itself.
        const parents = name.split('/').map((_, at, names) => names.slice(0, at + 1).join('/'));
        const isTree = !/[*?{]/.test(known.split('/').at(-1) ?? '') || /\}(?:\.ts)?$/.test(known);
        const candidates = isTree ? parents : [name];
        const isKnown = candidates.some(
          (each) => minimatch(each, known, { dot: true }) || minimatch(`${each}/`, known, { dot: true }),
        );
        expect(matches(known, name)).toBe(isKnown);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('two patterns overlap', () => {
  it.each([
    ['src/**', 'src/a/b.ts'],
    ['src', 'src/a.ts'],
    ['src/*.ts', 'src/a.*'],
    ['**/*.ts', 'src/**'],
    ['src/*/index.ts', 'src/auth/*.ts'],
    ['src/a*.ts', 'src/*b.ts'],
    ['{src,lib}/a.ts', 'lib/*'],
    ['**', 'anything'],
    ['README.md', 'readme.md'],
    ['src/**/test/**', 'src/a/**'],
    ['a/**/b/**/c.ts', 'a/x/b'],
  ])('%s and %s', (a, b) => {
    expect(overlaps(a, b)).toBe(true);
  });

  it.each([
    ['src/a/**', 'src/b/**'],
    ['src/*.ts', 'src/*.js'],
    ['src/*.ts', 'src/a/*.ts'],
    ['src/a*.ts', 'src/b*.ts'],
    ['src/auth', 'src/authentication'],
    ['**/*.md', '**/*.ts'],
    ['{a,b}/**', '{c,d}/**'],
    ['src/?.ts', 'src/??.ts'],
    ['test/**/*.test.ts', 'src/**'],
    ['a/**/b/**/*.ts', 'a/x/*'],
  ])('%s and %s do not', (a, b) => {
    expect(overlaps(a, b)).toBe(false);
  });

  it('whenever a path matches both', () => {
    const widened = (path: string) => fc.tuple(...path.split('/').map(widenName)).map((names) => names.join('/'));
    const meeting = anyRealPath.chain((path) => fc.tuple(fc.constant(path), widened(path), widened(path)));
    let met = 0;
    fc.assert(
      fc.property(meeting, ([path, a, b]) => {
        if (!matches(a, path) || !matches(b, path)) return;
        met += 1;
        expect(overlaps(a, b)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
    expect(met).toBeGreaterThan(1_000);
  });

  it('only when a path exists that matches both, letter case aside', () => {
    const names = ['a', 'b', 'ab'];
    const paths = names.flatMap((x) => [
      x,
      ...names.flatMap((y) => [`${x}/${y}`, ...names.map((z) => `${x}/${y}/${z}`)]),
    ]);
    const smallGlob = fc
      .array(fc.constantFrom('a', 'b', '*', '?', 'a*', '*b', '{a,b}'), { minLength: 1, maxLength: 2 })
      .map((segments) => segments.join('/'));
    fc.assert(
      fc.property(smallGlob, smallGlob, (a, b) => {
        const witness = paths.some((path) => matches(a, path) && matches(b, path));
        expect(overlaps(a, b)).toBe(witness);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('an unreadable pattern', () => {
  it.each([
    ['/etc/passwd', 'is absolute; paths are relative to the repository'],
    ['C:/Windows', 'is absolute; paths are relative to the repository'],
    ['{/etc,src}/x', 'is absolute; paths are relative to the repository'],
    ['src/../../x', 'leaves its folder with ".."'],
    ['src/{.,x}./y', 'leaves its folder with ".."'],
    ['src\\a.ts', 'has a backslash; folders are separated by "/"'],
    ['.git/hooks/pre-commit', 'lies in a protected place that no task may change'],
    ['vendor/.GIT/config', 'lies in a protected place that no task may change'],
    ['.github/workflows/ci.yml', 'lies in a protected place that no task may change'],
    ['{.github/workflows,src}/x.yml', 'lies in a protected place that no task may change'],
    ['!src/a.ts', 'begins with "!"; name what is owned, not what is left out'],
    ['a\u0000b', 'has control characters'],
    ['  ', 'is empty'],
    ['src/{a', 'has braces that do not pair up, offer no choice, or give more than 16 paths'],
    ['src/{a}', 'has braces that do not pair up, offer no choice, or give more than 16 paths'],
    ['{a,b}{a,b}{a,b}{a,b}{a,b}', 'has braces that do not pair up, offer no choice, or give more than 16 paths'],
    ['x'.repeat(301), 'is longer than 300 characters'],
  ])('%j is refused', (source, why) => {
    expect(parseGlob(source)).toEqual({ kind: 'unreadable', source, why });
  });

  it('owns nothing and overlaps everything', () => {
    expect(matches('../x', '../x')).toBe(false);
    expect(overlaps('../x', 'src/a.ts')).toBe(true);
  });
});

describe('a pattern made to be slow', () => {
  const slow = `${'*a'.repeat(140)}b`;

  it('is answered with care once the effort is spent', () => {
    const effort = { steps: 1_000 };
    expect(isMatch(parseGlob(slow), 'a'.repeat(4_000), effort)).toBe(false);
    expect(effort.steps).toBeLessThan(0);
    expect(isOverlap(parseGlob(slow), parseGlob(`${'*a'.repeat(140)}c`), { steps: 1_000 })).toBe(true);
  });

  it('is refused when its braces multiply', () => {
    expect(parseGlob('{a,'.repeat(99)).kind).toBe('unreadable');
    expect(parseGlob('{a,b}'.repeat(60)).kind).toBe('unreadable');
  });
});

it('every text is either a pattern or refused with a reason', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 400, unit: 'binary' }), fc.string(), (source, path) => {
      const glob = parseGlob(source);
      expect(typeof isMatch(glob, path)).toBe('boolean');
      expect(isOverlap(glob, glob)).toBe(true);
    }),
  );
});
