// Agents are large, and some may not be given on: each is installed on demand into a folder of its own, in exactly the version of
// its profile, and no script of a package is run.
import { execFile } from 'node:child_process';
import { access, chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ExternalError } from '../../engine/external-error.ts';
import type { AcpProfile } from './acp-profile.ts';
import { fill } from './render-launch.ts';

const installMs = 15 * 60_000;
/** Longer than an installation and than a turn of an agent. */
const oldMs = 24 * 60 * 60_000;

/** The `node_modules` with everything that the profile names and the program that it starts, or nothing. */
export async function findPackages(folder: string, profile: AcpProfile): Promise<string | undefined> {
  const modules = join(folder, profile.name, 'node_modules');
  for (const [one, version] of Object.entries(profile.packages)) {
    if ((await readVersion(join(modules, one, 'package.json'))) !== version) return undefined;
  }
  // The packages for one kind of machine are optional: npm is content without the one that is the program.
  const program = profile.program === 'node' ? (profile.args[0] ?? '') : profile.program;
  if (!program.startsWith('{modules}/')) return modules;
  return access(fill(program, { modules, arch: process.arch })).then(
    () => modules,
    () => undefined,
  );
}

async function readVersion(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8')).version;
  } catch {
    return undefined;
  }
}

/** `environment`: what npm needs to find itself and its registry. */
export async function installPackages(
  folder: string,
  profile: AcpProfile,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const found = await findPackages(folder, profile);
  if (found !== undefined) return found;
  const place = join(folder, profile.name);
  await mkdir(folder, { recursive: true });
  // Made beside its place: whoever looks meanwhile sees the old one whole, or none.
  const made = await mkdtemp(join(folder, `.${profile.name}-`));
  try {
    const manifest = { private: true, dependencies: profile.packages };
    await writeFile(join(made, 'package.json'), JSON.stringify(manifest));
    await runNpm(made, environment);
    // The worker may be another user than whoever installs, and sandboxes always are.
    await chmod(made, 0o755);
    // A folder that is not empty is not replaced by this: whoever was faster has put the same there, or it is an old one.
    const isPlaced = await rename(made, place).then(
      () => true,
      () => false,
    );
    if (!isPlaced && (await findPackages(folder, profile)) === undefined) {
      // Not deleted yet: agents that were started from it may still be at work.
      await rename(place, `${made}-before`);
      await rename(made, place);
    }
  } finally {
    await rm(made, { recursive: true, force: true });
  }
  await clearOld(folder, profile.name);
  const modules = await findPackages(folder, profile);
  if (modules === undefined) throw fail(`npm did not install what ${profile.name} needs on this machine`);
  return modules;
}

/** What earlier installations put aside, or left when they were killed. */
async function clearOld(folder: string, name: string): Promise<void> {
  const old = (await readdir(folder)).filter((one) => one.startsWith(`.${name}-`));
  for (const path of old.map((one) => join(folder, one))) {
    const found = await stat(path).catch(() => undefined);
    if (found && Date.now() - found.ctimeMs > oldMs) await rm(path, { recursive: true, force: true });
  }
}

async function runNpm(cwd: string, environment: Readonly<Record<string, string | undefined>>): Promise<void> {
  const quiet = ['--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'];
  // Whatever npm is told elsewhere: programs of agents come as optional packages.
  const args = ['install', '--ignore-scripts', '--include=optional', ...quiet];
  await new Promise<void>((resolve, reject) => {
    execFile('npm', args, { cwd, env: environment, timeout: installMs }, (error, _, errors) => {
      if (error) reject(fail(`npm could not install it: ${errors.trim().slice(-600) || error.message}`));
      else resolve();
    });
  });
}

function fail(message: string): ExternalError {
  return new ExternalError({ system: 'agent', message, retry: 'soon' });
}
