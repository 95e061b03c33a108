import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Git } from './git.ts';
import { updateHook } from './update-hook.ts';

const configuration: Readonly<Record<string, string>> = {
  // Pull request refs can be fetched but not pushed.
  'receive.hideRefs': 'refs/pull',
  'receive.autogc': 'false',
  'gc.auto': '0',
  // GitHub serves any commit it has, and partial clones.
  'uploadpack.allowAnySHA1InWant': 'true',
  'uploadpack.allowFilter': 'true',
};

export async function createBareRepository(git: Git, defaultBranch: string): Promise<void> {
  await mkdir(git.folder, { recursive: true });
  await git.run(['init', '--quiet', '--bare', `--initial-branch=${defaultBranch}`]);
  for (const [name, value] of Object.entries(configuration)) await git.run(['config', name, value]);
  const hook = join(git.folder, 'hooks', 'update');
  await mkdir(join(git.folder, 'hooks'), { recursive: true });
  await writeFile(hook, updateHook);
  await chmod(hook, 0o755);
}
