import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ContractOwner, evaluateScope, type ScopedTask } from '../../../src/core/plan/evaluate-scope.ts';

const owner: ContractOwner = { key: 'base', contracts: ['src/types.ts', 'schema'] };
const feature: ScopedTask = { key: 'a', role: 'feature', ownedPaths: ['src/**', 'docs/a.md'] };

function evaluate(paths: string[], task = feature, others: readonly ContractOwner[] = [owner]) {
  return evaluateScope(
    paths.map((path) => ({ path })),
    task,
    others,
  );
}

it('accepts changes inside the owned paths', () => {
  expect(evaluate(['src/a/b.ts', 'docs/a.md'])).toEqual({ kind: 'inside' });
  expect(evaluate([])).toEqual({ kind: 'inside' });
});

it('names each path outside, once, in order', () => {
  expect(evaluate(['docs/b.md', 'src/a.ts', 'README.md', 'docs/b.md'])).toEqual({
    kind: 'outside',
    paths: [
      { kind: 'not_owned', path: 'README.md' },
      { kind: 'not_owned', path: 'docs/b.md' },
    ],
  });
});

it('counts both sides of a rename', () => {
  expect(evaluateScope([{ path: 'src/new.ts', from: 'lib/old.ts' }], feature, [])).toEqual({
    kind: 'outside',
    paths: [{ kind: 'not_owned', path: 'lib/old.ts' }],
  });
});

describe('contracts', () => {
  it.each(['src/types.ts', 'src/TYPES.ts'])('of another task are foreign even inside the owned paths: %s', (path) => {
    expect(evaluate([path])).toEqual({ kind: 'outside', paths: [{ kind: 'foreign_contract', path, owner: 'base' }] });
  });

  it('that are folders cover everything below', () => {
    const everywhere = { ...feature, ownedPaths: [] };
    expect(evaluate(['schema/user.sql', 'schemas/user.sql'], everywhere)).toEqual({
      kind: 'outside',
      paths: [{ kind: 'foreign_contract', path: 'schema/user.sql', owner: 'base' }],
    });
  });

  it('may be changed by their owner', () => {
    expect(evaluate(['src/types.ts'], { key: 'base', role: 'foundation', ownedPaths: ['src/types.ts'] })).toEqual({
      kind: 'inside',
    });
  });

  it('may be changed by the amendment that names them, and by it only that one', () => {
    const amendment: ScopedTask = { key: 'change', role: 'amendment', ownedPaths: ['src/types.ts'] };
    expect(evaluate(['src/types.ts'], amendment)).toEqual({ kind: 'inside' });
    expect(evaluate(['schema', 'src/x.ts'], amendment)).toEqual({
      kind: 'outside',
      paths: [
        { kind: 'foreign_contract', path: 'schema', owner: 'base' },
        { kind: 'not_owned', path: 'src/x.ts' },
      ],
    });
    expect(evaluate(['src/types.ts'], { ...amendment, role: 'feature' }).kind).toBe('outside');
  });
});

describe('a task without paths', () => {
  const everywhere: ScopedTask = { key: 'issue', role: 'feature', ownedPaths: [] };

  it('owns the whole repository', () => {
    expect(evaluate(['any/where.ts', '.github/CODEOWNERS', '.env'], everywhere, [])).toEqual({ kind: 'inside' });
  });

  it.each(['.github/workflows/ci.yml', '.GitHub/Workflows/ci.yml', '.git/config', 'sub/.git/config'])(
    'does not own the protected place %s',
    (path) => {
      expect(evaluate([path], everywhere, [])).toEqual({ kind: 'outside', paths: [{ kind: 'protected', path }] });
    },
  );

  it.each(['/etc/passwd', '../x', 'a//b', 'a/./b', 'a\\b', 'a\nb', ''])('does not own the strange path %j', (path) => {
    expect(evaluate([path], everywhere, [])).toEqual({ kind: 'outside', paths: [{ kind: 'unsafe', path }] });
  });
});

it('a task whose only path is unreadable owns nothing', () => {
  expect(evaluate(['src/a.ts'], { ...feature, ownedPaths: ['../src/**'] }, [])).toEqual({
    kind: 'outside',
    paths: [{ kind: 'not_owned', path: 'src/a.ts' }],
  });
});

it('no change of a protected, foreign or strange path is ever inside', () => {
  const bad = fc.constantFrom(
    '.github/workflows/x.yml',
    '.git/HEAD',
    'src/types.ts',
    'schema/x',
    '../up',
    '/abs',
    'x/../y',
  );
  const good = fc.constantFrom('src/a.ts', 'src/b/c.ts', 'docs/a.md');
  const globs = fc.array(fc.constantFrom('**', 'src/**', '*', '.github/**', '**/*.yml', 'schema', '../**'), {
    maxLength: 4,
  });
  fc.assert(
    fc.property(fc.array(good), bad, fc.array(good), globs, (before, path, after, ownedPaths) => {
      expect(evaluate([...before, path, ...after], { ...feature, ownedPaths }).kind).toBe('outside');
    }),
  );
});
