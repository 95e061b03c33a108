// Walks the routes of issues, pull requests and checks, so that each answer is held to GitHub's schemas at least once.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isThreadRoute, openTopic, readUnusedRoutes } from './local-github-walk.ts';
import { here, repository, startWorld, type TestWorld } from './local-github-world.ts';

let world: TestWorld;
let number: number;
let pullNumber: number;
let headSha: string;
beforeAll(async () => {
  world = await startWorld();
  number = (await world.control.openIssue({ as: 'alice', repository, title: 'An issue', labels: ['bug'] })).number;
  ({ number: pullNumber, headSha } = await openTopic(world));
});
afterAll(() => world.stop());

test('issues, labels, comments, reactions and the timeline', async () => {
  const { rest } = world.asBot;
  const at = { ...here, issue_number: number };
  const { data: made } = await rest.issues.create({ ...here, title: 'By the bot', labels: ['bug'] });
  expect((await rest.issues.listForRepo({ ...here, labels: 'bug' })).data.map((one) => one.number)).toEqual([
    made.number,
    number,
  ]);
  await rest.issues.update({
    ...here,
    issue_number: made.number,
    state: 'closed',
    state_reason: 'not_planned',
    title: 'Renamed',
  });
  expect((await rest.issues.get({ ...here, issue_number: made.number })).data).toMatchObject({
    state_reason: 'not_planned',
    closed_by: { type: 'Bot' },
  });
  await rest.issues.createLabel({ ...here, name: 'pilot:hold', color: 'b60205' });
  await expect(rest.issues.createLabel({ ...here, name: 'PILOT:HOLD', color: 'b60205' })).rejects.toMatchObject({
    status: 422,
  });
  await rest.issues.updateLabel({ ...here, name: 'pilot:hold', description: 'Wait' });
  expect((await rest.issues.getLabel({ ...here, name: 'pilot:hold' })).data.description).toBe('Wait');
  expect((await rest.issues.listLabelsForRepo({ ...here, per_page: 100 })).data.length).toBe(10);
  await rest.issues.addLabels({ ...at, labels: ['pilot:hold', 'new one'] });
  await rest.issues.setLabels({ ...at, labels: ['pilot:hold'] });
  expect((await rest.issues.listLabelsOnIssue(at)).data.map(({ name }) => name)).toEqual(['pilot:hold']);
  await rest.issues.removeLabel({ ...at, name: 'pilot:hold' });
  await expect(rest.issues.removeLabel({ ...at, name: 'pilot:hold' })).rejects.toMatchObject({ status: 404 });
  await rest.issues.addLabels({ ...at, labels: ['pilot:hold'] });
  await rest.issues.removeAllLabels(at);
  await rest.issues.deleteLabel({ ...here, name: 'pilot:hold' });

  const { data: comment } = await rest.issues.createComment({ ...at, body: 'hello' });
  const on = { ...here, comment_id: comment.id };
  await rest.issues.updateComment({ ...on, body: 'better' });
  expect((await rest.issues.getComment(on)).data).toMatchObject({
    body: 'better',
    performed_via_github_app: { slug: 'gate-pilot' },
  });
  const { data: eyes } = await rest.reactions.createForIssueComment({ ...on, content: 'eyes' });
  expect((await rest.reactions.createForIssueComment({ ...on, content: 'eyes' })).status).toBe(200);
  expect((await rest.reactions.listForIssueComment(on)).data).toHaveLength(1);
  await rest.reactions.deleteForIssueComment({ ...on, reaction_id: eyes.id });
  const { data: rocket } = await rest.reactions.createForIssue({ ...at, content: 'rocket' });
  expect((await rest.reactions.listForIssue(at)).data).toHaveLength(1);
  await rest.reactions.deleteForIssue({ ...at, reaction_id: rocket.id });
  expect((await rest.issues.listCommentsForRepo(here)).data).toHaveLength(1);
  await expect(rest.issues.createComment({ ...at, body: 'x'.repeat(65_537) })).rejects.toMatchObject({ status: 422 });

  const { data: events } = await rest.issues.listEvents(at);
  expect(events.map(({ event }) => event)).toContain('labeled');
  expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
  const { data: timeline } = await rest.issues.listEventsForTimeline(at);
  expect(timeline.map(({ event }) => event)).toContain('commented');
  await rest.issues.listEventsForTimeline({ ...here, issue_number: pullNumber });
  await rest.issues.deleteComment(on);
  await expect(rest.issues.getComment(on)).rejects.toMatchObject({ status: 404 });
});

test('long lists come in pages that can be followed', async () => {
  const at = { ...here, issue_number: number };
  for (let count = 1; count <= 5; count += 1)
    await world.asBot.rest.issues.createComment({ ...at, body: `page ${count}` });
  const first = await world.asBot.rest.issues.listComments({ ...at, per_page: 2 });
  expect(first.headers.link).toMatch(/page=2>; rel="next".*page=3>; rel="last"/);
  const all = await world.asBot.paginate(world.asBot.rest.issues.listComments, { ...at, per_page: 2 });
  expect(all.map(({ body }) => body)).toEqual(['page 1', 'page 2', 'page 3', 'page 4', 'page 5']);
});

test('checks and pull requests', async () => {
  const { rest } = world.asBot;
  const at = { ...here, pull_number: pullNumber };
  const { data: check } = await rest.checks.create({ ...here, name: 'gate', head_sha: headSha });
  const run = { ...here, check_run_id: check.id };
  await rest.checks.update({ ...run, status: 'in_progress', output: { title: 't', summary: 's' } });
  await rest.checks.get(run);
  await rest.checks.listAnnotations(run);
  await rest.checks.rerequestRun(run);
  await rest.checks.listForRef({ ...here, ref: 'topic/one' });
  const { data: suites } = await rest.checks.listSuitesForRef({ ...here, ref: headSha });
  const suite = { ...here, check_suite_id: suites.check_suites[0]?.id ?? 0 };
  await rest.checks.getSuite(suite);
  await rest.checks.listForSuite(suite);
  await rest.checks.rerequestSuite(suite);

  await rest.pulls.update({ ...at, body: 'Described' });
  expect((await rest.pulls.list({ ...here, base: 'main' })).data).toHaveLength(1);
  const comments = [{ path: 'src/a.txt', line: 2, side: 'RIGHT', body: 'Why?' }];
  const { data: review } = await rest.pulls.createReview({ ...at, event: 'COMMENT', body: 'See', comments });
  const on = { ...at, review_id: review.id };
  expect((await rest.pulls.getReview(on)).data.body).toBe('See');
  expect((await rest.pulls.listCommentsForReview(on)).data).toHaveLength(1);
  expect((await rest.pulls.listReviews(at)).data).toHaveLength(1);
  const { data: remarks } = await rest.pulls.listReviewComments(at);
  const edited = { ...here, comment_id: remarks[0]?.id ?? 0, body: 'Because.' };
  expect((await rest.pulls.updateReviewComment(edited)).data.body).toBe('Because.');
  const answer = { as: 'alice', repository, number: pullNumber, commentId: edited.comment_id, body: 'I see.' };
  const { id } = await world.control.replyInThread(answer);
  // An answer to an answer is one to what the thread began with.
  await world.control.replyInThread({ ...answer, commentId: id, body: 'And thank you.' });
  const { data: thread } = await rest.pulls.listReviewComments(at);
  expect(thread.map((one) => [one.body, one.in_reply_to_id, one.path, one.line])).toEqual([
    ['Because.', undefined, 'src/a.txt', 2],
    ['I see.', edited.comment_id, 'src/a.txt', 2],
    ['And thank you.', edited.comment_id, 'src/a.txt', 2],
  ]);
  const newest = await rest.pulls.listReviewCommentsForRepo({ ...here, sort: 'created', direction: 'desc' });
  expect(newest.data.map(({ body }) => body)).toContain('I see.');
  const { data: none } = await rest.pulls.listReviewCommentsForRepo({ ...here, since: '2999-01-01T00:00:00Z' });
  expect([none, (await rest.pulls.listReviewComments({ ...at, since: '2999-01-01T00:00:00Z' })).data]).toEqual([
    [],
    [],
  ]);
  const onAnswer = { ...here, comment_id: id };
  const { data: eyes } = await rest.reactions.createForPullRequestReviewComment({ ...onAnswer, content: 'eyes' });
  expect((await rest.reactions.createForPullRequestReviewComment({ ...onAnswer, content: 'eyes' })).status).toBe(200);
  expect((await rest.reactions.listForPullRequestReviewComment(onAnswer)).data).toMatchObject([{ content: 'eyes' }]);
  expect((await rest.pulls.listReviewCommentsForRepo(here)).data[1]?.reactions).toMatchObject({ total_count: 1 });
  await rest.reactions.deleteForPullRequestComment({ ...onAnswer, reaction_id: eyes.id });
  const onNothing = { ...here, comment_id: 1, content: 'eyes' } as const;
  await expect(rest.reactions.createForPullRequestReviewComment(onNothing)).rejects.toMatchObject({ status: 404 });
  await rest.pulls.listFiles(at);
  await rest.pulls.listCommits(at);
  await rest.pulls.get(at);
  await expect(rest.pulls.checkIfMerged(at)).rejects.toMatchObject({ status: 404 });
  const { data: merged } = await rest.pulls.merge({ ...at, sha: headSha, merge_method: 'squash' });
  expect((await rest.pulls.checkIfMerged(at)).status).toBe(204);
  const { data: commit } = await rest.git.getCommit({ ...here, commit_sha: merged.sha });
  expect(commit).toMatchObject({ message: `Topic (#${pullNumber})`, parents: [expect.anything()] });
  const again = { ...here, title: 'x', head: 'topic/one', base: 'missing' };
  await expect(rest.pulls.create(again)).rejects.toMatchObject({ status: 422 });
});

test('every route was used, and all that was answered and sent has GitHub’s shape', async () => {
  await world.control.settleDeliveries({});
  expect(await readUnusedRoutes(world, isThreadRoute)).toEqual([]);
  const { requests } = await world.control.readState();
  const failed = requests.filter(({ status }) => (status ?? 0) >= 500);
  expect(failed.map(({ path, responseBody }) => [path, responseBody])).toEqual([]);
  expect(await world.readSchemaMistakes()).toEqual([]);
});
