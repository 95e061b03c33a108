// What we ask GitHub about a repository is asked with a token that reaches no other, on the local GitHub.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Repository } from '../../src/core/model/subject.ts';
import { createGitHub } from '../../src/github/create-github.ts';
import { createOctokitPool } from '../../src/github/octokit-pool.ts';
import { createScheduleApi } from '../../src/github/schedule-api.ts';
import { repository, startWorld, type TestWorld } from '../demo/local-github-world.ts';

let world: TestWorld;
let here: Repository;
let there: Repository;
const identity = () => ({
  appId: world.app.appId,
  privateKey: world.app.privateKey,
  apiUrl: `${world.apiUrl}/api/v3`,
  gitRoot: world.apiUrl,
});

beforeAll(async () => {
  world = await startWorld();
  const source = { commits: [{ message: 'Begin', files: { 'README.md': 'hello\n' } }] };
  await world.control.createRepository({ repository: 'acme/other', isPrivate: true, source });
  await world.control.addToInstallation({ installationId: world.installationId, repository: 'acme/other' });
  const { data } = await world.asBot.rest.apps.listReposAccessibleToInstallation();
  const find = (fullName: string): Repository => {
    const found = data.repositories.find(({ full_name }) => full_name === fullName);
    if (!found) throw new Error(`${fullName} is not covered`);
    const { id, name } = found;
    return { host: 'git.test', id, owner: 'acme', name, installationId: world.installationId };
  };
  here = find(repository);
  there = find('acme/other');
});
afterAll(() => world.stop());

async function countTokens(): Promise<number> {
  const requests = await world.control.readRequests({});
  return requests.filter(({ path }) => path.endsWith('/access_tokens')).length;
}

it('reaches the repository that it is for, and no other of the installation', async () => {
  const client = createOctokitPool(identity()).of(here);
  await expect(client.rest.repos.get({ owner: 'acme', repo: here.name })).resolves.toMatchObject({ status: 200 });
  await expect(client.rest.repos.get({ owner: 'acme', repo: there.name })).rejects.toMatchObject({ status: 404 });
});

it('is made once for each repository, however much is asked', async () => {
  const github = createGitHub(identity());
  const before = await countTokens();
  for (const each of [here, there, here, there]) await github.readRepository(each);
  expect((await countTokens()) - before).toBe(2);
});

it('is its own, when two repositories of one installation are asked about at the same moment', async () => {
  const pool = createOctokitPool(identity());
  const readBoth = () =>
    Promise.all(
      [here, there].map(({ id, name, installationId }) =>
        pool.of({ id, installationId }).rest.repos.get({ owner: 'acme', repo: name }),
      ),
    );
  await expect(readBoth()).resolves.toMatchObject([{ data: { id: here.id } }, { data: { id: there.id } }]);
});

it('is made anew when GitHub takes it no longer', async () => {
  const client = createOctokitPool(identity()).of(here);
  const read = () => client.rest.repos.get({ owner: 'acme', repo: here.name });
  await read();
  await world.control.expireTokens();
  await expect(read()).resolves.toMatchObject({ status: 200 });
});

it('of an installation lists what that covers', async () => {
  const api = createScheduleApi(identity(), 'git.test');
  const listed = await api.listRepositories(world.installationId);
  expect(listed.map(({ repository: { id } }) => id).sort()).toEqual([here.id, there.id].sort());
});
