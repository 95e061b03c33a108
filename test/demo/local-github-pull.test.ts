import { afterAll, beforeAll, expect, test } from 'vitest';
import { type PullWorld, startPullWorld } from './local-github-pull-world.ts';
import { here, repository } from './local-github-world.ts';

let world: PullWorld;
beforeAll(async () => {
  world = await startPullWorld();
});
afterAll(() => world.stop());

test('a stale head is refused with 409 and the true one merges as a three-way merge', async () => {
  const pull = await world.openPull();
  await world.control.pushCommit({
    as: 'alice',
    repository,
    branch: 'main',
    message: 'Aside',
    files: { aside: 'x\n' },
  });
  const { sha } = await world.control.pushCommit({
    as: 'alice',
    repository,
    branch: pull.branch,
    message: 'More',
    files: { more: 'more\n' },
  });
  await expect(world.merge(pull.number, pull.headSha)).rejects.toMatchObject({ status: 409 });
  expect(await world.pullState(pull.number)).toMatchObject({ state: 'open', headSha: sha });
  const { data } = await world.merge(pull.number, sha);
  const { data: commit } = await world.asBot.rest.git.getCommit({ ...here, commit_sha: data.sha });
  expect(commit.parents[1]?.sha).toBe(sha);
  expect(await world.control.readFile({ repository, ref: 'main', path: 'aside' })).toBe('x\n');
  expect(await world.control.readFile({ repository, ref: 'main', path: 'more' })).toBe('more\n');
  await expect(world.merge(pull.number)).rejects.toMatchObject({ status: 405 });
});

test('a push is a synchronize with both commits, and moves the head', async () => {
  const pull = await world.openPull();
  const push = { as: 'alice', repository, branch: pull.branch, message: 'More', files: { 'sync.txt': '1\n' } };
  const { sha } = await world.control.pushCommit(push);
  const event = await world.webhook('pull_request.synchronize', ({ payload }) => payload.number === pull.number);
  expect(event.payload).toMatchObject({ before: pull.headSha, after: sha, pull_request: { head: { sha } } });
  const amended = await world.control.pushCommit({ ...push, from: 'main', force: true, message: 'Rewritten' });
  await world.webhook('pull_request.synchronize', ({ payload }) => payload.after === amended.sha);
  await world.webhook('push', ({ payload }) => payload.after === amended.sha && payload.forced === true);
  const kept = await world.git(
    ['ls-remote', `${world.apiUrl}/${repository}.git`, `refs/pull/${pull.number}/head`],
    await world.botToken(),
  );
  expect(kept.stdout.split('\t')[0]).toBe(amended.sha);
});

test('whether it merges is null at first, and a conflict is found and refused', async () => {
  const pull = await world.openPull({ files: { 'src/a.txt': 'one\nMINE\nthree\n' } });
  const get = async () => (await world.asBot.rest.pulls.get({ ...here, pull_number: pull.number })).data;
  expect(await get()).toMatchObject({ mergeable: null, mergeable_state: 'unknown' });
  expect(await get()).toMatchObject({ mergeable: true, mergeable_state: 'clean' });
  const files = { 'src/a.txt': 'one\nTHEIRS\nthree\n' };
  await world.control.pushCommit({ as: 'alice', repository, branch: 'main', message: 'Theirs', files });
  expect(await get()).toMatchObject({ mergeable: null });
  expect(await get()).toMatchObject({ mergeable: false, mergeable_state: 'dirty' });
  await expect(world.merge(pull.number, pull.headSha)).rejects.toMatchObject({ status: 405 });
  expect(await world.control.readFile({ repository, ref: 'main', path: 'src/a.txt' })).toBe('one\nTHEIRS\nthree\n');
});

test('the reported base commit stays until the head moves', async () => {
  const pull = await world.openPull();
  const base = async () => (await world.asBot.rest.pulls.get({ ...here, pull_number: pull.number })).data.base.sha;
  const before = await base();
  const { sha } = await world.control.pushCommit({
    as: 'alice',
    repository,
    branch: 'main',
    message: 'On',
    files: { on: '1\n' },
  });
  expect(await base()).toBe(before);
  await world.control.pushCommit({
    as: 'alice',
    repository,
    branch: pull.branch,
    message: 'More',
    files: { 'm.txt': '1\n' },
  });
  expect(await base()).toBe(sha);
});

test('a head that reaches its base by hand is merged, and closes what it fixes', async () => {
  const issue = await world.control.openIssue({ as: 'alice', repository, title: 'Broken' });
  const pull = await world.openPull({ body: `Fixes #${issue.number}` });
  const { token } = await world.control.createToken({ login: 'alice' });
  await world.git(['clone', '-q', `${world.apiUrl}/${repository}.git`, 'by-hand'], token);
  await world.git(['-C', 'by-hand', 'merge', '-q', '--no-ff', `origin/${pull.branch}`, '-m', 'By hand']);
  expect(await world.git(['-C', 'by-hand', 'push', '-q', 'origin', 'HEAD:main'], token)).toMatchObject({ code: 0 });
  expect(await world.pullState(pull.number)).toMatchObject({ state: 'closed', merged: { by: 'alice' } });
  await world.webhook('issues.closed', ({ payload }) => payload.issue.number === issue.number);
});

test('a pull request needs a head, a base, a difference, and no twin', async () => {
  const pull = await world.openPull();
  const create = (head: string, base = 'main') => world.asBot.rest.pulls.create({ ...here, title: 'x', head, base });
  await expect(create('missing')).rejects.toMatchObject({ status: 422 });
  await expect(create(pull.branch, 'missing')).rejects.toMatchObject({ status: 422 });
  await expect(create('main')).rejects.toMatchObject({
    status: 422,
    message: expect.stringContaining('No commits between'),
  });
  await expect(create(pull.branch)).rejects.toMatchObject({
    status: 422,
    message: expect.stringContaining('already exists'),
  });
});

test('drafts do not merge, closed ones reopen while their branch lives, deleted branches close', async () => {
  const { control } = world;
  const pull = await world.openPull({ draft: true });
  const at = { as: 'alice', repository, number: pull.number };
  await expect(world.merge(pull.number)).rejects.toMatchObject({
    status: 405,
    message: expect.stringContaining('draft'),
  });
  await control.setDraft({ ...at, draft: false });
  await world.webhook('pull_request.ready_for_review');
  await control.closeIssue(at);
  await control.reopenIssue(at);
  await world.webhook('pull_request.reopened', ({ payload }) => payload.number === pull.number);
  await control.deleteBranch({ as: 'alice', repository, branch: pull.branch });
  expect(await world.pullState(pull.number)).toMatchObject({ state: 'closed', merged: null });
  await expect(control.reopenIssue(at)).rejects.toMatchObject({ status: 422 });
  expect(await world.pullState(pull.number)).toMatchObject({ headSha: pull.headSha });
});

test('a fork’s pull request follows the fork, and the App cannot push there', async () => {
  const { control } = world;
  await control.setPermission({ repository, login: 'stranger', role: 'read' });
  const fork = await control.forkRepository({ as: 'stranger', repository });
  const push = { as: 'stranger', repository: fork.fullName, branch: 'idea', message: 'Idea', files: { idea: '1\n' } };
  await control.pushCommit(push);
  const pull = await control.openPull({ as: 'stranger', repository, title: 'Idea', head: 'stranger:idea' });
  const { data } = await world.asBot.rest.pulls.get({ ...here, pull_number: pull.number });
  expect(data).toMatchObject({ head: { label: 'stranger:idea', repo: { fork: true, full_name: 'stranger/widget' } } });
  const { sha } = await control.pushCommit({ ...push, files: { idea: '2\n' } });
  await world.webhook('pull_request.synchronize', ({ payload }) => payload.after === sha);
  const check = { ...here, name: 'gatepilot/gate', head_sha: sha };
  expect((await world.asBot.rest.checks.create(check)).data.pull_requests).toEqual([]);
  const token = await world.botToken();
  await world.git(['clone', '-q', `${world.apiUrl}/${repository}.git`, 'to-fork'], token);
  const forkUrl = `${world.apiUrl}/${fork.fullName}.git`;
  const refused = await world.git(['-C', 'to-fork', 'push', forkUrl, 'HEAD:refs/heads/x'], token);
  expect(refused).toMatchObject({ code: 128, stderr: expect.stringMatching(/not found/i) });
  await expect(world.merge(pull.number, sha)).resolves.toMatchObject({ status: 200 });
});

test('diff, files, commits and filters agree with git', async () => {
  const pull = await world.openPull({ files: { 'src/a.txt': 'changed\n', 'new.txt': 'new\n' } });
  const at = { ...here, pull_number: pull.number };
  const { data: files } = await world.asBot.rest.pulls.listFiles(at);
  expect(files.map(({ filename, status }) => [filename, status])).toEqual([
    ['new.txt', 'added'],
    ['src/a.txt', 'modified'],
  ]);
  const { data: diff } = await world.asBot.rest.pulls.get({ ...at, mediaType: { format: 'diff' } });
  expect(diff).toContain('+changed');
  const { data: commits } = await world.asBot.rest.pulls.listCommits(at);
  expect(commits.map(({ sha }) => sha)).toEqual([pull.headSha]);
  const { data: found } = await world.asBot.rest.pulls.list({ ...here, head: `acme:${pull.branch}`, state: 'all' });
  expect(found.map(({ number }) => number)).toEqual([pull.number]);
  const compare = { ...here, basehead: `main...${pull.branch}` };
  expect((await world.asBot.rest.repos.compareCommitsWithBasehead(compare)).data).toMatchObject({
    ahead_by: 1,
    behind_by: 0,
  });
});

test('reviews: one’s own is not approved, comments need a line of the diff, an approval can be required', async () => {
  const pull = await world.openPull({ files: { 'src/a.txt': 'one\nTWO\nthree\n' } });
  const at = { ...here, pull_number: pull.number };
  const own = { as: 'alice', repository, number: pull.number, event: 'APPROVE' as const };
  await expect(world.control.review(own)).rejects.toMatchObject({ status: 422 });
  const comment = (line: number) => ({ path: 'src/a.txt', line, side: 'RIGHT', body: 'Why?' });
  const post = (line: number) =>
    world.asBot.rest.pulls.createReview({ ...at, event: 'COMMENT', body: 'See', comments: [comment(line)] });
  await expect(post(40)).rejects.toMatchObject({ status: 422 });
  await post(2);
  const submitted = await world.webhook('pull_request_review.submitted');
  expect(submitted.payload.review).toMatchObject({ state: 'commented', user: { login: 'gate-pilot[bot]' } });
  const { data: comments } = await world.asBot.rest.pulls.listReviewComments(at);
  expect(comments).toMatchObject([{ path: 'src/a.txt', line: 2, diff_hunk: expect.stringMatching(/\+TWO$/) }]);
  await world.control.protectBranch({ repository, branch: 'main', requiredApprovals: 1 });
  await expect(world.merge(pull.number)).rejects.toMatchObject({ status: 405 });
  await world.control.createPerson({ login: 'bob', roles: { [repository]: 'write' } });
  await world.control.review({ ...own, as: 'bob' });
  await expect(world.merge(pull.number)).resolves.toMatchObject({ status: 200 });
  await world.control.unprotectBranch({ repository, branch: 'main' });
});

test('answers and webhooks keep to GitHub’s shapes', async () => {
  await world.control.settleDeliveries({});
  expect(await world.readSchemaMistakes()).toEqual([]);
});
