// The environment of an operator: what is complete is read, and every mistake is one sentence that names the variable.
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { EnvironmentMistake, parseEnv } from '../../../src/env.ts';

const folder = mkdtempSync(join(tmpdir(), 'gp-env-'));
afterAll(() => rmSync(folder, { recursive: true }));

function createKey(type: 'pkcs1' | 'pkcs8'): string {
  const publicKeyEncoding = { type: 'spki', format: 'pem' } as const;
  const privateKeyEncoding = { type, format: 'pem' } as const;
  return generateKeyPairSync('rsa', { modulusLength: 2048, publicKeyEncoding, privateKeyEncoding }).privateKey;
}

const pem = createKey('pkcs1');
const apiKey = 'sk-ant-a-key-that-nobody-may-see';
const webhookSecret = 'a webhook secret that nobody may see';
const complete = { APP_ID: '123', PRIVATE_KEY: pem, WEBHOOK_SECRET: webhookSecret, MODEL_API_KEY: apiKey };

function complaintOf(variables: Record<string, string | undefined>): string {
  try {
    parseEnv(variables);
  } catch (error) {
    if (error instanceof EnvironmentMistake) return error.message;
    throw error;
  }
  throw new Error('nothing was complained about');
}

it('needs four variables and knows the rest', () => {
  const { surroundings: _, ...env } = parseEnv(complete);
  expect(env).toEqual({
    app: { id: 123, privateKey: pem, webhookSecret },
    host: 'github.com',
    apiUrl: 'https://api.github.com',
    gitRoot: 'https://github.com',
    listen: { host: '0.0.0.0', port: 3000 },
    adminPort: 3001,
    redisUrl: undefined,
    dataFolder: resolve('.cache/gatepilot'),
    agent: {
      name: 'pi',
      others: [],
      folder: resolve('.cache/gatepilot/agents'),
      profileFolder: undefined,
      command: undefined,
    },
    resourceFolder: undefined,
    slots: 4,
    writesPerMinute: 40,
    deliverySweepMs: 300_000,
    sandboxes: ['bubblewrap'],
    oci: { engine: 'podman', image: undefined, images: [], environment: {} },
    allowsNoSandbox: false,
    network: { allow: [], deny: [] },
    proposesSettings: true,
    layerBytes: 20_000 * 1024 * 1024,
    scheduleSweepMs: 60_000,
    checkpointMs: 60_000,
    slotLimits: { perRepository: undefined, perInstallation: undefined },
    runLimits: { perRepository: undefined, perInstallation: undefined, dayMicroUsd: undefined },
    model: {
      provider: 'anthropic',
      baseUrl: 'https://api.anthropic.com',
      apiKey,
      name: 'claude-sonnet-4-5',
      others: [],
      prices: {},
      forwardIdentity: false,
    },
    logLevel: 'info',
    gitWayOut: {},
  });
});

it.each([
  ['github.com', 'github.com', 'https://api.github.com'],
  ['GitHub.com', 'github.com', 'https://api.github.com'],
  ['Git.Example.com:8443', 'git.example.com:8443', 'https://git.example.com:8443/api/v3'],
])('knows the host %s by one name', (written, host, apiUrl) => {
  expect(parseEnv({ ...complete, GHE_HOST: written })).toMatchObject({ host, apiUrl });
});

it('takes every variable that there is', () => {
  const { surroundings: _, ...env } = parseEnv({
    ...complete,
    GHE_HOST: 'github.example.com:8443',
    GHE_PROTOCOL: 'http',
    HOST: '127.0.0.1',
    PORT: '0',
    ADMIN_PORT: 'off',
    REDIS_URL: 'rediss://user:password@redis.example.com:6380/2',
    GATEPILOT_DATA: '/var/lib/gatepilot',
    GATEPILOT_RESOURCES: '/etc/gatepilot/resources',
    GATEPILOT_SLOTS: '16',
    GATEPILOT_WRITES_PER_MINUTE: '100',
    GATEPILOT_DELIVERY_SWEEP_SECONDS: '5',
    GATEPILOT_SCHEDULE_SWEEP_SECONDS: '30',
    GATEPILOT_SANDBOXES: 'gvisor, oci',
    GATEPILOT_OCI_ENGINE: 'docker',
    GATEPILOT_OCI_IMAGE: 'registry.example.com/tools:1',
    GATEPILOT_OCI_IMAGES: 'registry.example.com/ci:2, debian@sha256:abc',
    DOCKER_HOST: 'unix:///run/other.sock',
    GATEPILOT_CHECKPOINT_SECONDS: '0',
    GATEPILOT_ALLOW_NO_SANDBOX: 'true',
    GATEPILOT_PROPOSE_SETTINGS: 'false',
    GATEPILOT_HOOKS: '/etc/gatepilot/hooks',
    GATEPILOT_SLOTS_PER_REPOSITORY: '2',
    GATEPILOT_SLOTS_PER_INSTALLATION: '8',
    GATEPILOT_RUNS_PER_REPOSITORY: '3',
    GATEPILOT_RUNS_PER_INSTALLATION: '20',
    GATEPILOT_DAY_USD_PER_INSTALLATION: '12.5',
    MODEL_PROVIDER: 'compatible',
    MODEL_BASE_URL: 'http://127.0.0.1:8080/v1',
    MODEL_NAME: 'a-model',
    MODEL_NAMES: 'maker/small:8b, cheap=0.1/4',
    MODEL_PRICE_INPUT: '0.25',
    MODEL_PRICE_OUTPUT: '10',
    MODEL_FORWARD_IDENTITY: 'true',
    GATEPILOT_AGENT: 'claude',
    GATEPILOT_AGENTS: 'pi, ours',
    GATEPILOT_AGENT_PROFILES: '/etc/gatepilot/agents',
    GATEPILOT_LAYERS_MB: '500',
    GATEPILOT_NETWORK: 'registry.npmjs.org',
    GATEPILOT_NETWORK_DENY: '*.example.org',
    LOG_LEVEL: 'debug',
    NODE_USE_ENV_PROXY: '1',
    http_proxy: 'http://proxy.example.com:3128',
    HTTPS_PROXY: 'http://proxy.example.com:3129',
    NO_PROXY: '127.0.0.1,.example.com',
    GIT_SSL_CAINFO: '/etc/ssl/ours.pem',
  });
  expect(env).toEqual({
    layerBytes: 500 * 1024 * 1024,
    network: { allow: ['registry.npmjs.org'], deny: ['*.example.org'] },
    app: { id: 123, privateKey: pem, webhookSecret },
    host: 'github.example.com:8443',
    apiUrl: 'http://github.example.com:8443/api/v3',
    gitRoot: 'http://github.example.com:8443',
    listen: { host: '127.0.0.1', port: 0 },
    adminPort: undefined,
    redisUrl: 'rediss://user:password@redis.example.com:6380/2',
    dataFolder: '/var/lib/gatepilot',
    agent: {
      name: 'claude',
      others: ['pi', 'ours'],
      folder: '/var/lib/gatepilot/agents',
      profileFolder: '/etc/gatepilot/agents',
      command: undefined,
    },
    resourceFolder: '/etc/gatepilot/resources',
    slots: 16,
    writesPerMinute: 100,
    deliverySweepMs: 5_000,
    sandboxes: ['gvisor', 'oci'],
    oci: {
      engine: 'docker',
      image: 'registry.example.com/tools:1',
      images: ['registry.example.com/ci:2', 'debian@sha256:abc'],
      environment: { DOCKER_HOST: 'unix:///run/other.sock' },
    },
    allowsNoSandbox: true,
    proposesSettings: false,
    scheduleSweepMs: 30_000,
    checkpointMs: undefined,
    hookFolder: '/etc/gatepilot/hooks',
    slotLimits: { perRepository: 2, perInstallation: 8 },
    runLimits: { perRepository: 3, perInstallation: 20, dayMicroUsd: 12_500_000 },
    model: {
      provider: 'compatible',
      baseUrl: 'http://127.0.0.1:8080/v1',
      apiKey,
      name: 'a-model',
      others: ['maker/small:8b', 'cheap'],
      prices: {
        'a-model': { input: 0.25, output: 10 },
        'maker/small:8b': { input: 0.25, output: 10 },
        cheap: { input: 0.1, output: 4 },
      },
      forwardIdentity: true,
    },
    logLevel: 'debug',
    gitWayOut: {
      http_proxy: 'http://proxy.example.com:3128',
      https_proxy: 'http://proxy.example.com:3129',
      no_proxy: '127.0.0.1,.example.com',
      GIT_SSL_CAINFO: '/etc/ssl/ours.pem',
    },
  });
});

it('takes an empty line of an environment file as not set', () => {
  expect(parseEnv({ ...complete, PORT: '', REDIS_URL: '', MODEL_BASE_URL: '' }).listen.port).toBe(3000);
});

it.each(['openai', 'google'])('knows where %s is, and asks which model of it', (provider) => {
  const chosen = { ...complete, MODEL_PROVIDER: provider };
  expect(parseEnv({ ...chosen, MODEL_NAME: 'a-model' }).model.baseUrl).toMatch(/^https:\/\//);
  expect(complaintOf(chosen)).toBe(`MODEL_NAME is missing: MODEL_PROVIDER ${provider} has no usual model.`);
});

it('never sends a token to github.com without encryption', () => {
  expect(parseEnv({ ...complete, GHE_PROTOCOL: 'http' }).gitRoot).toBe('https://github.com');
});

it.each(['APP_ID', 'PRIVATE_KEY', 'WEBHOOK_SECRET', 'MODEL_API_KEY'])(
  'names %s when it is missing or empty',
  (name) => {
    for (const value of [undefined, '']) {
      const complaint = complaintOf({ ...complete, [name]: value });
      expect(complaint).toMatch(new RegExp(`\\b${name} (must be|or PRIVATE_KEY_PATH is missing)`));
      expect(complaint).toContain('"npm run setup" writes it for you.');
    }
  },
);

it('says that no microVM can be offered', () => {
  expect(complaintOf({ ...complete, GATEPILOT_SANDBOXES: 'microvm' })).toMatch(/there is no driver of a microvm yet/);
});

it('names everything that is missing in one sentence', () => {
  expect(complaintOf({})).toBe(
    'The environment is not complete: APP_ID must be the number of your GitHub App; ' +
      'WEBHOOK_SECRET must be the webhook secret of your GitHub App, at least 16 characters long; ' +
      'MODEL_API_KEY must be the key of your model provider. "npm run setup" writes it for you.',
  );
});

it.each([
  ['APP_ID', 'Iv23liabcdef'],
  ['APP_ID', '-5'],
  ['APP_ID', '0'],
  ['APP_ID', '1e3'],
  ['WEBHOOK_SECRET', 'hunter2-short'],
  ['GHE_HOST', 'https://github.example.com'],
  ['GHE_HOST', 'github.example.com/api'],
  ['GHE_HOST', 'someone:password@github.example.com'],
  ['GHE_PROTOCOL', 'ftp-secret'],
  ['ADMIN_PORT', '65536'],
  ['ADMIN_PORT', 'on-secret'],
  ['PORT', '65536'],
  ['PORT', 'eighty-secret'],
  ['PORT', '-1'],
  ['PORT', '80.5'],
  ['REDIS_URL', 'someone:password@redis.example.com'],
  ['GATEPILOT_SANDBOXES', 'bubblewrap,secret'],
  ['GATEPILOT_SANDBOXES', 'oci,,secret'],
  ['GATEPILOT_SANDBOXES', 'oci,oci'],
  ['GATEPILOT_OCI_ENGINE', 'containerd-secret'],
  ['GATEPILOT_OCI_IMAGE', '--privileged secret'],
  ['GATEPILOT_OCI_IMAGES', 'debian:12,--privileged secret'],
  ['GATEPILOT_OCI_IMAGES', 'secret,secret'],
  ['GATEPILOT_SLOTS', '1001'],
  ['GATEPILOT_SLOTS', '-1'],
  ['GATEPILOT_SLOTS', 'many-secret'],
  ['GATEPILOT_AGENT_COMMAND', 'node main-secret.mjs'],
  ['GATEPILOT_AGENT_COMMAND', '[""]'],
  ['GATEPILOT_AGENT_COMMAND', '["node", 5]'],
  ['GATEPILOT_AGENT_FOLDER', 'agents-secret'],
  ['GATEPILOT_AGENT', 'Claude-secret'],
  ['GATEPILOT_AGENTS', 'pi;claude-secret'],
  ['MODEL_PROVIDER', 'sk-ant-in-the-wrong-place'],
  ['MODEL_BASE_URL', 'api.example.com/secret'],
  ['MODEL_BASE_URL', 'file:///etc/passwd'],
  ['MODEL_PRICE_INPUT', 'three-secret'],
  ['MODEL_PRICE_INPUT', '-3'],
  ['MODEL_PRICE_OUTPUT', 'Infinity'],
  ['MODEL_NAMES', 'two secrets'],
  ['MODEL_NAMES', 'cheap,,'],
  ['MODEL_NAMES', 'cheap=0.1'],
  ['MODEL_NAMES', 'cheap=0.1/'],
  ['MODEL_NAMES', 'cheap=0.1/4, cheap'],
  ['MODEL_FORWARD_IDENTITY', 'yes-secret'],
  ['LOG_LEVEL', 'loud-secret'],
])('names %s when it is "%s", and does not repeat the value', (name, value) => {
  const complaint = complaintOf({ ...complete, [name]: value });
  expect(complaint).toContain(`: ${name} must `);
  expect(complaint).not.toContain(value);
  expect(complaint.split('\n')).toHaveLength(1);
});

it('wants a command for the agent of that name, and for no other', () => {
  const command = { GATEPILOT_AGENT_COMMAND: '["node", "/opt/agent/main.mjs"]' };
  const chosen = { ...complete, GATEPILOT_AGENT: 'command', ...command, GATEPILOT_AGENT_FOLDER: '/etc/agent' };
  expect(parseEnv(chosen).agent.command).toEqual({ argv: ['node', '/opt/agent/main.mjs'], folder: '/etc/agent' });
  expect(complaintOf({ ...complete, GATEPILOT_AGENT: 'command' })).toMatch(/^GATEPILOT_AGENT_COMMAND is missing/);
  expect(complaintOf({ ...complete, ...command })).toMatch(/^GATEPILOT_AGENT must be command/);
  expect(complaintOf({ ...complete, GATEPILOT_AGENT_FOLDER: '/opt' })).toMatch(/^GATEPILOT_AGENT must be command/);
});

it('needs at least one slot', () => {
  expect(complaintOf({ ...complete, GATEPILOT_SLOTS: '0' })).toContain(': GATEPILOT_SLOTS must ');
});

it('asks for the address of a compatible endpoint, which nobody can guess', () => {
  expect(complaintOf({ ...complete, MODEL_PROVIDER: 'compatible' })).toMatch(/^MODEL_BASE_URL is missing/);
});

it.each([
  [{ GATEPILOT_SLOT: '2' }, 'GATEPILOT_SLOT (did you mean GATEPILOT_SLOTS?)'],
  [{ GATEPILOT_DAY_USD: '5' }, 'GATEPILOT_DAY_USD'],
  [{ MODEL_PRICE_INPT: '3' }, 'MODEL_PRICE_INPT (did you mean MODEL_PRICE_INPUT?)'],
  [{ MODELS: 'x', MODEL_: '1', GATEPILOT_X: '1' }, 'MODEL_, GATEPILOT_X'],
])('refuses %j, which would else be passed over in silence', (variables, told) => {
  expect(complaintOf({ ...complete, ...variables })).toBe(
    `No such variable is known: ${told}. docs/operating.md lists them all.`,
  );
});

it('passes over an unknown variable that is not set', () => {
  expect(parseEnv({ ...complete, GATEPILOT_SLOT: '' }).slots).toBe(4);
});

it('has every variable of its own in the table of the docs', () => {
  const text = readFileSync(join(import.meta.dirname, '../../../docs/operating.md'), 'utf8');
  const table = text.split('\n').filter((line) => line.startsWith('| `'));
  const documented = table.flatMap((line) => (line.split('|')[1] ?? '').match(/[A-Z][A-Z_]+/g) ?? []);
  const unknown = documented.filter((name) => /^(?:GATEPILOT|MODEL)_/.test(name));
  expect(unknown.length).toBeGreaterThan(30);
  for (const name of unknown)
    expect(complaintOf({ ...complete, [`${name}X`]: 'x' })).toContain(`${name}X (did you mean ${name}?)`);
});

it('refuses a limit in dollars that nothing would be counted against', () => {
  const limited = { ...complete, GATEPILOT_DAY_USD_PER_INSTALLATION: '5' };
  expect(complaintOf(limited)).toBe(
    'MODEL_PRICE_INPUT and MODEL_PRICE_OUTPUT are missing: GATEPILOT_DAY_USD_PER_INSTALLATION limits nothing while nobody knows what models cost.',
  );
  const priced = { MODEL_PRICE_INPUT: '0', MODEL_PRICE_OUTPUT: '0' };
  expect(parseEnv({ ...limited, ...priced }).runLimits.dayMicroUsd).toBe(5_000_000);
  expect(parseEnv({ ...limited, MODEL_NAMES: 'claude-sonnet-4-5=3/15' }).runLimits.dayMicroUsd).toBe(5_000_000);
});

it.each([undefined, '.example.com', 'localhost'])(
  'refuses a proxy for what listens on loopback (NO_PROXY: %s)',
  (direct) => {
    const proxied = { ...complete, HTTP_PROXY: 'http://proxy.example.com:3128', NO_PROXY: direct };
    expect(parseEnv(proxied).gitWayOut).toMatchObject({ http_proxy: 'http://proxy.example.com:3128' });
    expect(complaintOf({ ...proxied, NODE_USE_ENV_PROXY: '1' })).toMatch(/^NO_PROXY must name 127\.0\.0\.1/);
    expect(parseEnv({ ...proxied, NODE_USE_ENV_PROXY: '1', NO_PROXY: 'localhost, 127.0.0.1' }).host).toBe('github.com');
  },
);

it('refuses half a price, which would count half of what is spent', () => {
  expect(complaintOf({ ...complete, MODEL_PRICE_INPUT: '3' })).toMatch(/^MODEL_PRICE_OUTPUT is missing/);
  expect(complaintOf({ ...complete, MODEL_PRICE_OUTPUT: '3' })).toMatch(/^MODEL_PRICE_INPUT is missing/);
});

it('counts a model without a price of its own as models cost here', () => {
  const offered = { ...complete, MODEL_NAME: 'a', MODEL_NAMES: 'b=1/5,c' };
  const priced = { ...offered, MODEL_PRICE_INPUT: '3', MODEL_PRICE_OUTPUT: '15' };
  const usual = { input: 3, output: 15 };
  expect(parseEnv(priced).model.prices).toEqual({ a: usual, b: { input: 1, output: 5 }, c: usual });
});

it('refuses prices of some models, since the others would hide what these cost', () => {
  const offered = { ...complete, MODEL_NAME: 'a', MODEL_NAMES: 'b=1/5,c' };
  expect(complaintOf(offered)).toMatch(/^MODEL_PRICE_INPUT and MODEL_PRICE_OUTPUT are missing/);
  expect(parseEnv({ ...offered, MODEL_NAMES: 'b,c' }).model.prices).toEqual({});
});

it('offers the usual model once, also where its price stands among the others', () => {
  const { name, others, prices } = parseEnv({ ...complete, MODEL_NAME: 'a', MODEL_NAMES: 'a=1/5,b=1/5' }).model;
  const price = { input: 1, output: 5 };
  expect([name, others, prices]).toEqual(['a', ['b'], { a: price, b: price }]);
});

it('never shows a secret when something else is wrong', () => {
  const body = pem.split('\n')[1] ?? '';
  const complaints = [
    complaintOf({ ...complete, PORT: 'x' }),
    complaintOf({ ...complete, PRIVATE_KEY: pem.slice(0, 200) }),
    complaintOf({ ...complete, PRIVATE_KEY: apiKey }),
    complaintOf({ ...complete, APP_ID: apiKey, PORT: webhookSecret }),
  ];
  for (const complaint of complaints) {
    for (const secret of [apiKey, webhookSecret, body]) expect(complaint).not.toContain(secret);
  }
});

it.each([
  ['as PEM', pem],
  ['as PEM with written-out line ends', pem.replaceAll('\n', '\\n')],
  ['as PEM with the line ends of Windows', pem.replaceAll('\n', '\r\n')],
  ['as PEM without the last line end', pem.trimEnd()],
  ['as base64', Buffer.from(pem).toString('base64')],
  [
    'as base64 in lines',
    Buffer.from(pem)
      .toString('base64')
      .replace(/(.{64})/g, '$1\n'),
  ],
  ['as PKCS#8', createKey('pkcs8')],
])('takes the key %s, from the variable or from a file', (_name, text) => {
  const path = join(folder, 'key.pem');
  writeFileSync(path, text);
  const given = parseEnv({ ...complete, PRIVATE_KEY: text }).app.privateKey;
  const read = parseEnv({ ...complete, PRIVATE_KEY: undefined, PRIVATE_KEY_PATH: path }).app.privateKey;
  expect(read).toBe(given);
  expect(given.replaceAll('\r', '').trim()).toMatch(/^-----BEGIN [A-Z ]+-----\n[\w+/=\n]+\n-----END [A-Z ]+-----$/);
});

const elliptic = generateKeyPairSync('ec', {
  namedCurve: 'P-256',
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

it.each([
  ['is cut off', pem.slice(0, 400)],
  ['is a public key', elliptic.publicKey],
  ['is of another kind', elliptic.privateKey],
  ['is no key', 'correct horse battery staple'],
  ['is a path', '/etc/gatepilot/key.pem'],
])('refuses a key that %s, in the variable or in a file', (_name, text) => {
  const path = join(folder, 'bad.pem');
  writeFileSync(path, text);
  expect(complaintOf({ ...complete, PRIVATE_KEY: text })).toMatch(/^PRIVATE_KEY must be the private key/);
  const complaint = complaintOf({ ...complete, PRIVATE_KEY: undefined, PRIVATE_KEY_PATH: path });
  expect(complaint).toMatch(/^PRIVATE_KEY_PATH must be the private key/);
  expect(complaint).not.toContain(text);
});

it('names the path variable when there is no such file', () => {
  const complaint = complaintOf({ ...complete, PRIVATE_KEY: undefined, PRIVATE_KEY_PATH: join(folder, 'none.pem') });
  expect(complaint).toBe('PRIVATE_KEY_PATH must be the path of a file that can be read.');
});

it('hands on to child programs where things are found, and nothing of ours', () => {
  const { surroundings } = parseEnv(complete);
  expect(Object.keys(surroundings).toSorted()).toEqual(['APT_CONFIG', 'PATH', 'http_proxy', 'https_proxy', 'no_proxy']);
});

it('lets repositories ask for the hosts that the operator names, and for no others', () => {
  const permitted = (variables: Record<string, string>) => parseEnv({ ...complete, ...variables }).network;
  expect(permitted({ GATEPILOT_NETWORK: 'registry.npmjs.org, *.example.com' }).allow).toEqual([
    'registry.npmjs.org',
    '*.example.com',
  ]);
  expect(permitted({ GATEPILOT_NETWORK: '*', GATEPILOT_NETWORK_DENY: 'evil.example.org' })).toEqual({
    allow: ['*'],
    deny: ['evil.example.org'],
  });
  for (const wrong of ['https://example.com', 'localhost', '10.0.0.1', '*.', 'a.com,,b.com', '*,a.com'])
    expect(complaintOf({ ...complete, GATEPILOT_NETWORK: wrong })).toMatch(/GATEPILOT_NETWORK must be names of hosts/);
});
