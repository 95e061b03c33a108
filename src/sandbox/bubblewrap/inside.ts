/** Where things are inside of every sandbox. */
export const inside = {
  workspace: '/workspace',
  dependencies: '/deps',
  nodeModules: '/node_modules',
  home: '/home/agent',
  temporary: '/tmp',
  sharedMemory: '/dev/shm',
  node: '/run/gatepilot/node',
  tools: '/run/gatepilot/tool',
  relay: '/run/gatepilot/relay.mjs',
  gateway: '/run/gatepilot/gateway.sock',
  proxy: '/run/gatepilot/proxy.sock',
  relayInput: '/run/gatepilot/relay.json',
} as const;

/** The user inside, whoever it is outside. */
export const insideUid = 1000;

/** Of programs: those of Node stay what they are, whatever a repository brings. */
export const dependencyPath = [
  `${inside.node}/bin`,
  `${inside.dependencies}/bin`,
  `${inside.dependencies}/venv/bin`,
  `${inside.dependencies}/node_modules/.bin`,
  '/usr/local/bin:/usr/bin:/bin',
].join(':');

/** Set unless the spec says otherwise. bubblewrap adds PWD. */
export const defaultEnvironment: Readonly<Record<string, string>> = {
  PATH: `${inside.node}/bin:/usr/local/bin:/usr/bin:/bin`,
  HOME: inside.home,
  LANG: 'C.UTF-8',
  TMPDIR: inside.temporary,
};
