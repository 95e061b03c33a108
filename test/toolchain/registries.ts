// Registries of several languages, each with a package `greeting` that says "hello <name>" and what it needs from another one.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packNpmPackage, packTarball } from '../support/npm-package.ts';
import { packWheel, zip } from '../support/python-package.ts';

/** Where bring-toolchains.sh puts them. */
export const toolchainFolder = join(import.meta.dirname, '../../.cache/toolchains');
const sha256 = (bytes: string | Buffer) => createHash('sha256').update(bytes);

/** `greeting` needs `words`, which no project names: it has to be found from where `greeting` lies. */
const words = { manifest: { name: 'words', version: '1.0.0', main: 'main.js' } };
const greeting = {
  manifest: {
    ...{ name: 'greeting', version: '1.0.0', main: 'main.js', bin: { greet: 'greet.js' } },
    dependencies: { words: '1.0.0' },
  },
};

export const npm = {
  words: packNpmPackage({
    'package.json': JSON.stringify(words.manifest),
    'main.js': 'module.exports = { hello: "hello" };\n',
  }),
  greeting: packNpmPackage({
    'package.json': JSON.stringify(greeting.manifest),
    'main.js': 'module.exports = (name) => require("words").hello + " " + name;\n',
    'greet.js': '#!/usr/bin/env node\nconsole.log(require("./main.js")(process.argv[2]));\n',
  }),
};

/** A package manager itself, for those that get the version that a repository names. Nothing, where it was not brought. */
function offerInstalled(toolchain: string, name: string): [string, string | Buffer][] {
  const folder = join(toolchainFolder, toolchain, 'node_modules', name);
  if (!existsSync(folder)) return [];
  const tarball = execFileSync('tar', ['-czC', folder, '--transform', 's,^[.],package,', '.'], { maxBuffer: 1e9 });
  return offer(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest, tarball);
}

export const wheel = packWheel(
  'greeting',
  { 'greeting.py': 'def greet(name):\n    return "hello " + name\n\ndef main():\n    print(greet("shell"))\n' },
  { greet: 'greeting:main' },
);

const goModule = 'example.com/greeting';
const goFiles = {
  'go.mod': `module ${goModule}\n\ngo 1.18\n`,
  'greeting.go': 'package greeting\n\nfunc Greet(name string) string { return "hello " + name }\n',
};
const placed = Object.fromEntries(Object.entries(goFiles).map(([name, text]) => [`${goModule}@v1.0.0/${name}`, text]));

export const go = {
  module: goModule,
  /** As Go counts them: the hash of a list of hashes. */
  sum: [
    `${goModule} v1.0.0 ${hashGoFiles(placed)}`,
    `${goModule} v1.0.0/go.mod ${hashGoFiles({ 'go.mod': goFiles['go.mod'] })}`,
    '',
  ].join('\n'),
};

function hashGoFiles(files: Readonly<Record<string, string>>): string {
  const lines = Object.keys(files)
    .sort()
    .map((name) => `${sha256(files[name] ?? '').digest('hex')}  ${name}\n`);
  return `h1:${sha256(lines.join('')).digest('base64')}`;
}

const crate = packTarball('greeting-1.0.0', {
  'Cargo.toml': '[package]\nname = "greeting"\nversion = "1.0.0"\nedition = "2021"\n',
  'src/lib.rs': 'pub fn greet(name: &str) -> String { format!("hello {name}") }\n',
});

export const cargo = { checksum: sha256(crate).digest('hex') };
const indexEntry = { name: 'greeting', vers: '1.0.0', deps: [], features: {}, yanked: false, cksum: cargo.checksum };

/** As the registry describes it, and as it gives it. */
function offer(manifest: Manifest, tarball: Buffer): [string, string | Buffer][] {
  const { name, version } = manifest;
  const path = `${name}/-/${name.split('/').at(-1)}-${version}.tgz`;
  const dist = {
    tarball: `https://registry.npmjs.org/${path}`,
    integrity: `sha512-${createHash('sha512').update(tarball).digest('base64')}`,
    shasum: createHash('sha1').update(tarball).digest('hex'),
  };
  const time = '2026-01-01T00:00:00.000Z';
  const described = JSON.stringify({
    ...{ name, modified: time, time: { created: time, modified: time, [version]: time } },
    ...{ 'dist-tags': { latest: version }, versions: { [version]: { ...manifest, dist } } },
  });
  return ['registry.npmjs.org', 'registry.yarnpkg.com'].flatMap((host) => [
    [`${host}/${name.replace('/', '%2f')}`, described],
    [`${host}/${name}/${version}`, JSON.stringify({ ...manifest, dist })],
    [`${host}/${path}`, tarball],
  ]);
}

interface Manifest {
  readonly name: string;
  readonly version: string;
}

/** What each address gives. */
export const answers: ReadonlyMap<string, string | Buffer> = new Map<string, string | Buffer>([
  ...offer(words.manifest, npm.words.tarball),
  ...offer(greeting.manifest, npm.greeting.tarball),
  ...offerInstalled('pnpm-9', 'pnpm'),
  ...offerInstalled('pnpm-10', 'pnpm'),
  ...offerInstalled('yarn-1', 'yarn'),
  ...offerInstalled('yarn-4', '@yarnpkg/cli-dist'),
  ['pypi.org/simple/greeting/', wheel.renderIndex('https://files.pythonhosted.org/packages')],
  [`files.pythonhosted.org/packages/${wheel.fileName}`, wheel.wheel],
  [`proxy.golang.org/${goModule}/@v/v1.0.0.info`, JSON.stringify({ Version: 'v1.0.0', Time: '2026-01-01T00:00:00Z' })],
  [`proxy.golang.org/${goModule}/@v/v1.0.0.mod`, goFiles['go.mod']],
  [`proxy.golang.org/${goModule}/@v/v1.0.0.zip`, zip(placed)],
  ['index.crates.io/config.json', JSON.stringify({ dl: 'https://static.crates.io/crates' })],
  ['index.crates.io/gr/ee/greeting', `${JSON.stringify(indexEntry)}\n`],
  ['static.crates.io/crates/greeting/1.0.0/download', crate],
]);
