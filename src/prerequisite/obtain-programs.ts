// Brings missing programs on Debian and Ubuntu: installed when we are root, else unpacked into the cache folder.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Apt, createApt } from './apt.ts';
import { type DebianPackage, debianPackages } from './debian-package.ts';
import { isExecutable } from './find-program.ts';
import { installPackages } from './install-package.ts';
import { linkInstalledProgram } from './link-program.ts';
import type { ProgramName } from './program.ts';
import { unpackPackages } from './unpack-package.ts';

export interface ObtainOptions {
  readonly missing: readonly ProgramName[];
  readonly toolFolder: string;
  readonly logPath: string;
  /** The folders of the PATH, where an installed package's programs are expected. */
  readonly searchPath: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly isRoot: boolean;
  readonly out: (line: string) => void;
}

/** The folders in which programs that were brought here earlier are found again. */
export function toolBinFolders(toolFolder: string): string[] {
  const names = new Set(Object.values(debianPackages).map((debianPackage) => debianPackage.name));
  return [...names].map((name) => join(toolFolder, name, 'bin'));
}

/** Returns why it did not work, by program; whether a program is good now is for the caller to find out. */
export async function obtainPrograms(options: ObtainOptions): Promise<Map<ProgramName, string>> {
  const byPackage = new Map<DebianPackage, ProgramName[]>();
  for (const name of options.missing) {
    if (name === 'git') continue;
    const debianPackage = debianPackages[name];
    byPackage.set(debianPackage, [...(byPackage.get(debianPackage) ?? []), name]);
  }
  const failures = new Map<ProgramName, string>();
  if (byPackage.size === 0) return failures;
  await mkdir(options.toolFolder, { recursive: true, mode: 0o700 });
  const names = [...byPackage.keys()].map((debianPackage) => debianPackage.name);
  options.out(renderStart(names, options));
  const apt = createApt(options.environment, options.logPath);
  const packages = [...byPackage.keys()];
  const failed = options.isRoot
    ? await installAll(apt, packages, options)
    : await unpackPackages(apt, packages, options.toolFolder);
  for (const [debianPackage, why] of failed) {
    for (const name of byPackage.get(debianPackage) ?? []) failures.set(name, why);
  }
  return failures;
}

function renderStart(names: readonly string[], options: ObtainOptions): string {
  const list = names.join(', ');
  const verb = options.isRoot ? `Installing ${list} with apt-get` : `Unpacking ${list} into ${options.toolFolder}`;
  return `${verb} (its output: ${options.logPath}).`;
}

type Failures = Map<DebianPackage, string>;

async function installAll(apt: Apt, packages: readonly DebianPackage[], options: ObtainOptions): Promise<Failures> {
  const why = await installPackages(
    apt,
    packages.map((debianPackage) => debianPackage.name),
  );
  if (why !== undefined) return new Map(packages.map((debianPackage) => [debianPackage, why]));
  for (const debianPackage of packages) await linkRenamed(debianPackage, options);
  return new Map();
}

/** An installed program is found on the PATH, unless we want it under another name than its package gives it. */
async function linkRenamed(debianPackage: DebianPackage, options: ObtainOptions): Promise<void> {
  const programs = Object.entries(debianPackage.programs);
  if (programs.every(([name, file]) => name === file)) return;
  const bin = join(options.toolFolder, debianPackage.name, 'bin');
  await mkdir(bin, { recursive: true, mode: 0o700 });
  for (const [name, file] of programs) {
    for (const folder of options.searchPath) {
      if (!(await isExecutable(join(folder, file)))) continue;
      await linkInstalledProgram(join(bin, name), join(folder, file));
      break;
    }
  }
}
