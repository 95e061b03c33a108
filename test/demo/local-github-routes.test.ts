// Walks the routes of Apps, repositories and git, so that each answer is held to GitHub's schemas at least once.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isThreadRoute, openTopic, readUnusedRoutes } from './local-github-walk.ts';
import { here, owner, repository, startWorld, type TestWorld } from './local-github-world.ts';

let world: TestWorld;
let pullNumber: number;
let headSha: string;
beforeAll(async () => {
  world = await startWorld();
  ({ number: pullNumber, headSha } = await openTopic(world));
});
afterAll(() => world.stop());

test('apps, installations and users', async () => {
  const { rest } = world.asApp;
  const id = { installation_id: world.installationId };
  expect((await rest.apps.listInstallations()).data).toMatchObject([
    { id: world.installationId, account: { login: owner } },
  ]);
  expect((await rest.apps.getInstallation(id)).data.repository_selection).toBe('selected');
  expect((await rest.apps.getRepoInstallation(here)).data.id).toBe(world.installationId);
  expect((await rest.apps.getUserInstallation({ username: owner })).data.id).toBe(world.installationId);
  await rest.apps.getAuthenticated();
  expect((await rest.apps.getWebhookConfigForApp()).data.url).toContain('/hook');
  await world.control.pingApp({ appId: world.app.appId });
  await world.webhook('ping');
  await world.control.settleDeliveries({});
  const { data: deliveries } = await rest.apps.listWebhookDeliveries();
  const delivery_id = deliveries[0]?.id ?? 0;
  await rest.apps.getWebhookDelivery({ delivery_id });
  await rest.apps.redeliverWebhookDelivery({ delivery_id });
  await world.asBot.rest.apps.listReposAccessibleToInstallation();
  expect((await world.asBot.rest.users.getByUsername({ username: 'alice' })).data.name).toBe('Alice');
  const { token } = await world.control.createToken({ login: 'alice' });
  expect((await world.as(token).rest.users.getAuthenticated()).data.login).toBe('alice');
  expect((await world.asBot.rest.rateLimit.get()).data.rate.limit).toBe(5000);
});

test('an organisation’s installation and the App’s last days', async () => {
  const { control } = world;
  await control.createOrganization({ login: 'big-org' });
  await control.createRepository({
    repository: 'big-org/one',
    source: { commits: [{ message: 'x', files: { x: 'x' } }] },
  });
  const { installationId } = await control.installApp({ appId: world.app.appId, repositories: { allOf: 'big-org' } });
  const { data } = await world.asApp.rest.apps.getOrgInstallation({ org: 'big-org' });
  expect(data).toMatchObject({ id: installationId, repository_selection: 'all', target_type: 'Organization' });
  const created = await world.webhook(
    'installation.created',
    ({ payload }) => payload.installation.id === installationId,
  );
  expect(created.payload.organization.login).toBe('big-org');
  const options = { installation_id: installationId };
  const { token } = (await world.asApp.rest.apps.createInstallationAccessToken(options)).data;
  await world.as(token).rest.repos.get({ owner: 'big-org', repo: 'one' });
  await world.as(token).rest.apps.revokeInstallationAccessToken();
  await expect(world.as(token).rest.apps.listReposAccessibleToInstallation()).rejects.toMatchObject({ status: 401 });
  await world.asApp.rest.apps.deleteInstallation(options);
  await expect(world.asApp.rest.apps.getOrgInstallation({ org: 'big-org' })).rejects.toMatchObject({ status: 404 });
});

test('a manifest becomes an App, once', async () => {
  const manifest = {
    name: 'From Manifest',
    url: 'https://example.com',
    redirect_url: 'http://127.0.0.1:1/setup',
    hook_attributes: { url: 'http://127.0.0.1:1/hook' },
    default_permissions: { issues: 'write', checks: 'write' },
    default_events: ['issues', 'issue_comment'],
  };
  const response = await fetch(`${world.apiUrl}/settings/apps/new?state=abc`, {
    method: 'POST',
    body: new URLSearchParams({ manifest: JSON.stringify(manifest) }),
    redirect: 'manual',
  });
  const target = new URL(response.headers.get('location') ?? '');
  expect(target).toMatchObject({ host: '127.0.0.1:1', pathname: '/setup' });
  expect(target.searchParams.get('state')).toBe('abc');
  const code = target.searchParams.get('code') ?? '';
  const { data } = await world.as('').rest.apps.createFromManifest({ code });
  expect(data).toMatchObject({
    slug: 'from-manifest',
    events: ['issues', 'issue_comment'],
    webhook_secret: expect.any(String),
  });
  expect(data.pem).toMatch(/^-----BEGIN RSA PRIVATE KEY-----/);
  await expect(world.as('').rest.apps.createFromManifest({ code })).rejects.toMatchObject({ status: 404 });
  const page = `${world.apiUrl}/github-apps/from-manifest/installations/new`;
  expect(await (await fetch(page)).text()).toContain(repository);
  await fetch(page, { method: 'POST', body: new URLSearchParams({ repository }) });
  const { installations } = await world.control.readState();
  expect(installations.some(({ appId }) => appId === data.id)).toBe(true);
});

test('repositories, people and contents', async () => {
  const { rest } = world.asBot;
  const { data } = await rest.repos.get(here);
  expect((await world.asBot.request('GET /repositories/{id}', { id: data.id })).data.full_name).toBe(repository);
  await rest.repos.getCollaboratorPermissionLevel({ ...here, username: 'alice' });
  expect((await rest.repos.checkCollaborator({ ...here, username: 'alice' })).status).toBe(204);
  const { data: file } = await rest.repos.getContent({ ...here, path: 'src/b.txt', ref: 'topic/one' });
  expect(file).toMatchObject({ type: 'file', path: 'src/b.txt', content: 'Ygo=\n' });
  const raw = await rest.repos.getContent({ ...here, path: 'README.md', mediaType: { format: 'raw' } });
  expect(raw.data).toBe('hello\n');
  const { data: folder } = await rest.repos.getContent({ ...here, path: 'src' });
  expect(folder).toMatchObject([{ type: 'file', name: 'a.txt' }]);
  const { data: root } = await world.asBot.request('GET /repos/{owner}/{repo}/contents', here);
  expect(root).toMatchObject([{ name: 'README.md' }, { name: 'src', type: 'dir' }]);
  await expect(rest.repos.getContent({ ...here, path: '.github/gatepilot.yml' })).rejects.toMatchObject({
    status: 404,
  });
});

test('branches and what protects them', async () => {
  const { rest } = world.asBot;
  const at = { ...here, branch: 'main' };
  await expect(rest.repos.getBranchProtection(at)).rejects.toMatchObject({ status: 404 });
  const checks = [{ context: 'gatepilot/gate', appId: world.app.appId }];
  await world.control.protectBranch({ repository, branch: 'main', checks, strict: true, requiredApprovals: 1 });
  expect((await rest.repos.getBranchProtection(at)).data).toMatchObject({ enforce_admins: { enabled: true } });
  const { data: required } = await rest.repos.getStatusChecksProtection(at);
  expect(required).toMatchObject({ strict: true, checks: [{ context: 'gatepilot/gate', app_id: world.app.appId }] });
  expect((await rest.repos.getBranch(at)).data).toMatchObject({ protected: true });
  expect((await rest.repos.getBranchRules(at)).data).toEqual([]);
  await world.control.protectBranch({ repository, branch: 'main', checks, ruleset: true, requiredApprovals: 1 });
  await expect(rest.repos.getBranchProtection(at)).rejects.toMatchObject({ status: 404 });
  const { data: rules } = await rest.repos.getBranchRules(at);
  expect(rules.map(({ type }) => type)).toEqual([
    'deletion',
    'non_fast_forward',
    'required_status_checks',
    'pull_request',
  ]);
  await world.control.unprotectBranch({ repository, branch: 'main' });
  const { data: branches } = await rest.repos.listBranches(here);
  expect(branches.map(({ name }) => name)).toEqual(['main', 'topic/one']);
});

test('refs, trees, blobs and commits, all the way to a new branch', async () => {
  const { rest } = world.asBot;
  const { data: main } = await rest.git.getRef({ ...here, ref: 'heads/main' });
  const { data: base } = await rest.git.getCommit({ ...here, commit_sha: main.object.sha });
  const { data: blob } = await rest.git.createBlob({ ...here, content: 'new\n' });
  expect((await rest.git.getBlob({ ...here, file_sha: blob.sha })).data.size).toBe(4);
  const { data: tree } = await rest.git.createTree({
    ...here,
    base_tree: base.tree.sha,
    tree: [
      { path: 'new.txt', mode: '100644', type: 'blob', sha: blob.sha },
      { path: 'README.md', mode: '100644', type: 'blob', sha: null },
    ],
  });
  const { data: listed } = await rest.git.getTree({ ...here, tree_sha: tree.sha, recursive: '1' });
  expect(listed.tree.map(({ path }) => path)).toEqual(['new.txt', 'src', 'src/a.txt']);
  const commit = { ...here, message: 'By API', tree: tree.sha, parents: [main.object.sha] };
  const { data: made } = await rest.git.createCommit(commit);
  expect((await rest.git.createRef({ ...here, ref: 'refs/heads/api/one', sha: made.sha })).data.object.sha).toBe(
    made.sha,
  );
  await world.webhook('create', ({ payload }) => payload.ref === 'api/one');
  await expect(rest.git.createRef({ ...here, ref: 'refs/heads/api/one', sha: made.sha })).rejects.toMatchObject({
    status: 422,
  });
  const at = { ...here, ref: 'heads/api/one' };
  const { data: other } = await rest.git.createCommit({ ...commit, message: 'Beside' });
  await expect(rest.git.updateRef({ ...at, sha: other.sha })).rejects.toMatchObject({
    status: 422,
    message: expect.stringContaining('fast forward'),
  });
  await rest.git.updateRef({ ...at, sha: other.sha, force: true });
  expect((await rest.git.listMatchingRefs({ ...here, ref: 'heads/api' })).data).toHaveLength(1);
  await rest.git.deleteRef(at);
  await expect(rest.git.getRef(at)).rejects.toMatchObject({ status: 404 });
  await world.webhook('delete', ({ payload }) => payload.ref === 'api/one');
});

test('commits, comparisons and statuses', async () => {
  const { rest } = world.asBot;
  expect((await rest.repos.listCommits({ ...here, sha: 'topic/one' })).data).toHaveLength(2);
  const { data: commit } = await rest.repos.getCommit({ ...here, ref: 'topic/one' });
  expect(commit).toMatchObject({ sha: headSha, author: { login: 'alice' }, stats: { additions: 2, deletions: 1 } });
  const { data: compared } = await rest.repos.compareCommitsWithBasehead({ ...here, basehead: 'main...topic/one' });
  expect(compared).toMatchObject({
    status: 'ahead',
    total_commits: 1,
    files: [{ filename: 'src/a.txt' }, { filename: 'src/b.txt' }],
  });
  const diff = await rest.repos.compareCommitsWithBasehead({
    ...here,
    basehead: 'main...topic/one',
    mediaType: { format: 'diff' },
  });
  expect(diff.data).toContain('+2');
  const { data: pulls } = await rest.repos.listPullRequestsAssociatedWithCommit({ ...here, commit_sha: headSha });
  expect(pulls.map((pull) => pull.number)).toEqual([pullNumber]);
  const { token } = await world.control.createToken({ login: 'alice' });
  const status = { ...here, sha: headSha, context: 'legacy' };
  await world.as(token).rest.repos.createCommitStatus({ ...status, state: 'pending' });
  await world.as(token).rest.repos.createCommitStatus({ ...status, state: 'success' });
  expect((await rest.repos.getCombinedStatusForRef({ ...here, ref: headSha })).data).toMatchObject({
    state: 'success',
    total_count: 1,
  });
  expect((await rest.repos.listCommitStatusesForRef({ ...here, ref: headSha })).data).toHaveLength(2);
});

test('every route was used, and all that was answered and sent has GitHub’s shape', async () => {
  await world.control.settleDeliveries({});
  expect(await readUnusedRoutes(world, (route) => !isThreadRoute(route))).toEqual([]);
  const { requests } = await world.control.readState();
  const failed = requests.filter(({ status }) => (status ?? 0) >= 500);
  expect(failed.map(({ path, responseBody }) => [path, responseBody])).toEqual([]);
  expect(await world.readSchemaMistakes()).toEqual([]);
});
