#!/usr/bin/env node
// Runs a script of this project on the pinned Node 24, whatever Node (>= 20) started it.
// Plain JavaScript on purpose: it must load on a Node that cannot strip types.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const [script, ...args] = process.argv.slice(2);

/** The Node binary to use: this one when it is new enough, else the one locked in package-lock.json. */
function findNode() {
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  try {
    const manifest = createRequire(import.meta.url).resolve(`node-${process.platform}-${process.arch}/package.json`);
    const binary = join(dirname(manifest), 'bin', 'node');
    return existsSync(binary) ? binary : undefined;
  } catch {
    return undefined;
  }
}

const node = findNode();
if (!script) {
  console.error('usage: launch.mjs <script> [arguments]');
  process.exit(64);
}
if (!node) {
  console.error(
    `Gatepilot needs Node 24 and this is ${process.version} on ${process.platform}-${process.arch}: ` +
      'install Node 24 from https://nodejs.org, or run "npm ci" again without "--omit=optional".',
  );
  process.exit(69);
}

const child = spawn(node, [resolve(root, script), ...args], {
  stdio: 'inherit',
  cwd: root,
  env: {
    // What one start compiled, the next one reads: there is no build step. Where it cannot be written, Node does without.
    NODE_COMPILE_CACHE: join(root, '.cache', 'compile'),
    ...process.env,
    // Programs that a script starts with plain "node" get the same runtime.
    PATH: `${dirname(node)}:${process.env.PATH ?? ''}`,
  },
});
// A signal that is sent to this process alone must be passed on; the child takes one that it heard already as the same. A
// terminal's Ctrl-C reaches the child by itself, and other scripts may take twice as "at once".
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
process.on('SIGINT', () => {
  if (!process.stdin.isTTY) child.kill('SIGINT');
});
child.on('error', (error) => {
  console.error(`could not start ${node}: ${error.message}`);
  process.exit(70);
});
child.on('exit', (code, signal) => process.exit(signal ? 128 + constants.signals[signal] : (code ?? 70)));
