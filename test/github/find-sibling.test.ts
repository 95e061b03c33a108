// Where the settings of an owner stand: nobody takes an answer about somebody else's repository for "there is none".
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Repository } from '../../src/core/model/subject.ts';
import type { GitHubPort } from '../../src/engine/port/github.ts';
import { createGitHub } from '../../src/github/create-github.ts';
import { here, startWorld, type TestWorld } from '../demo/local-github-world.ts';

let world: TestWorld;
let github: GitHubPort;
let repository: Repository;

beforeAll(async () => {
  world = await startWorld();
  const { appId, privateKey } = world.app;
  github = createGitHub({ appId, privateKey, apiUrl: `${world.apiUrl}/api/v3`, gitRoot: world.apiUrl });
  const { data } = await world.asBot.rest.repos.get(here);
  repository = { host: 'git.test', id: data.id, owner: 'acme', name: 'widget', installationId: world.installationId };
  const source = { commits: [{ message: 'Begin', files: { 'README.md': 'hello\n' } }] };
  await world.control.createRepository({ repository: 'acme/.github', source });
  await world.control.addToInstallation({ installationId: world.installationId, repository: 'acme/.github' });
});
afterAll(() => world.stop());

it('finds what the installation covers, and nothing where it covers none of that name', async () => {
  await expect(github.findSibling(repository, '.github')).resolves.toMatchObject({ owner: 'acme', name: '.github' });
  await expect(github.findSibling(repository, 'nowhere')).resolves.toBeUndefined();
});

it('asks again later where the owner has another name than is known, and remembers no such answer', async () => {
  // The account was renamed, and no delivery has told us yet.
  const before = { ...repository, owner: 'acme-before' };
  for (const _ of [1, 2])
    await expect(github.findSibling(before, '.github')).rejects.toMatchObject({ system: 'github', retry: 'soon' });
  await expect(github.findSibling(repository, '.github')).resolves.toMatchObject({ owner: 'acme' });
});
