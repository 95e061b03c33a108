// How dependencies are set up where the settings do not say it: by the lock files at the top of the repository. Commands see
// the repository in their working folder and leave in $GATEPILOT_DEPS what others are to find.

export interface SetupStep {
  readonly lockFile: string;
  /** The folder in $GATEPILOT_DEPS that it is to leave. Of several that speak of the same one the first counts. */
  readonly part: 'node_modules' | 'venv' | 'go' | 'cargo';
  /** Exits with 0 where the machine has the program. */
  readonly probe: string;
  readonly commands: readonly string[];
}

interface Toolchain extends Omit<SetupStep, 'lockFile'> {
  readonly lockFiles: readonly string[];
  /** Where it gets things from. */
  readonly hosts: readonly string[];
}

// Packages of a workspace are links into the repository, which lead nowhere from the layer: there they point at the workspace
// of whoever uses it.
const keepModules = [
  'if [ -d node_modules ]; then cp -a node_modules/. "$GATEPILOT_DEPS/node_modules/"; fi',
  'find node_modules -maxdepth 2 -type l 2>/dev/null | while read -r link; do real=$(readlink -f "$link"); case "$real" in "$PWD"/node_modules/*) ;; "$PWD"/*) ln -sfn "$real" "$GATEPILOT_DEPS/$link" ;; esac; done',
];
/** It may name others, which decide as well. */
export const requirementsFile = 'requirements.txt';

/**
 * Where a repository names another version of pnpm than the machine has, pnpm gets that one for itself, and it installs again
 * before it runs a script: both would want the network where there is none. The first is for pnpm 10, the others for later ones.
 */
const pnpmAsItIs = {
  npm_config_manage_package_manager_versions: 'false',
  pnpm_config_pm_on_fail: 'ignore',
  pnpm_config_verify_deps_before_run: 'false',
};

/** yarn from its second version on; without it, it would tell its makers of every command. */
const yarnSilent = { YARN_ENABLE_TELEMETRY: '0' };
/** Else such a yarn keeps packages as archives, which only programs that it starts can read. */
const yarnLinker = { YARN_NODE_LINKER: 'node-modules' };
const yarnState = 'node_modules/.yarn-state.yml';

const npmHosts = ['registry.npmjs.org'];
const pythonHosts = ['pypi.org', 'files.pythonhosted.org'];

const toolchains: readonly Toolchain[] = [
  {
    lockFiles: ['package-lock.json', 'npm-shrinkwrap.json'],
    part: 'node_modules',
    probe: 'npm --version',
    commands: ['npm ci --no-audit --no-fund', ...keepModules],
    hosts: npmHosts,
  },
  {
    lockFiles: ['pnpm-lock.yaml'],
    part: 'node_modules',
    probe: 'command -v pnpm',
    commands: ['pnpm install --frozen-lockfile', ...keepModules],
    hosts: npmHosts,
  },
  {
    lockFiles: ['yarn.lock'],
    part: 'node_modules',
    probe: 'command -v yarn',
    commands: [
      // Where those archives are part of the repository, so is what finds them, and nobody may change that.
      `[ -e .pnp.cjs ] || export YARN_NODE_LINKER=${yarnLinker.YARN_NODE_LINKER}; yarn install --frozen-lockfile`,
      ...keepModules,
      `if [ -e ${yarnState} ]; then mkdir "$GATEPILOT_DEPS/yarn"; fi`,
    ],
    hosts: ['registry.yarnpkg.com', ...npmHosts],
  },
  {
    lockFiles: ['uv.lock'],
    part: 'venv',
    probe: 'uv --version',
    commands: ['UV_PROJECT_ENVIRONMENT="$GATEPILOT_DEPS/venv" uv sync --frozen'],
    hosts: pythonHosts,
  },
  {
    lockFiles: [requirementsFile],
    part: 'venv',
    probe: 'python3 -c "import venv, ensurepip"',
    commands: [
      'python3 -m venv "$GATEPILOT_DEPS/venv"',
      `"$GATEPILOT_DEPS/venv/bin/pip" install --disable-pip-version-check -r ${requirementsFile}`,
    ],
    hosts: pythonHosts,
  },
  {
    lockFiles: ['go.sum'],
    part: 'go',
    probe: 'go version',
    commands: ['GOMODCACHE="$GATEPILOT_DEPS/go" GOFLAGS=-modcacherw GOTOOLCHAIN=local go mod download'],
    hosts: ['proxy.golang.org', 'sum.golang.org'],
  },
  {
    lockFiles: ['Cargo.lock'],
    part: 'cargo',
    probe: 'cargo --version',
    commands: ['CARGO_HOME="$GATEPILOT_DEPS/cargo" cargo fetch --locked'],
    hosts: ['index.crates.io', 'static.crates.io'],
  },
];

/** Lock files that say what to do. */
export const lockFiles: readonly string[] = toolchains.flatMap(({ lockFiles: names }) => names);

export interface DetectedSetup {
  readonly steps: readonly SetupStep[];
  readonly hosts: readonly string[];
}

/** Undefined where no lock file is there. A tool that the machine does not have is left out when it comes to that, and says so. */
export function detectSetup(present: readonly string[]): DetectedSetup | undefined {
  const found = toolchains.flatMap((toolchain) => {
    const lockFile = toolchain.lockFiles.find((name) => present.includes(name));
    return lockFile === undefined ? [] : [{ ...toolchain, lockFile }];
  });
  const chosen = found.filter(({ part }, at) => found.findIndex((one) => one.part === part) === at);
  if (chosen.length === 0) return undefined;
  return {
    steps: chosen.map(({ lockFile, part, probe, commands }) => ({ lockFile, part, probe, commands })),
    hosts: [...new Set(chosen.flatMap(({ hosts }) => hosts))],
  };
}

/** What commands of a set-up are told besides. */
export const setupEnvironment: Readonly<Record<string, string>> = {
  GATEPILOT_DEPS: '/deps',
  // Package managers that corepack gets, from the registry that is listed anyway: they are needed later, without network.
  COREPACK_HOME: '/deps/corepack',
  COREPACK_NPM_REGISTRY: 'https://registry.npmjs.org',
  ...pnpmAsItIs,
  ...yarnSilent,
};

/** Where programs look for what a layer holds, by what is there; nothing is set for what is not. */
export function renderLayerEnvironment(parts: readonly string[]): Readonly<Record<string, string>> {
  const root = '/deps';
  return {
    GATEPILOT_DEPS: root,
    ...(parts.includes('node_modules') ? { ...pnpmAsItIs, ...yarnSilent } : {}),
    ...(parts.includes('yarn') ? yarnLinker : {}),
    ...(parts.includes('corepack') ? { COREPACK_HOME: `${root}/corepack`, COREPACK_ENABLE_NETWORK: '0' } : {}),
    ...(parts.includes('venv')
      ? { VIRTUAL_ENV: `${root}/venv`, UV_PROJECT_ENVIRONMENT: `${root}/venv`, UV_OFFLINE: '1', UV_NO_SYNC: '1' }
      : {}),
    ...(parts.includes('go') ? { GOMODCACHE: `${root}/go`, GOPROXY: 'off', GOTOOLCHAIN: 'local' } : {}),
    ...(parts.includes('cargo') ? { CARGO_HOME: `${root}/cargo`, CARGO_NET_OFFLINE: 'true' } : {}),
  };
}

/**
 * What makes a workspace ready in which nothing is kept afterwards. yarn from its second version on starts no script where it
 * does not find what it installed in the folder of the project; others look above, and find it.
 */
export function renderPreparation(parts: readonly string[]): string | undefined {
  const own = `mkdir node_modules && ln -s /deps/node_modules/* /deps/node_modules/.bin /deps/${yarnState} node_modules`;
  return parts.includes('yarn') ? `[ -e node_modules ] || { ${own}; }` : undefined;
}
