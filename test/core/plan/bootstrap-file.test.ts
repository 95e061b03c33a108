import { expect, it } from 'vitest';
import { isBootstrapFile } from '../../../src/core/plan/bootstrap-file.ts';

it.each([
  'test/fixtures/user.json',
  'src/__mocks__/fs.ts',
  'tests/conftest.py',
  'vitest.config.ts',
  'jest.setup.js',
  'test/setup.ts',
  'src/setupTests.ts',
  'spec/spec_helper.rb',
  'tsconfig.json',
  'packages/x/tsconfig.build.json',
  '.eslintrc.json',
  'eslint.config.mjs',
  'biome.json',
  'pytest.ini',
  'Makefile',
])('%s sets up tests or builds', (path) => {
  expect(isBootstrapFile(path)).toBe(true);
});

it.each([
  'src/user.ts',
  'test/user.test.ts',
  'package.json',
  'Cargo.toml',
  'src/config.ts',
  'fixtures.ts',
  'docs/setup.md',
  'src/setup.ts',
])('%s is ordinary work', (path) => {
  expect(isBootstrapFile(path)).toBe(false);
});
