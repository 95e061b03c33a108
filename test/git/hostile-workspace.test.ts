// Every way is shown to be open to plain git in the very workspace that was captured before without anything running.
// The sandbox here is a stand-in without isolation: what keeps the commands from running is the way git is called.
import { access, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hostileSettings } from './support/hostile-setting.ts';
import { credentials } from './support/http-remote.ts';
import { tryPlainGit } from './support/plain-git.ts';
import { author, openScene, requireCaptured, type Scene } from './support/scene.ts';

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene.close());

describe('a hostile workspace', () => {
  it.each(hostileSettings)('runs nothing through $name', async ({ plant, spring }) => {
    const base = await scene.commit('main', { 'a.txt': 'one\n' });
    await scene.fetch('main');
    const workspace = await scene.checkout(base);
    await writeFile(join(workspace, 'a.txt'), 'changed by the agent\n');
    const canary = join(scene.folder, 'canary');
    await plant(workspace, `touch ${canary}`);
    await rm(canary, { force: true });

    const { commit } = requireCaptured(await scene.capture(workspace, base));
    await useEverywhere(base, commit);
    expect(await exists(canary)).toBe(false);

    await tryPlainGit(workspace, spring(scene.repository.url));
    expect(await exists(canary)).toBe(true);
  });
});

/** All that is done with a result later: nothing of its content may act there either. */
async function useEverywhere(base: string, commit: string): Promise<void> {
  const { git, repository } = scene;
  await git.diff(repository, base, commit);
  const other = await scene.commit('other', { 'b.txt': 'beside\n' });
  await scene.fetch('other');
  const merged = await git.merge({ repository, ours: commit, theirs: other, message: 'merge', author });
  expect(merged.kind).toBe('merged');
  const bundle = await git.exportBundle(repository, base, commit);
  await git.importBundle({ ...repository, key: repository.key }, bundle, commit);
  await scene.checkout(commit);
  const pushed = await git.push({ repository, token: credentials, commit, branch: 'result', expected: undefined });
  expect(pushed).toEqual({ kind: 'pushed' });
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
