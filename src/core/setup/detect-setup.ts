// How dependencies are set up where the settings do not say it: by the lock files at the top of the repository. Commands see
// the repository in their working folder and leave in $GATEPILOT_DEPS what others are to find.

interface Toolchain {
  readonly lockFiles: readonly string[];
  /** Of several that speak of the same folder the first one counts. */
  readonly makes: 'node_modules' | 'venv' | 'go' | 'cargo';
  /** Exits with 0 where the machine has it. */
  readonly probe: string;
  readonly command: string;
  /** Where it gets things from. */
  readonly hosts: readonly string[];
}

const keepModules = 'if [ -d node_modules ]; then cp -a node_modules/. "$GATEPILOT_DEPS/node_modules/"; fi';
const npmHosts = ['registry.npmjs.org'];
const pythonHosts = ['pypi.org', 'files.pythonhosted.org'];

const toolchains: readonly Toolchain[] = [
  {
    lockFiles: ['package-lock.json', 'npm-shrinkwrap.json'],
    makes: 'node_modules',
    probe: 'npm --version',
    command: `npm ci --no-audit --no-fund && ${keepModules}`,
    hosts: npmHosts,
  },
  {
    lockFiles: ['pnpm-lock.yaml'],
    makes: 'node_modules',
    probe: 'pnpm --version',
    command: `pnpm install --frozen-lockfile && ${keepModules}`,
    hosts: npmHosts,
  },
  {
    lockFiles: ['yarn.lock'],
    makes: 'node_modules',
    probe: 'yarn --version',
    command: `yarn install --frozen-lockfile && ${keepModules}`,
    hosts: ['registry.yarnpkg.com', ...npmHosts],
  },
  {
    lockFiles: ['uv.lock'],
    makes: 'venv',
    probe: 'uv --version',
    command: 'UV_PROJECT_ENVIRONMENT="$GATEPILOT_DEPS/venv" uv sync --frozen --no-install-project',
    hosts: pythonHosts,
  },
  {
    lockFiles: ['requirements.txt'],
    makes: 'venv',
    probe: 'python3 -c "import venv, ensurepip"',
    command:
      'python3 -m venv "$GATEPILOT_DEPS/venv" && "$GATEPILOT_DEPS/venv/bin/pip" install --disable-pip-version-check -r requirements.txt',
    hosts: pythonHosts,
  },
  {
    lockFiles: ['go.sum'],
    makes: 'go',
    probe: 'go version',
    command: 'GOMODCACHE="$GATEPILOT_DEPS/go" GOFLAGS=-modcacherw go mod download',
    hosts: ['proxy.golang.org', 'sum.golang.org'],
  },
  {
    lockFiles: ['Cargo.lock'],
    makes: 'cargo',
    probe: 'cargo --version',
    command: 'CARGO_HOME="$GATEPILOT_DEPS/cargo" cargo fetch --locked',
    hosts: ['index.crates.io', 'static.crates.io'],
  },
];

/** Files whose content says which dependencies there are. */
export const lockFiles: readonly string[] = toolchains.flatMap(({ lockFiles: names }) => names);

export interface DetectedSetup {
  readonly commands: readonly string[];
  readonly hosts: readonly string[];
  /** What each command is to leave, and for which lock file. */
  readonly expected: readonly { readonly part: string; readonly lockFile: string }[];
}

/** Undefined where no lock file is there. A tool that the machine does not have is left out when it comes to that, and says so. */
export function detectSetup(present: readonly string[]): DetectedSetup | undefined {
  const chosen = toolchains.filter(
    ({ lockFiles: names, makes }, at) =>
      names.some((name) => present.includes(name)) &&
      !toolchains
        .slice(0, at)
        .some((one) => one.makes === makes && one.lockFiles.some((name) => present.includes(name))),
  );
  if (chosen.length === 0) return undefined;
  return {
    commands: chosen.map(renderCommand),
    hosts: [...new Set(chosen.flatMap(({ hosts }) => hosts))],
    expected: chosen.map(({ makes, lockFiles: names }) => ({
      part: makes,
      lockFile: names.find((name) => present.includes(name)) ?? makes,
    })),
  };
}

function renderCommand({ probe, command, lockFiles: [name] }: Toolchain): string {
  const missing = `echo "not set up: this machine has no program for ${name}"`;
  return `if ${probe} >/dev/null 2>&1; then ${command}; else ${missing}; fi`;
}

/** Where programs look for what a layer holds, by what is there; nothing is set for what is not. */
export function renderLayerEnvironment(parts: readonly string[]): Readonly<Record<string, string>> {
  const root = '/deps';
  return {
    GATEPILOT_DEPS: root,
    ...(parts.includes('venv')
      ? { VIRTUAL_ENV: `${root}/venv`, UV_PROJECT_ENVIRONMENT: `${root}/venv`, UV_OFFLINE: '1' }
      : {}),
    ...(parts.includes('go') ? { GOMODCACHE: `${root}/go`, GOPROXY: 'off' } : {}),
    ...(parts.includes('cargo') ? { CARGO_HOME: `${root}/cargo`, CARGO_NET_OFFLINE: 'true' } : {}),
  };
}
