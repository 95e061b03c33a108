// Drafts, made and ended by the product's own adapter on the local GitHub.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Repository } from '../../src/core/model/subject.ts';
import type { GitHubPort } from '../../src/engine/port/github.ts';
import { createGitHub } from '../../src/github/create-github.ts';
import { openTopic } from '../demo/local-github-walk.ts';
import { repository as fullName, here, startWorld, type TestWorld } from '../demo/local-github-world.ts';

const readyRoute = 'POST /api/graphql#markPullRequestReadyForReview';

let world: TestWorld;
let github: GitHubPort;
let repository: Repository;
let number: number;

beforeAll(async () => {
  world = await startWorld();
  const { appId, privateKey } = world.app;
  github = createGitHub({ appId, privateKey, apiUrl: `${world.apiUrl}/api/v3`, gitRoot: world.apiUrl });
  const { data } = await world.asBot.rest.repos.get(here);
  ({ number } = await openTopic(world));
  repository = { host: 'git.test', id: data.id, owner: 'acme', name: 'widget', installationId: world.installationId };
});
afterAll(() => world.stop());

async function makeDraft(): Promise<void> {
  await world.control.setDraft({ as: 'alice', repository: fullName, number, draft: true });
}

it('marks one ready for review, also twice, and says so to whoever listens', async () => {
  await makeDraft();
  const { nodeId, isDraft } = await github.readPull(repository, number);
  expect(isDraft).toBe(true);
  await github.markReady(repository, nodeId);
  await github.markReady(repository, nodeId);
  expect(await github.readPull(repository, number)).toMatchObject({ isDraft: false });
  await world.webhook('pull_request.ready_for_review', ({ payload }) => payload.number === number);
});

it('does not take an answer that was lost for one that was refused', async () => {
  await makeDraft();
  const { nodeId } = await github.readPull(repository, number);
  await world.control.injectFault({ route: readyRoute, effect: { kind: 'bad_gateway', when: 'before' } });
  await expect(github.markReady(repository, nodeId)).rejects.toMatchObject({ retry: 'soon' });
  await expect(github.markReady(repository, 'PR_gone')).rejects.toMatchObject({ retry: 'soon' });
});
