// Scripts of package files that a change makes others, as they are told together with whatever else it takes from its checks.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PackageTexts } from '../../../src/core/gate/list-changed-scripts.ts';
import { listWeakened } from '../../../src/core/gate/list-weakened.ts';

type Scripts = Readonly<Record<string, string>>;

const write = (scripts: Scripts) => JSON.stringify({ name: 'a', scripts });

function tell(changed: readonly PackageTexts[], commands: readonly string[], others: readonly string[] = []) {
  const files = changed.map(({ path, before, now }) => ({
    path,
    status: before === undefined ? 'added' : now === undefined ? 'deleted' : 'modified',
  }));
  const patch = changed
    .map(({ path, before = '', now = '' }) => `--- a/${path}\n+++ b/${path}\n@@ -1,1 +1,1 @@\n-${before}\n+${now}\n`)
    .join('');
  return listWeakened({ changed: files, patch, patchIsCut: false, packages: { changed, others } }, commands).map(
    ({ kind, path, detail }) => [kind, path, ...(detail === undefined ? [] : [detail])].join(' '),
  );
}

const look = (before: Scripts, now: Scripts, commands: readonly string[], others: readonly Scripts[] = []) =>
  tell([{ path: 'package.json', before: write(before), now: write(now) }], commands, others.map(write)).map((line) =>
    line.replace('command_changed package.json ', ''),
  );

describe('a script that is another one is told where a verify command', () => {
  const changed = { before: { unit: 'vitest run', dev: 'vite' }, now: { unit: 'true', dev: 'vite --host' } };

  it.each([
    'npm run unit',
    'npm run --silent unit -- --all',
    'npm run-script unit',
    'npm run unit -w packages/a',
    'npm --prefix packages/a run unit',
    'cd packages/a && npm run unit',
    'yarn unit',
    'yarn workspace a run unit',
    'pnpm --filter a unit',
    'pnpm run "/^uni.*/"',
    'bun run unit',
    'node --run unit',
    'npx turbo run build,unit',
    'npx nx run a:unit',
    'npx run-s "uni*"',
    'sh -c "CI=1 npm run unit"',
  ])('names it: %s', (command) => {
    expect(look(changed.before, changed.now, [command])).toEqual(['"unit": "vitest run"']);
  });

  it.each([
    ['runs one that runs it', { test: 'npm run unit' }],
    ['runs one that runs one that runs it', { test: 'npm run all', all: 'npm-run-all --parallel lint unit' }],
    ['runs one that runs all of such names', { test: 'run-p "un*"' }],
    ['runs one that names it for another program', { test: 'concurrently "npm:lint" "npm:unit"' }],
    ['runs what comes before one', { test: 'vitest run', pretest: 'npm run unit' }],
    ['runs what comes after one', { test: 'vitest run', posttest: 'npm run unit' }],
    ['runs one that runs itself', { test: 'npm run all', all: 'npm run test && npm run unit' }],
  ] as const)('%s', (_, more) => {
    const [before, now] = [
      { ...changed.before, ...more },
      { ...changed.now, ...more },
    ];
    expect(look(before, now, ['npm test'])).toEqual(['"unit": "vitest run"']);
  });

  it('runs one of another package file that runs it', () => {
    const others = [{ verify: 'npm run unit --workspaces' }];
    expect(look(changed.before, changed.now, ['npm run verify'], others)).toEqual(['"unit": "vitest run"']);
  });

  it('never names or reaches it, but it is one that tests as a rule', () => {
    const before = { test: 'vitest run', 'test:unit': 'x', lint: 'biome ci', dev: 'vite', deploy: 'sh deploy.sh' };
    const now = { test: 'true', 'test:unit': 'true', lint: 'true', dev: 'true', deploy: 'true' };
    expect(look(before, now, ['make'])).toEqual(['"test": "vitest run"', '"test:unit": "x"', '"lint": "biome ci"']);
  });
});

it('names that are spelt with dashes, or stand in a file of one line, are names', () => {
  for (const name of [
    'validate',
    'test-unit',
    'build-and-test',
    'a/b',
    'unit tests',
    'x'.repeat(300),
    'constructor',
    '__proto__',
  ]) {
    const text = (value: string) => `{"name":"a","scripts":{${JSON.stringify(name)}:"${value}"}}`;
    const change = { path: 'package.json', before: text('vitest run'), now: text('true') };
    const line = `"${name}": "vitest run"`.slice(0, 160);
    expect(tell([change], [`npm run "${name}"`])).toEqual([`command_changed package.json ${line}`]);
  }
});

it('one that is run before or after another one, or instead of a program, is told when it is added', () => {
  expect(look({ test: 'x' }, { test: 'x', pretest: 'rm -r test' }, ['npm test'])).toEqual(['"pretest": "rm -r test"']);
  expect(look({ unit: 'x' }, { unit: 'x', postunit: 'true' }, ['npm run unit'])).toEqual(['"postunit": "true"']);
  expect(look({}, { vitest: 'true' }, ['yarn vitest run'])).toEqual(['"vitest": "true"']);
  expect(look({ 'test:a': 'x' }, { 'test:a': 'x', 'test:b': 'y' }, ['run-s "test:*"'])).toEqual([]);
  expect(look({ test: 'x' }, { test: 'x', build: 'y', prebuild: 'z' }, ['npm test'])).toEqual([]);
});

it('those that are gone are told, one by one or with their file', () => {
  expect(look({ test: 'npm run unit', unit: 'x' }, { test: 'npm run unit' }, ['npm test'])).toEqual(['"unit": "x"']);
  const gone = { path: 'a/package.json', before: write({ unit: 'x', dev: 'y' }), now: undefined };
  expect(tell([gone], ['npm run unit -w a'])).toEqual(['command_changed a/package.json "unit": "x"']);
});

it('a file that cannot be read is told, and one that is new takes nothing away', () => {
  const text = write({ test: 'x' });
  for (const broken of ['', '{', '[]', '// a comment\n{}']) {
    expect(tell([{ path: 'package.json', before: text, now: broken }], [])).toEqual(['unread package.json']);
    expect(tell([{ path: 'package.json', before: broken, now: text }], [])).toEqual(['unread package.json']);
  }
  expect(tell([{ path: 'b/package.json', before: undefined, now: text }], ['npm test'])).toEqual([]);
  const odd = JSON.stringify({ scripts: 'none' });
  expect(tell([{ path: 'package.json', before: odd, now: odd }], ['npm test'])).toEqual([]);
});

it('of more than anybody writes everything counts, in time', () => {
  const many = Object.fromEntries(Array.from({ length: 3_000 }, (_, at) => [`s${at}`, `npm run s${at + 1}`]));
  expect(look(many, { ...many, s2999: 'true' }, ['npm run other'])).toEqual(['"s2999": "npm run s3000"']);
  const patterns = Array.from({ length: 10_000 }, (_, at) => `a${at}*`).join(' ');
  expect(look({ test: patterns, dev: 'x' }, { test: patterns, dev: 'y' }, ['npm test'])).toEqual(['"dev": "x"']);
  const phrases = Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`unit ${at}`, 'x']));
  expect(look({ ...phrases, dev: 'x' }, { ...phrases, dev: 'y' }, ['npm test'])).toEqual(['"dev": "x"']);
  const long = { test: `${'a:'.repeat(100_000)} unit`, unit: 'x' };
  expect(look(long, { ...long, unit: 'y' }, ['npm test'])).toEqual(['"unit": "x"']);
});

it('what stands in a script is quoted without secrets, and cut', () => {
  const secret = `ghp_${'a1B2'.repeat(9)}`;
  const [told = ''] = look({ test: `TOKEN=${secret} vitest ${'x'.repeat(500)}` }, {}, ['npm test']);
  expect(told).toContain('"test": "TOKEN=');
  expect(told).not.toContain(secret);
  expect(told.length).toBeLessThan(200);
});

it('every script that a command names is told when it is another one, and only then, whatever its name is', () => {
  const name = fc.stringMatching(/^[a-z][a-z0-9_:./-]{0,12}$/);
  const scripts = fc.dictionary(name, fc.constantFrom('vite', 'true', 'tsc'), { minKeys: 1 });
  fc.assert(
    fc.property(scripts, scripts, (before, now) => {
      for (const command of Object.keys(before)) {
        const told = look(before, now, [`npm run ${command}`]);
        const line = `${JSON.stringify(command)}: ${JSON.stringify(before[command])}`;
        expect(told.includes(line)).toBe(now[command] !== before[command]);
      }
      expect(look(before, before, Object.keys(before))).toEqual([]);
    }),
  );
});
