// The way of root: the distribution's own packages, installed as a person would.
import type { Apt } from './apt.ts';
import { lastComplaint } from './run-program.ts';

/** Returns why it did not work, or nothing. */
export async function installPackages(apt: Apt, names: readonly string[]): Promise<string | undefined> {
  const install = () =>
    apt.run('apt-get', ['install', '-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=120', ...names]);
  if ((await install()).code === 0) return undefined;
  // Missing or old package lists are the usual cause. An update that fails for one of several sources still helps,
  // so that the second try is what counts.
  await apt.run('apt-get', ['update']);
  const second = await install();
  return second.code === 0 ? undefined : lastComplaint(second);
}
