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
    probe: 'pnpm --version',
    commands: ['pnpm install --frozen-lockfile', ...keepModules],
    hosts: npmHosts,
  },
  {
    lockFiles: ['yarn.lock'],
    part: 'node_modules',
    probe: 'yarn --version',
    commands: ['yarn install --frozen-lockfile', ...keepModules],
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

/** Where programs look for what a layer holds, by what is there; nothing is set for what is not. */
export function renderLayerEnvironment(parts: readonly string[]): Readonly<Record<string, string>> {
  const root = '/deps';
  return {
    GATEPILOT_DEPS: root,
    ...(parts.includes('venv')
      ? { VIRTUAL_ENV: `${root}/venv`, UV_PROJECT_ENVIRONMENT: `${root}/venv`, UV_OFFLINE: '1', UV_NO_SYNC: '1' }
      : {}),
    ...(parts.includes('go') ? { GOMODCACHE: `${root}/go`, GOPROXY: 'off', GOTOOLCHAIN: 'local' } : {}),
    ...(parts.includes('cargo') ? { CARGO_HOME: `${root}/cargo`, CARGO_NET_OFFLINE: 'true' } : {}),
  };
}
