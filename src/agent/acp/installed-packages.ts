// Agents are large, and some may not be given on: each is installed on demand into a folder of its own, in exactly the version of
// its profile, and no script of a package is run.
import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ExternalError } from '../../engine/external-error.ts';
import type { AcpProfile } from './acp-profile.ts';

const installMs = 15 * 60_000;

/** The `node_modules` with everything that the profile names, or nothing. */
export async function findPackages(folder: string, { name, packages }: AcpProfile): Promise<string | undefined> {
  const modules = join(folder, name, 'node_modules');
  for (const [one, version] of Object.entries(packages)) {
    const manifest = await readFile(join(modules, one, 'package.json'), 'utf8').catch(() => '{}');
    if (JSON.parse(manifest).version !== version) return undefined;
  }
  return modules;
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
    await rm(place, { recursive: true, force: true });
    await rename(made, place);
  } finally {
    await rm(made, { recursive: true, force: true });
  }
  const modules = await findPackages(folder, profile);
  if (modules === undefined) throw fail(`npm installed something else than ${profile.name} needs`);
  return modules;
}

async function runNpm(cwd: string, environment: Readonly<Record<string, string | undefined>>): Promise<void> {
  const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'];
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
