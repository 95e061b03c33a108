import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createAppAuth } from '@octokit/auth-app';
import { Octokit } from '@octokit/rest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { here, owner, repository, startWorld, type TestWorld } from './local-github-world.ts';

const ignore = () => {};
let world: TestWorld;
let number: number;
beforeAll(async () => {
  world = await startWorld();
  const { control } = world;
  await control.createRepository({
    repository: `${owner}/other`,
    isPrivate: true,
    source: { commits: [{ message: 'Begin', files: { a: 'a\n' } }] },
  });
  await control.addToInstallation({ installationId: world.installationId, repository: `${owner}/other` });
  number = (await control.openIssue({ as: 'alice', repository, title: 'An issue' })).number;
});
afterAll(() => world.stop());

async function narrowed(options: {
  repositories?: string[];
  permissions?: Record<string, 'read' | 'write'>;
}): Promise<string> {
  const { data } = await world.asApp.rest.apps.createInstallationAccessToken({
    installation_id: world.installationId,
    ...options,
  });
  return data.token;
}

const url = (name = here.repo) => `${world.apiUrl}/${owner}/${name}.git`;

test('a token narrowed to one repository does not reach another, in REST and in git', async () => {
  const token = await narrowed({ repositories: ['other'] });
  const octokit = world.as(token);
  await expect(octokit.rest.repos.get(here)).rejects.toMatchObject({ status: 404 });
  await expect(octokit.rest.repos.get({ owner, repo: 'other' })).resolves.toMatchObject({ status: 200 });
  expect(await world.git(['ls-remote', url()], token)).toMatchObject({
    code: 128,
    stderr: expect.stringMatching(/not found/i),
  });
  expect(await world.git(['ls-remote', url('other')], token)).toMatchObject({ code: 0 });
  const { data } = await octokit.rest.apps.listReposAccessibleToInstallation();
  expect(data.repositories.map(({ full_name }) => full_name)).toEqual([`${owner}/other`]);
});

test('a token narrowed to permissions cannot do more, in REST and in git', async () => {
  const readOnly = await narrowed({ permissions: { contents: 'read' } });
  const comment = { ...here, issue_number: number, body: 'hello' };
  await expect(world.as(readOnly).rest.issues.createComment(comment)).rejects.toMatchObject({
    status: 403,
    message: expect.stringContaining('Resource not accessible by integration'),
  });
  expect(await world.git(['clone', '-q', url(), 'read-only'], readOnly)).toMatchObject({ code: 0 });
  await world.git(['-C', 'read-only', 'commit', '-q', '--allow-empty', '-m', 'No']);
  const refused = await world.git(['-C', 'read-only', 'push', 'origin', 'HEAD:refs/heads/no'], readOnly);
  expect(refused).toMatchObject({ code: 128, stderr: expect.stringContaining('403') });
  const { repositories } = await world.control.readState();
  expect(repositories[0]?.branches).not.toHaveProperty('no');
});

test('a token can not be given what the installation has not', async () => {
  await expect(narrowed({ permissions: { workflows: 'write' } })).rejects.toMatchObject({ status: 422 });
  await expect(narrowed({ repositories: ['missing'] })).rejects.toMatchObject({ status: 422 });
});

test('pull request permission is enough to comment on a pull request and not on an issue', async () => {
  await world.control.pushCommit({ as: 'alice', repository, branch: 'topic', message: 'Topic', files: { b: 'b\n' } });
  const pull = await world.control.openPull({ as: 'alice', repository, title: 'Topic', head: 'topic' });
  const octokit = world.as(await narrowed({ permissions: { pull_requests: 'write' } }));
  const on = (issue_number: number) => octokit.rest.issues.createComment({ ...here, issue_number, body: 'hello' });
  await expect(on(pull.number)).resolves.toMatchObject({ status: 201 });
  await expect(on(number)).rejects.toMatchObject({ status: 403 });
});

test('an App without the workflows permission cannot push workflow files', async () => {
  const token = await narrowed({ permissions: { contents: 'write' } });
  await world.git(['clone', '-q', url(), 'workflow'], token);
  const file = ['-C', 'workflow'];
  await mkdir(join(world.folder, 'workflow/.github/workflows'), { recursive: true });
  await writeFile(join(world.folder, 'workflow/.github/workflows/ci.yml'), 'on: push\n');
  await world.git([...file, 'add', '.']);
  await world.git([...file, 'commit', '-q', '-m', 'Workflow']);
  const refused = await world.git([...file, 'push', 'origin', 'HEAD:refs/heads/ci'], token);
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('without workflows permission') });
});

test('an expired token is bad credentials everywhere', async () => {
  const token = await narrowed({});
  await world.control.moveClock({ byMs: 3_599_000 });
  await expect(world.as(token).rest.repos.get(here)).resolves.toMatchObject({ status: 200 });
  await world.control.moveClock({ byMs: 2_000 });
  await expect(world.as(token).rest.repos.get(here)).rejects.toMatchObject({ status: 401 });
  expect(await world.git(['ls-remote', url()], token)).toMatchObject({ code: 128 });
  const fresh = await narrowed({});
  await world.control.expireTokens();
  await expect(world.as(fresh).rest.repos.get(here)).rejects.toMatchObject({ status: 401 });
});

test('an App proves itself with its own key only', async () => {
  const other = await world.control.createApp({ name: 'Another' });
  await expect(world.asApp.rest.apps.getAuthenticated()).resolves.toMatchObject({ data: { slug: 'gate-pilot' } });
  const impostor = new Octokit({
    baseUrl: `${world.apiUrl}/api/v3`,
    authStrategy: createAppAuth,
    auth: { appId: world.app.appId, privateKey: other.privateKey },
    log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
  });
  await expect(impostor.rest.apps.getAuthenticated()).rejects.toMatchObject({ status: 401 });
});

test('people may do what their role allows, and strangers see no private repository', async () => {
  const { control } = world;
  const reader = await control
    .createPerson({ login: 'reader', roles: { [repository]: 'read' } })
    .then(() => control.createToken({ login: 'reader' }));
  const writer = await control.createToken({ login: 'alice' });
  const stranger = await control.createToken({ login: 'stranger' });
  const label = { ...here, issue_number: number, labels: ['bug'] };
  await expect(world.as(reader.token).rest.issues.addLabels(label)).rejects.toMatchObject({ status: 403 });
  await expect(world.as(writer.token).rest.issues.addLabels(label)).resolves.toMatchObject({ status: 200 });
  await expect(world.as(stranger.token).rest.repos.get(here)).rejects.toMatchObject({ status: 404 });
  expect(await world.git(['ls-remote', url()], stranger.token)).toMatchObject({ code: 128 });
  expect(await world.git(['ls-remote', url()], reader.token)).toMatchObject({ code: 0 });
  await expect(control.label({ as: 'reader', repository, number, label: 'bug' })).rejects.toMatchObject({
    status: 403,
  });
  await expect(control.comment({ as: 'stranger', repository, number, body: 'hi' })).rejects.toMatchObject({
    status: 404,
  });
});

test('answers keep to GitHub’s shapes', async () => {
  expect(await world.readSchemaMistakes()).toEqual([]);
});
