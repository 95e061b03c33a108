// Threads of remarks, read and resolved by the product's own adapter on the local GitHub.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Repository } from '../../src/core/model/subject.ts';
import type { GitHubPort } from '../../src/engine/port/github.ts';
import { createGitHub } from '../../src/github/create-github.ts';
import { toThreadPage } from '../../src/github/threads-query.ts';
import { openTopic } from '../demo/local-github-walk.ts';
import { repository as fullName, here, startWorld, type TestWorld } from '../demo/local-github-world.ts';

const resolveRoute = 'POST /api/graphql#resolveReviewThread';

let world: TestWorld;
let github: GitHubPort;
let repository: Repository;
let number: number;
let headSha: string;

const open = ({ appId, privateKey }: { appId: number; privateKey: string }) =>
  createGitHub({ appId, privateKey, apiUrl: `${world.apiUrl}/api/v3`, gitRoot: world.apiUrl });

beforeAll(async () => {
  world = await startWorld();
  github = open(world.app);
  const { data } = await world.asBot.rest.repos.get(here);
  repository = { host: 'git.test', id: data.id, owner: 'acme', name: 'widget', installationId: world.installationId };
  ({ number, headSha } = await openTopic(world));
});
afterAll(() => world.stop());

async function remark(count: number): Promise<void> {
  const remarks = Array.from({ length: count }, (_, index) => ({ path: 'src/a.txt', line: 2, body: `Why ${index}?` }));
  await github.createReview(repository, number, { headSha, body: 'See', remarks });
}

const findResolver = async (commentId: number) =>
  (await world.control.readState()).repositories
    .flatMap(({ pulls }) => pulls.flatMap(({ reviews }) => reviews.flatMap(({ comments }) => comments)))
    .find(({ id }) => id === commentId)?.resolvedBy;

async function openThread() {
  await remark(1);
  const threads = await github.listReviewThreads(repository, number);
  const thread = threads.at(-1);
  if (!thread) throw new Error('there is no thread');
  return thread;
}

const isResolved = async (id: string) =>
  (await github.listReviewThreads(repository, number)).find((one) => one.id === id)?.isResolved;

it('lists the threads by the remarks that they began with, page by page', async () => {
  await remark(205);
  const threads = await github.listReviewThreads(repository, number);
  const comments = await github.listReviewComments(repository, number);
  expect(threads.map(({ commentId }) => commentId)).toEqual(comments.map(({ id }) => id));
  expect(new Set(threads.map(({ id }) => id)).size).toBe(205);
  expect(threads.every((thread) => !thread.isResolved)).toBe(true);
});

it('resolves the one that it is asked to, as our App, also twice', async () => {
  const { id, commentId } = await openThread();
  await github.resolveReviewThread(repository, id);
  await github.resolveReviewThread(repository, id);
  expect(await findResolver(commentId)).toBe('gate-pilot[bot]');
  const resolved = (await github.listReviewThreads(repository, number)).filter((thread) => thread.isResolved);
  expect(resolved.map((thread) => thread.id)).toEqual([id]);
});

it('tells an answer from a remark that nobody answered', async () => {
  const { id, commentId, isAnswered } = await openThread();
  expect(isAnswered).toBe(false);
  const on = { repository: fullName, number, commentId, as: 'alice' };
  const { id: answer } = await world.control.replyInThread({ ...on, body: 'I do not think so.' });
  const threads = await github.listReviewThreads(repository, number);
  expect(threads.find((one) => one.id === id)).toMatchObject({ commentId, isAnswered: true });
  expect(threads.map((one) => one.commentId)).not.toContain(answer);
  const remarks = await github.listReviewComments(repository, number);
  expect(remarks.find((one) => one.id === answer)).toMatchObject({ isOurs: false, body: 'I do not think so.' });
});

it('opens again what it resolved, also twice, and knows what people resolved', async () => {
  const { id, commentId } = await openThread();
  const read = async () => (await github.listReviewThreads(repository, number)).find((one) => one.id === id);
  await github.resolveReviewThread(repository, id);
  expect(await read()).toMatchObject({ isResolved: true, isResolvedByUs: true });
  await github.unresolveReviewThread(repository, id);
  await github.unresolveReviewThread(repository, id);
  expect(await read()).toMatchObject({ isResolved: false, isResolvedByUs: false });
  const on = { repository: fullName, number, commentId, isResolved: true };
  await world.control.setThreadResolved({ ...on, as: 'alice' });
  expect(await read()).toMatchObject({ isResolved: true, isResolvedByUs: false });
});

it.each([
  [null, true],
  [{ login: 'gate-pilot' }, true],
  [{ login: 'gate-pilot[bot]' }, true],
  [{ login: 'alice' }, false],
  [{ login: 'other[bot]' }, false],
])('by whatever name GitHub calls an App that resolved a thread: %j', (resolvedBy, isResolvedByUs) => {
  const thread = { id: 'PRRT_1', isResolved: true, resolvedBy };
  const nodes = [{ ...thread, comments: { totalCount: 1, nodes: [{ fullDatabaseId: '7' }] } }];
  const reviewThreads = { pageInfo: { hasNextPage: false, endCursor: null }, nodes };
  const { threads } = toThreadPage({ repository: { pullRequest: { reviewThreads } } }, 'gate-pilot');
  expect(threads).toMatchObject([{ isResolved: true, isResolvedByUs }]);
});

it('is opened again by people, and shown folded for as long as it is resolved', async () => {
  const { id, commentId } = await openThread();
  await github.resolveReviewThread(repository, id);
  const read = async () => await (await fetch(`${world.controlUrl}/${fullName}/pull/${number}`)).text();
  expect(await read()).toContain(`id="thread-${commentId}" data-resolved`);
  const on = { repository: fullName, number, commentId, isResolved: false };
  await expect(world.control.setThreadResolved({ ...on, as: 'stranger' })).rejects.toMatchObject({ status: 404 });
  await world.control.setThreadResolved({ ...on, as: 'alice' });
  expect(await isResolved(id)).toBe(false);
  expect(await read()).not.toContain(`id="thread-${commentId}" data-resolved`);
});

describe('when GitHub says no', () => {
  it.each([
    ['before', false],
    ['after', true],
  ] as const)('a bad gateway %s the effect may be tried again', async (when, isDone) => {
    const { id } = await openThread();
    await world.control.injectFault({ route: resolveRoute, effect: { kind: 'bad_gateway', when } });
    await expect(github.resolveReviewThread(repository, id)).rejects.toMatchObject({ system: 'github', retry: 'soon' });
    expect(await isResolved(id)).toBe(isDone);
  });

  it('a limit says for how long', async () => {
    const { id } = await openThread();
    await world.control.injectFault({ route: resolveRoute, effect: { kind: 'rate_limit', retryAfterSeconds: 30 } });
    await expect(github.resolveReviewThread(repository, id)).rejects.toMatchObject({
      retry: { at: expect.any(Number) },
    });
  });

  it('a thread that is gone by now is looked for again', async () => {
    await expect(github.resolveReviewThread(repository, 'PRRT_gone')).rejects.toMatchObject({ retry: 'soon' });
  });

  it('a pull request that is not there stays so', async () => {
    await expect(github.listReviewThreads(repository, 4711)).rejects.toMatchObject({ retry: 'never' });
  });

  it.each(['contents', 'pull_requests'])('an App that may not write %s is refused for good', async (name) => {
    const { id } = await openThread();
    const permissions = { metadata: 'read', contents: 'write', pull_requests: 'write', [name]: 'read' } as const;
    const app = await world.control.createApp({ name: `Without ${name}`, permissions });
    const { installationId } = await world.control.installApp({ appId: app.appId, repositories: [fullName] });
    const other = { ...repository, installationId };
    await expect(open(app).resolveReviewThread(other, id)).rejects.toMatchObject({ retry: 'never' });
    expect(await isResolved(id)).toBe(false);
  });

  it('an App that does not have the repository learns of no thread', async () => {
    const { id } = await openThread();
    const source = { commits: [{ message: 'Begin', files: { a: 'a\n' } }] };
    const { id: elsewhere } = await world.control.createRepository({ repository: 'acme/else', source });
    const app = await world.control.createApp({ name: 'Elsewhere' });
    const { installationId } = await world.control.installApp({ appId: app.appId, repositories: ['acme/else'] });
    const other = { ...repository, id: elsewhere, installationId };
    await expect(open(app).resolveReviewThread(other, id)).rejects.toMatchObject({ retry: 'soon' });
    await expect(open(app).listReviewThreads(other, number)).rejects.toMatchObject({ retry: 'never' });
    expect(await isResolved(id)).toBe(false);
  });
});
