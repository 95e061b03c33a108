import { describe, expect, it } from 'vitest';
import { detectSetup, renderLayerEnvironment, renderPreparation } from '../../../src/core/setup/detect-setup.ts';

describe('the set-up that lock files ask for', () => {
  it.each([
    ['package-lock.json', 'node_modules', 'npm ci --no-audit --no-fund', ['registry.npmjs.org']],
    ['npm-shrinkwrap.json', 'node_modules', 'npm ci --no-audit --no-fund', ['registry.npmjs.org']],
    ['pnpm-lock.yaml', 'node_modules', 'pnpm install --frozen-lockfile', ['registry.npmjs.org']],
    [
      'yarn.lock',
      'node_modules',
      '[ -e .pnp.cjs ] || export YARN_NODE_LINKER=node-modules; yarn install --frozen-lockfile',
      ['registry.yarnpkg.com', 'registry.npmjs.org'],
    ],
    [
      'uv.lock',
      'venv',
      'UV_PROJECT_ENVIRONMENT="$GATEPILOT_DEPS/venv" uv sync --frozen',
      ['pypi.org', 'files.pythonhosted.org'],
    ],
    ['requirements.txt', 'venv', 'python3 -m venv "$GATEPILOT_DEPS/venv"', ['pypi.org', 'files.pythonhosted.org']],
    [
      'go.sum',
      'go',
      'GOMODCACHE="$GATEPILOT_DEPS/go" GOFLAGS=-modcacherw GOTOOLCHAIN=local go mod download',
      ['proxy.golang.org', 'sum.golang.org'],
    ],
    [
      'Cargo.lock',
      'cargo',
      'CARGO_HOME="$GATEPILOT_DEPS/cargo" cargo fetch --locked',
      ['index.crates.io', 'static.crates.io'],
    ],
  ])('%s', (lockFile, part, command, hosts) => {
    const found = detectSetup([lockFile]);
    expect(found?.hosts).toEqual(hosts);
    expect(found?.steps).toMatchObject([{ lockFile, part, commands: expect.arrayContaining([command]) }]);
    expect(found?.steps[0]?.commands[0]).toBe(command);
  });

  it('takes one of several that make the same folder, and all that make different ones', () => {
    const steps = detectSetup(['Cargo.lock', 'yarn.lock', 'requirements.txt', 'package-lock.json', 'uv.lock'])?.steps;
    expect(steps?.map(({ lockFile }) => lockFile)).toEqual(['package-lock.json', 'uv.lock', 'Cargo.lock']);
  });

  it('is none where there is no lock file', () => {
    expect(detectSetup(['package.json', 'README.md'])).toBeUndefined();
  });
});

it('tells programs of what is there, and keeps them from fetching the rest', () => {
  expect(renderLayerEnvironment([])).toEqual({ GATEPILOT_DEPS: '/deps' });
  expect(renderLayerEnvironment(['node_modules'])).toEqual({
    GATEPILOT_DEPS: '/deps',
    npm_config_manage_package_manager_versions: 'false',
    pnpm_config_pm_on_fail: 'ignore',
    pnpm_config_verify_deps_before_run: 'false',
    YARN_ENABLE_TELEMETRY: '0',
  });
  expect(renderLayerEnvironment(['node_modules', 'corepack', 'yarn'])).toMatchObject({
    COREPACK_HOME: '/deps/corepack',
    COREPACK_ENABLE_NETWORK: '0',
    YARN_NODE_LINKER: 'node-modules',
  });
  expect(renderLayerEnvironment(['venv', 'go', 'cargo'])).toMatchObject({
    VIRTUAL_ENV: '/deps/venv',
    UV_NO_SYNC: '1',
    GOPROXY: 'off',
    CARGO_NET_OFFLINE: 'true',
  });
});

it('makes a workspace ready for programs that do not look above it, and for no others', () => {
  expect(renderPreparation(['node_modules', 'corepack'])).toBeUndefined();
  expect(renderPreparation(['node_modules', 'yarn'])).toContain('[ -e node_modules ] ||');
});
