// What people said on a pull request, listed and reacted to by the product's own adapter on the local GitHub.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Repository } from '../../src/core/model/subject.ts';
import type { DeliveryLogPort } from '../../src/engine/port/delivery-log.ts';
import type { GitHubPort } from '../../src/engine/port/github.ts';
import { createGitHub } from '../../src/github/create-github.ts';
import { createDeliveryLog } from '../../src/github/delivery-api.ts';
import { openTopic } from '../demo/local-github-walk.ts';
import { repository as fullName, here, startWorld, type TestWorld } from '../demo/local-github-world.ts';

let world: TestWorld;
let github: GitHubPort;
let log: DeliveryLogPort;
let repository: Repository;
let number: number;
/** What alice said: in the conversation, and beside a line. */
let inConversation: number;
let besideLine: number;
beforeAll(async () => {
  world = await startWorld();
  const { appId, privateKey } = world.app;
  const identity = { appId, privateKey, apiUrl: `${world.apiUrl}/api/v3` };
  github = createGitHub({ ...identity, gitRoot: world.apiUrl });
  log = createDeliveryLog(identity);
  const { data } = await world.asBot.rest.repos.get(here);
  repository = { host: 'git.test', id: data.id, owner: 'acme', name: 'widget', installationId: world.installationId };
  const { number: opened, headSha } = await openTopic(world);
  number = opened;
  await github.createReview(repository, number, {
    headSha,
    body: 'See',
    remarks: [{ path: 'src/a.txt', line: 2, body: 'Why?' }],
  });
  const [remark] = await github.listReviewComments(repository, number);
  const as = { as: 'alice', repository: fullName, number };
  inConversation = (await world.control.comment({ ...as, body: '/pilot status' })).id;
  besideLine = (await world.control.replyInThread({ ...as, commentId: remark?.id ?? 0, body: '/pilot stop' })).id;
});
afterAll(() => world.stop());

it('lists what stands beside lines as such, and knows what is ours', async () => {
  const listed = await log.listLineComments(repository, number, 0);
  expect(listed.map(({ place, body, isOurs, isEdited }) => ({ place, body, isOurs, isEdited }))).toEqual([
    { place: 'line', body: 'Why?', isOurs: true, isEdited: false },
    { place: 'line', body: '/pilot stop', isOurs: false, isEdited: false },
  ]);
  expect(listed[1]).toMatchObject({ commentId: besideLine, actor: { login: 'alice', kind: 'person' } });
  expect(await log.listLineComments(repository, number, Date.now() + 60_000)).toEqual([]);
  expect((await log.listComments(repository, number, 0)).map(({ commentId }) => commentId)).toEqual([inConversation]);
});

it('lists both of a whole repository, each with its thread', async () => {
  const listed = await log.listRepositoryComments(repository, 0);
  expect(listed.filter(({ isOurs }) => !isOurs)).toMatchObject([
    { commentId: inConversation, thread: number, isPullRequest: true },
    { commentId: besideLine, place: 'line', thread: number, isPullRequest: true },
  ]);
});

it('reacts beside a line, and to nothing else of that number', async () => {
  const comment = { commentId: besideLine, place: 'line' } as const;
  await github.addReaction(repository, comment, 'eyes');
  await github.addReaction(repository, comment, '+1');
  const signs = await github.listReactions(repository, comment);
  expect(signs.map(({ content }) => content)).toEqual(['eyes', '+1']);
  await github.removeReaction(repository, comment, signs[0]?.id ?? 0);
  expect(await github.listReactions(repository, comment)).toMatchObject([{ content: '+1' }]);
  expect(await github.listReactions(repository, { commentId: besideLine })).toEqual([]);
  // Somebody has deleted it in between: there is nothing left to react to.
  await github.addReaction(repository, { commentId: 1, place: 'line' }, 'eyes');
});

it('is answered as GitHub’s schemas say', async () => {
  expect(await world.readSchemaMistakes()).toEqual([]);
});
