// npm run sandboxes [-- provider…]: the whole contract, and every attempt to get out, of the sandboxes that take too long for
// every day. Without a name those that are on this machine; what is not is said.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { type ProviderName, providerNames } from './support/open-provider.ts';
import { readProviderTools } from './support/tools.ts';

const root = resolve(import.meta.dirname, '../..');
const further = providerNames.filter((name) => name !== 'bubblewrap');
const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !further.some((provider) => provider === name));
if (unknown === undefined) {
  await run('sh', [join(import.meta.dirname, 'bring-programs.sh')]);
  const chosen = await choose();
  let isGood = true;
  for (const name of chosen) {
    const vitest = [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--project', name];
    isGood = (await run(process.execPath, vitest)) && isGood;
    isGood = (await run(process.execPath, [join(import.meta.dirname, 'escape/escapes-main.ts'), name])) && isGood;
  }
  process.exitCode = isGood && chosen.length > 0 ? 0 : 1;
} else {
  process.stderr.write(`There is no further sandbox called ${unknown}, only ${further.join(', ')}.\n`);
  process.exitCode = 2;
}

async function choose(): Promise<readonly ProviderName[]> {
  if (wanted.length > 0) return further.filter((name) => wanted.includes(name));
  const { runsc, podman } = await readProviderTools();
  // A client of Docker says nothing about its daemon, so that it is asked for by name.
  const programs = { gvisor: runsc, podman, docker: undefined };
  for (const name of further) if (programs[name] === undefined) process.stderr.write(`NOT TESTED HERE: ${name}\n`);
  return further.filter((name) => programs[name] !== undefined);
}

async function run(program: string, args: readonly string[]): Promise<boolean> {
  const [code] = await once(spawn(program, args, { cwd: root, stdio: 'inherit' }), 'exit');
  return code === 0;
}
