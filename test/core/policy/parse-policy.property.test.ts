import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { parsePolicy } from '../../../src/core/policy/parse-policy.ts';
import { Policy, policySections } from '../../../src/core/policy/policy.ts';

const keys = [
  ...Object.keys(Policy.shape),
  ...Object.values(policySections).flatMap((schema) => Object.keys(schema.shape)),
];
const value = fc.oneof(
  fc.constantFrom<unknown>(
    true,
    null,
    0,
    1,
    5,
    0.5,
    -1,
    1e9,
    'x',
    '',
    'never',
    'auto',
    'npm test',
    [],
    {},
    ['a'],
    [5],
    '2020-01-01',
  ),
  fc.dictionary(
    fc.constantFrom(...keys, '__proto__', 'toString'),
    fc.constantFrom<unknown>(1, 'a', [], ['x'], false, {}),
    { maxKeys: 4 },
  ),
);
const settings = fc.dictionary(fc.constantFrom(...keys, 'unknown', '__proto__'), value, { maxKeys: 6 });
const fragment = fc.constantFrom(
  ...[
    'mode:',
    'verify:',
    ' commands:',
    '\n',
    '\n  ',
    '- ',
    ': ',
    '[',
    ']',
    '{',
    '}',
    '"',
    "'",
    '|',
    '>',
    '&a',
    '*a',
    '!!map',
    '<<:',
  ],
  ...['# x', '? ', '---\n', '%YAML 1.2\n', '\t', 'max_tasks: 3', '\0', '\ud800', '💥', ',', '0x1F', '~'],
);
const text = fc.oneof(
  fc.array(fragment, { maxLength: 30 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 100 }),
  settings.map((object) => stringify(object)),
);

describe('reading any file', () => {
  it('gives settings that are right, and places that are in the file', () => {
    fc.assert(
      fc.property(text, (written) => {
        const { policy, mistakes } = parsePolicy(written);
        expect(Policy.safeParse(policy)).toEqual({ success: true, data: policy });
        const lines = written.split('\n');
        for (const { line, column } of mistakes) {
          expect(line).toBeGreaterThan(0);
          expect(line).toBeLessThanOrEqual(lines.length);
          expect(column).toBeGreaterThan(0);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('gives for settings that are right exactly these', () => {
    fc.assert(
      fc.property(text, (written) => {
        const { policy } = parsePolicy(written);
        expect(parsePolicy(stringify(policy))).toMatchObject({ policy, mistakes: [] });
      }),
      { numRuns: 500 },
    );
  });

  it('never takes a value from anywhere but the file, the last good settings or the defaults', () => {
    const lastGood = Policy.parse({ max_tasks: 7, mode: { draft_prs: true }, verify: { commands: ['make'] } });
    const defaults = Policy.parse({});
    fc.assert(
      fc.property(settings, (object) => {
        const { policy } = parsePolicy(stringify(object), { lastGood: { policy: lastGood, said: [] } });
        const named = Object.hasOwn(object, 'max_tasks') ? object.max_tasks : undefined;
        expect([named, lastGood.max_tasks, defaults.max_tasks]).toContain(policy.max_tasks);
      }),
      { numRuns: 500 },
    );
  });
});

describe('reading a hostile file', () => {
  const bomb = [
    'a: &a [x, x, x, x, x, x, x, x, x]',
    ...Array.from({ length: 20 }, (_, n) => `k${n}: &k${n} [*a, *a, *a, *a, *a]`),
  ];

  it.each([
    ['aliases that multiply', bomb.join('\n')],
    ['an alias to itself', 'mode: &a [*a]'],
    ['nested lists', '['.repeat(60_000)],
    ['nested keys', '{a: '.repeat(16_000)],
    ['nested entries', '- '.repeat(30_000)],
    ['one key many times', 'max_tasks: 1\n'.repeat(5_000)],
    ['many errors', '}'.repeat(60_000)],
    ['a long list', `setup: { network: [${'a b,'.repeat(15_000)}] }`],
    ['a long word', `setup: { network: [${'a'.repeat(60_000)}] }`],
    ['a megabyte', 'a: 1\n'.repeat(200_000)],
  ])('made of %s names mistakes and comes to an end', (_, written) => {
    const { policy, mistakes } = parsePolicy(written);
    expect(mistakes.length).toBeGreaterThan(0);
    expect(policy).toEqual(Policy.parse({}));
  });
});
