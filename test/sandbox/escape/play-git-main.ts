// Everything that the owner of a .git folder can plant for whoever uses git there next, as the worker: its own way of
// taking a result runs none of it, and plain git in the same folder runs it all. One line of JSON for each.
import { access, chmod, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SandboxProvider } from '../../../src/engine/port/sandbox.ts';
import { hostileSettings } from '../../git/support/hostile-setting.ts';
import { credentials } from '../../git/support/http-remote.ts';
import { tryPlainGit } from '../../git/support/plain-git.ts';
import { author, openScene, requireCaptured, type Scene } from '../../git/support/scene.ts';
import { openProvider, type ProviderName, type ProviderTools } from '../support/open-provider.ts';
import { makeSpec } from '../support/spec.ts';
import type { Outcome } from './outcome.ts';

const [name = '', found = ''] = process.argv.slice(2);
const scene = await openScene();
await chmod(scene.folder, 0o711);
try {
  // All of it comes from the test itself.
  const tools = JSON.parse(found) as ProviderTools;
  const provider = await openProvider(name as ProviderName, tools, join(scene.folder, 'sandbox'));
  const base = await scene.commit('main', { 'a.txt': 'one\n' });
  await scene.commit('other', { 'b.txt': 'beside\n' });
  await scene.fetch('main');
  for (const setting of hostileSettings) {
    const outcome = await play(scene, provider, { base, setting });
    process.stdout.write(`${JSON.stringify(outcome)}\n`);
  }
} finally {
  await scene.close();
}

interface Played {
  readonly base: string;
  readonly setting: (typeof hostileSettings)[number];
}

async function play(scene: Scene, provider: SandboxProvider, { base, setting }: Played): Promise<Outcome> {
  const workspace = await scene.checkout(base);
  await writeFile(join(workspace, 'a.txt'), 'changed by the agent\n');
  const canary = join(scene.folder, 'canary');
  await setting.plant(workspace, `touch ${canary}`);
  await rm(canary, { force: true });
  const openSandbox = () => provider.create(makeSpec(workspace, { access: 'read-only' }));
  const { commit } = requireCaptured(await scene.capture(workspace, base, { openSandbox }));
  await useEverywhere(scene, base, commit);
  const isReached = await exists(canary);
  await rm(canary, { force: true });
  await tryPlainGit(workspace, setting.spring(scene.repository.url));
  return {
    area: 'git',
    name: `runs a command through ${setting.name}`,
    succeedsWithout: await exists(canary),
    isReached,
  };
}

/** All that is done with a result later: nothing of its content may act there either. */
async function useEverywhere({ git, repository, fetch, checkout }: Scene, base: string, commit: string): Promise<void> {
  await git.diff(repository, base, commit);
  const theirs = await fetch('other');
  await git.merge({ repository, ours: commit, theirs, message: 'merge', author });
  await git.importBundle(
    { ...repository, key: repository.key },
    await git.exportBundle(repository, base, commit),
    commit,
  );
  await checkout(commit);
  // Each result is another child of the base, so that nothing is there to push over.
  await git.push({ repository, token: credentials, commit, branch: `result-${commit}`, expected: undefined });
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
