// The layer table, executable: who may import what. An empty layer fails too, so that a typo cannot pass in silence.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');

interface Layer {
  /** Files below one of these paths belong to the layer. */
  readonly files: readonly string[];
  /** What they may import of this project, besides the layer itself. */
  readonly own: readonly string[];
  /** Packages, by prefix. `node:` stands for everything that Node brings. */
  readonly packages: readonly string[];
}

const ports = ['src/core/', 'src/engine/port/', 'src/engine/external-error.ts'];

const layers: Readonly<Record<string, Layer>> = {
  // Pure parsers are values in, values out; nothing else from outside comes into the core.
  core: {
    files: ['src/core/'],
    own: [],
    packages: ['zod', 'yaml', 'mdast', 'mdast-util-from-markdown', 'micromark', 'minimatch', 'croner'],
  },
  engine: { files: ['src/engine/'], own: ['src/core/'], packages: ['node:', 'zod'] },
  webhook: { files: ['src/webhook/'], own: ['src/core/'], packages: ['zod'] },
  github: { files: ['src/github/'], own: ports, packages: ['@octokit/', 'zod', 'node:'] },
  subprocess: { files: ['src/subprocess/'], own: [], packages: ['node:'] },
  git: { files: ['src/git/'], own: [...ports, 'src/subprocess/'], packages: ['node:', 'zod'] },
  sandbox: { files: ['src/sandbox/'], own: [...ports, 'src/subprocess/'], packages: ['node:', 'zod'] },
  layer: { files: ['src/layer/'], own: [...ports, 'src/subprocess/'], packages: ['node:'] },
  egress: { files: ['src/egress/'], own: ports, packages: ['node:'] },
  agent: { files: ['src/agent/'], own: ports, packages: ['node:', 'zod', '@agentclientprotocol/sdk'] },
  llm: { files: ['src/llm/'], own: ports, packages: ['node:', 'zod', 'ai', '@ai-sdk/'] },
  store: { files: ['src/store/'], own: ports, packages: ['node:', 'zod', 'ioredis'] },
  queue: { files: ['src/queue/'], own: ports, packages: ['zod', 'bullmq', 'ioredis'] },
  artifact: { files: ['src/artifact/'], own: ports, packages: ['node:'] },
  checkpoint: {
    files: ['src/checkpoint/'],
    own: [...ports, 'src/artifact/', 'src/subprocess/'],
    packages: ['node:'],
  },
  resource: { files: ['src/resource/'], own: ports, packages: ['node:'] },
  prerequisite: { files: ['src/prerequisite/'], own: ports, packages: ['node:', 'zod'] },
  web: { files: ['src/web/'], own: ports, packages: ['node:', 'zod'] },
  setup: { files: ['src/setup/'], own: ports, packages: ['node:', 'zod', 'yaml', 'hono', '@hono/'] },
  workers: {
    files: ['workers/'],
    own: ['src/engine/', 'src/queue/', 'src/process/', 'src/wiring.ts', 'src/env.ts', 'src/core/model/'],
    packages: ['node:', 'bullmq', 'ioredis'],
  },
  roots: {
    files: ['src/main.ts', 'src/app.ts', 'src/env.ts', 'src/wiring.ts', 'src/process/', 'src/operator/'],
    own: ['src/', 'workers/start-workers.ts'],
    packages: ['node:', 'zod', 'probot', 'pino', 'ioredis'],
  },
  demo: {
    files: ['src/demo/'],
    own: ['src/'],
    packages: [
      'node:',
      'zod',
      'hono',
      '@hono/',
      '@copilotkit/aimock',
      '@octokit/openapi-types',
      'ajv',
      'ajv-formats',
      'ioredis',
      'mdast',
      'mdast-util-from-markdown',
    ],
  },
};

function listFiles(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|mjs)$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}

const files = [...listFiles('src'), ...listFiles('workers')];

function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  const found = [
    ...text.matchAll(
      /(?:^|\n)\s*(?:import|export)\b[^'"`;]*?from\s+'([^']+)'|import\(\s*'([^']+)'\s*\)|(?:^|\n)import\s+'([^']+)'/g,
    ),
  ];
  return found.map(([, from, dynamic, bare]) => from ?? dynamic ?? bare ?? '');
}

function toTarget(file: string, specifier: string): string {
  return specifier.startsWith('.') ? relative(root, resolve(root, dirname(file), specifier)) : specifier;
}

function isIn(path: string, prefixes: readonly string[]): boolean {
  return prefixes.some((prefix) => (prefix.endsWith('/') ? path.startsWith(prefix) : path === prefix));
}

function isPackage(name: string, allowed: readonly string[]): boolean {
  return allowed.some((prefix) =>
    /[/:]$/.test(prefix) ? name.startsWith(prefix) : name === prefix || name.startsWith(`${prefix}/`),
  );
}

describe('the layers', () => {
  it('cover every file exactly once', () => {
    for (const file of files) {
      const owners = Object.entries(layers).filter(([, layer]) => isIn(file, layer.files));
      expect(
        owners.map(([name]) => name),
        file,
      ).toHaveLength(1);
    }
  });

  it.each(Object.entries(layers))('%s imports only what it may', (_name, layer) => {
    const members = files.filter((file) => isIn(file, layer.files));
    expect(members.length).toBeGreaterThan(0);
    const strays = members.flatMap((file) =>
      importsOf(file)
        .map((specifier) => toTarget(file, specifier))
        .filter((target) =>
          /^(src|workers)\//.test(target)
            ? !isIn(target, [...layer.files, ...layer.own])
            : !isPackage(target, layer.packages),
        )
        .map((target) => `${file} imports ${target}`),
    );
    expect(strays).toEqual([]);
  });
});

describe('the core', () => {
  it('has no clock, randomness, environment, process or network', () => {
    const impure =
      /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bprocess\.|\bfetch\(|\bcrypto\.|\bperformance\.|\bconsole\.|\bsetTimeout\b/;
    const found = files.filter(
      (file) => file.startsWith('src/core/') && impure.test(stripComments(readFileSync(join(root, file), 'utf8'))),
    );
    expect(found).toEqual([]);
  });

  it('never throws', () => {
    const found = files.filter(
      (file) => file.startsWith('src/core/') && /\bthrow\b/.test(stripComments(readFileSync(join(root, file), 'utf8'))),
    );
    expect(found).toEqual([]);
  });
});

describe('the environment', () => {
  it('is read by env.ts alone', () => {
    const readers = files.filter((file) =>
      /\bprocess\.env\b/.test(stripComments(readFileSync(join(root, file), 'utf8'))),
    );
    expect(readers).toEqual(['src/env.ts']);
  });
});

describe('the tests', () => {
  it('mock no modules and skip nothing', () => {
    const suspects = listFiles('test').filter((file) => file !== 'test/architecture.test.ts');
    const found = suspects.filter((file) =>
      /\bvi\.mock\b|\b(?:it|test|describe)\.(?:skip|only|todo)\b/.test(readFileSync(join(root, file), 'utf8')),
    );
    expect(found).toEqual([]);
  });

  it('leave nothing out by condition, but for what only root may do', () => {
    const suspects = listFiles('test').filter((file) => file !== 'test/architecture.test.ts');
    const found = suspects.filter((file) => /\b(?:runIf|skipIf)\b/.test(readFileSync(join(root, file), 'utf8')));
    expect(found).toEqual([
      'test/sandbox/bubblewrap/refusal.test.ts',
      'test/sandbox/bubblewrap/root-worker.test.ts',
      'test/sandbox/container/image.test.ts',
      'test/sandbox/container/run-in-image.test.ts',
    ]);
  });
});

function stripComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|(^|\s)\/\/.*$/gm, '$1');
}
