import { appendFile, chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Git } from './git.ts';
import { updateHook } from './update-hook.ts';

const configuration = `[receive]
	# Pull request refs can be fetched but not pushed.
	hideRefs = refs/pull
	autogc = false
[gc]
	auto = 0
[uploadpack]
	# GitHub serves any commit it has, and partial clones.
	allowAnySHA1InWant = true
	allowFilter = true
`;

export async function createBareRepository(git: Git, defaultBranch: string): Promise<void> {
  await mkdir(git.folder, { recursive: true });
  await git.run(['init', '--quiet', '--bare', `--initial-branch=${defaultBranch}`]);
  await appendFile(join(git.folder, 'config'), configuration);
  const hook = join(git.folder, 'hooks', 'update');
  await mkdir(join(git.folder, 'hooks'), { recursive: true });
  await writeFile(hook, updateHook);
  await chmod(hook, 0o755);
}
