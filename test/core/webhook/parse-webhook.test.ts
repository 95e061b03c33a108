// Which webhooks mean something, and what they mean. Whose thread an event belongs to is judged in test/intake too.
import { expect, it } from 'vitest';
import { parseWebhook } from '../../../src/webhook/parse-webhook.ts';
import type { ParsedWebhook } from '../../../src/webhook/parsed-webhook.ts';
import { hosts, readExamples } from '../../intake/examples.ts';
import {
  checkPayload,
  commentPayload,
  groupPayload,
  installationId,
  labelPayload,
  mona,
  otherBot,
  ourBot,
  pullPayload,
  pushPayload,
  reviewCommentPayload,
  reviewPayload,
  suitePayload,
} from '../../intake/payload.ts';

const appId = 4711;
const context = { host: 'github.com', appId, slug: 'gatepilot', deliveryId: 'guid' };
const parse = (name: string, payload: unknown) => parseWebhook(name, payload, context);
const place = { repositoryId: 10, number: 3 };
const comment = { ...place, commentId: 5, body: '/pilot run' };
const pull = { ...place, branch: 'feature' };

function eventOf(parsed: ParsedWebhook) {
  if (parsed.kind !== 'event') throw new Error(`not an event: ${JSON.stringify(parsed)}`);
  return parsed;
}

it.each<[string, string, unknown, object]>([
  [
    'a label of ours',
    'issues',
    labelPayload(place),
    { kind: 'labelled', label: 'pilot:run', isPullRequest: false, thread: 3 },
  ],
  [
    'a label of ours that is taken off',
    'issues',
    labelPayload({ ...place, action: 'unlabeled', label: 'Pilot:Hold' }),
    { kind: 'labelled', label: 'Pilot:Hold', isTakenOff: true },
  ],
  [
    'a closed issue',
    'issues',
    labelPayload({ ...place, action: 'closed' }),
    { kind: 'issue_closed', deliveryId: 'guid' },
  ],
  [
    'a comment with a slash',
    'issue_comment',
    commentPayload(comment),
    { kind: 'commented', commentId: 5, body: '/pilot run' },
  ],
  [
    'a comment with a mention',
    'issue_comment',
    commentPayload({ ...comment, body: 'Hi\n  @gatepilot run' }),
    { kind: 'commented' },
  ],
  [
    'a comment through another App',
    'issue_comment',
    commentPayload({ ...comment, viaAppId: 1 }),
    { kind: 'commented', actor: { login: 'mona' } },
  ],
  [
    'a command beside a line',
    'pull_request_review_comment',
    reviewCommentPayload({ ...comment, body: 'No.\n/pilot dismiss F-1 It is meant.' }),
    { kind: 'commented', commentId: 5, place: 'line', thread: 3, isPullRequest: true, title: 'A title' },
  ],
  [
    'a command in a review',
    'pull_request_review',
    reviewPayload(comment),
    { kind: 'commented', commentId: 5, place: 'review', body: '/pilot run', isPullRequest: true },
  ],
  [
    'a command of a bot, which the settings may name',
    'issue_comment',
    commentPayload({ ...comment, user: otherBot }),
    { kind: 'commented', actor: { login: otherBot.login, kind: 'bot' } },
  ],
  [
    'a label of ours on a pull request',
    'pull_request',
    pullPayload({ ...pull, action: 'labeled', label: 'pilot:run' }),
    { kind: 'labelled', isPullRequest: true },
  ],
  [
    'an opened pull request',
    'pull_request',
    pullPayload(pull),
    { kind: 'pull_request_changed', change: 'opened', merged: false },
  ],
  [
    'a pushed pull request',
    'pull_request',
    pullPayload({ ...pull, action: 'synchronize' }),
    { change: 'synchronize', headSha: 'a'.repeat(40), baseSha: 'b'.repeat(40) },
  ],
  ['a reopened pull request', 'pull_request', pullPayload({ ...pull, action: 'reopened' }), { change: 'reopened' }],
  ['an edited pull request', 'pull_request', pullPayload({ ...pull, action: 'edited' }), { change: 'edited' }],
  ['a closed pull request', 'pull_request', pullPayload({ ...pull, action: 'closed' }), { change: 'closed' }],
  [
    'a pull request that is a draft again',
    'pull_request',
    pullPayload({ ...pull, action: 'converted_to_draft' }),
    { change: 'edited', wasReady: true },
  ],
  [
    'a button',
    'check_run',
    checkPayload({ ...place, appId }),
    { kind: 'check_requested', request: { kind: 'button', identifier: 'stop' } },
  ],
  [
    'a re-run',
    'check_run',
    checkPayload({ ...place, appId, action: 'rerequested' }),
    { request: { kind: 'rerequested' } },
  ],
  [
    'a re-run of all our checks on a head of a run',
    'check_suite',
    suitePayload({ ...place, appId, action: 'rerequested' }),
    { kind: 'check_requested', request: { kind: 'rerequested' }, headSha: 'a'.repeat(40), actor: { login: 'mona' } },
  ],
  [
    'a re-run of all our checks on what a person made',
    'check_suite',
    suitePayload({ ...place, appId, action: 'rerequested', branch: 'mine', numbers: [3] }),
    { kind: 'check_requested', request: { kind: 'rerequested' } },
  ],
  [
    'checks of another App that are held back',
    'check_suite',
    suitePayload({ ...place, appId: 1, conclusion: 'action_required' }),
    { kind: 'suite_completed', headSha: 'a'.repeat(40), isHeld: true },
  ],
  [
    'checks of another App that name the branch by its pull request',
    'check_suite',
    suitePayload({ ...place, appId: 1, branch: null, pulls: ['gatepilot/3/r1'] }),
    { kind: 'suite_completed' },
  ],
  [
    'a workflow that is held back',
    'check_suite',
    suitePayload({ ...place, appId: 1, slug: 'github-actions', conclusion: 'action_required' }),
    { kind: 'suite_completed', isHeld: true, isWorkflow: true },
  ],
  ['checks of another App that ended', 'check_suite', suitePayload({ ...place, appId: 1 }), { isHeld: false }],
])('reads %s', (_name, name, payload, expected) => {
  const parsed = eventOf(parse(name, payload));
  expect(parsed.event).toMatchObject(expected);
  expect(parsed.subject).toBe('github.com/10/3');
  expect(parsed.repository).toEqual({ host: 'github.com', id: 10, owner: 'acme', name: 'world', installationId });
});

it.each<[string, 'labeled' | 'unlabeled', boolean]>([
  ['robo:run', 'labeled', false],
  ['Robo:Hold', 'labeled', false],
  ['robo:hold', 'unlabeled', true],
  ['robo:working', 'labeled', true],
])('keeps %s (%s), which may be ours by the settings', (name, action, isOnlyForKnown) => {
  const parsed = eventOf(parse('issues', labelPayload({ ...place, action, label: name })));
  expect(parsed).toMatchObject({ event: { kind: 'labelled', label: name }, isOnlyForKnown });
});

it.each<[string, string, unknown, string]>([
  [
    'a label whose word is none of ours',
    'issues',
    labelPayload({ ...place, label: 'robo:running' }),
    'no use for issues.labeled',
  ],
  ['another label', 'issues', labelPayload({ ...place, label: 'bug' }), 'no use for issues.labeled'],
  [
    'a label that only contains ours',
    'issues',
    labelPayload({ ...place, label: 'my pilot:run' }),
    'no use for issues.labeled',
  ],
  ['an opened issue', 'issues', labelPayload({ ...place, action: 'opened' }), 'no use for issues.opened'],
  [
    'an edited comment',
    'issue_comment',
    commentPayload({ ...comment, action: 'edited' }),
    'no use for issue_comment.edited',
  ],
  [
    'a comment of our own',
    'issue_comment',
    commentPayload({ ...comment, user: ourBot, viaAppId: appId }),
    'a comment of our own',
  ],
  [
    'a comment of ours that looks like a person',
    'issue_comment',
    commentPayload({ ...comment, viaAppId: appId }),
    'a comment of our own',
  ],
  [
    'a comment of our own beside a line, of which GitHub does not say by which App',
    'pull_request_review_comment',
    reviewCommentPayload({ ...comment, user: ourBot }),
    'a comment of our own',
  ],
  ['a review of our own', 'pull_request_review', reviewPayload({ ...comment, user: ourBot }), 'a comment of our own'],
  [
    'an edited comment beside a line',
    'pull_request_review_comment',
    reviewCommentPayload({ ...comment, action: 'edited' }),
    'no use for pull_request_review_comment.edited',
  ],
  [
    'an edited review',
    'pull_request_review',
    reviewPayload({ ...comment, action: 'edited' }),
    'no use for pull_request_review.edited',
  ],
  [
    'a review that says nothing besides its remarks',
    'pull_request_review',
    reviewPayload({ ...comment, body: null }),
    'a comment that does not address us',
  ],
  [
    'a comment beside a line whose author is gone',
    'pull_request_review_comment',
    reviewCommentPayload({ ...comment, user: null }),
    'a comment without an author',
  ],
  [
    'a comment of a bot that wants nothing of us',
    'issue_comment',
    commentPayload({ ...comment, user: otherBot, body: 'Bumps it.' }),
    'a comment that does not address us',
  ],
  ['a comment of nobody', 'issue_comment', commentPayload({ ...comment, user: null }), 'a comment without an author'],
  [
    'a comment to nobody',
    'issue_comment',
    commentPayload({ ...comment, body: 'a/b and c@d' }),
    'a comment that does not address us',
  ],
  [
    'another label on a pull request',
    'pull_request',
    pullPayload({ ...pull, action: 'labeled', label: 'bug' }),
    'no use for pull_request.labeled',
  ],
  [
    'a locked pull request',
    'pull_request',
    pullPayload({ ...pull, action: 'locked' }),
    'no use for pull_request.locked',
  ],
  ['a button of another App', 'check_run', checkPayload({ ...place, appId: 1 }), 'a check of another app'],
  [
    'our own new check',
    'check_run',
    checkPayload({ ...place, appId, action: 'created' }),
    'no use for check_run.created',
  ],
  [
    'a check of no thread',
    'check_run',
    checkPayload({ ...place, appId, externalId: 'observed:abc' }),
    'a check that belongs to no thread',
  ],
  ['our own checks', 'check_suite', suitePayload({ ...place, appId }), 'our own checks'],
  [
    'a re-run of checks of another App',
    'check_suite',
    suitePayload({ ...place, appId: 1, action: 'rerequested' }),
    'no use for check_suite.rerequested',
  ],
  [
    'a re-run of our checks on a head of no thread',
    'check_suite',
    suitePayload({ ...place, appId, action: 'rerequested', branch: 'mine' }),
    'a check that belongs to no thread',
  ],
  [
    'checks that are asked for',
    'check_suite',
    suitePayload({ ...place, appId: 1, action: 'requested' }),
    'no use for check_suite.requested',
  ],
  [
    'checks of people’s own branch',
    'check_suite',
    suitePayload({ ...place, appId: 1, branch: 'mine' }),
    'checks of a branch that no run made',
  ],
  ['what has no use here', 'star', {}, 'no use for "star"'],
  [
    'a merge group of a branch that names no pull request',
    'merge_group',
    groupPayload({ ...place, ref: 'refs/heads/gh-readonly-queue/main/pr-x' }),
    'a merge group whose branch names no pull request',
  ],
  [
    'a merge group without a commit',
    'merge_group',
    groupPayload({ ...place, head: 'main' }),
    'a merge group without the fields that matter',
  ],
  [
    'a merge group that is only looked at',
    'merge_group',
    groupPayload({ ...place, action: 'x' }),
    'no use for merge_group.x',
  ],
  ['a push without a commit', 'push', pushPayload({ ...place, after: null }), 'a push without the fields that matter'],
  ['a pushed tag', 'push', pushPayload({ ...place, ref: 'refs/tags/main' }), 'a push to no branch'],
  ['a deleted branch', 'push', pushPayload({ ...place, deleted: true }), 'a branch that was deleted'],
  [
    'an installation of nothing',
    'installation',
    { action: 'created' },
    'an installation event without its installation',
  ],
])('ignores %s and says why', (_name, name, payload, why) => {
  expect(parse(name, payload)).toEqual({ kind: 'ignored', why });
});

it.each([
  ['issues', labelPayload(place)],
  ['issue_comment', commentPayload(comment)],
  ['pull_request', pullPayload(pull)],
  ['check_run', checkPayload({ ...place, appId })],
] as const)('ignores %s where it lacks a field that matters, whichever it is', (name, payload) => {
  for (const field of ['action', 'repository', 'installation', 'sender']) {
    expect(parse(name, { ...payload, [field]: undefined }).kind).toBe('ignored');
    expect(parse(name, { ...payload, [field]: 5 }).kind).toBe('ignored');
  }
});

it('reads to where a branch was pushed, whatever its name holds', () => {
  const parsed = parse('push', pushPayload({ ...place, ref: 'refs/heads/release/refs/heads/2' }));
  expect(parsed).toMatchObject({
    kind: 'branch',
    repository: { host: 'github.com', id: 10 },
    branch: 'release/refs/heads/2',
    event: { kind: 'base_pushed', deliveryId: 'guid', branch: 'release/refs/heads/2', head: 'a'.repeat(40) },
  });
});

it('reads which commit a merge queue made, on what, and by which pull request, and what it is done with', () => {
  const head = 'a'.repeat(40);
  const base = 'b'.repeat(40);
  const subject = `github.com/10/group/${head}`;
  expect(parse('merge_group', groupPayload(place))).toMatchObject({
    subject,
    isOnlyForKnown: false,
    event: {
      kind: 'group_formed',
      head,
      base,
      branch: 'release/2',
      ref: `gh-readonly-queue/release/2/pr-104-${base}`,
      number: 104,
    },
  });
  expect(parse('merge_group', groupPayload({ ...place, action: 'destroyed' }))).toMatchObject({
    subject,
    isOnlyForKnown: true,
    event: { kind: 'group_destroyed', reason: 'dequeued' },
  });
});

it('reads a push that does not say who pushed: GitHub leaves that out of some', () => {
  const { sender: _, ...payload } = pushPayload(place);
  expect(parse('push', payload)).toMatchObject({ kind: 'branch', branch: 'main' });
});

it('takes a branch that is called like one of a run for that only where our own App opened it', () => {
  const named = { ...pull, branch: 'gatepilot/12/r1' };
  const subjectOf = (user: object, slug: string | undefined) =>
    eventOf(parseWebhook('pull_request', pullPayload({ ...named, user }), { ...context, slug })).subject;
  expect(subjectOf(ourBot, 'gatepilot')).toBe('github.com/10/12');
  expect(subjectOf(otherBot, 'gatepilot')).toBe('github.com/10/3');
  expect(subjectOf(mona, undefined)).toBe('github.com/10/3');
  // Before GitHub told how we are called, the run itself asks whose it is.
  expect(subjectOf(otherBot, undefined)).toBe('github.com/10/12');
});

it('knows which events start something new and which only matter to what is known', () => {
  const isOnlyForKnown = (name: string, payload: unknown) => eventOf(parse(name, payload)).isOnlyForKnown;
  expect(isOnlyForKnown('issues', labelPayload(place))).toBe(false);
  expect(isOnlyForKnown('issue_comment', commentPayload(comment))).toBe(false);
  expect(isOnlyForKnown('pull_request', pullPayload(pull))).toBe(false);
  expect(isOnlyForKnown('pull_request', pullPayload({ ...pull, action: 'synchronize' }))).toBe(false);
  expect(isOnlyForKnown('issues', labelPayload({ ...place, action: 'closed' }))).toBe(true);
  expect(isOnlyForKnown('pull_request', pullPayload({ ...pull, action: 'closed' }))).toBe(true);
  expect(isOnlyForKnown('pull_request', pullPayload({ ...pull, action: 'edited' }))).toBe(true);
  expect(isOnlyForKnown('check_run', checkPayload({ ...place, appId }))).toBe(true);
});

it('names the thread of a button by its check, or by the pull request when the check does not say', () => {
  const subjectOf = (externalId: string | null, pulls: number[]) =>
    eventOf(parse('check_run', checkPayload({ ...place, appId, externalId, pulls }))).subject;
  expect(subjectOf('12:r1:head:base', [])).toBe('github.com/10/12');
  expect(subjectOf('12:r1:head:base', [34])).toBe('github.com/10/12');
  expect(subjectOf(null, [34])).toBe('github.com/10/34');
  // A push from a fork is in no list. Those of an older version named none.
  expect(subjectOf(`observed:34:${'1'.repeat(40)}`, [])).toBe('github.com/10/34');
  expect(subjectOf(`observed:34:${'1'.repeat(40)}`, [35])).toBe('github.com/10/34');
  expect(subjectOf('observed:abc', [34])).toBe('github.com/10/34');
  expect(subjectOf(`observed:${'1'.repeat(40)}`, [34])).toBe('github.com/10/34');
  expect(subjectOf('observed:0:abc', [34])).toBe('github.com/10/34');
  expect(subjectOf('0:r1', [34])).toBe('github.com/10/34');
  expect(subjectOf('99999999999999999999999:r1', [34])).toBe('github.com/10/34');
});

it('never takes authority from the payload: a label by a bot is an event of a bot', () => {
  const payload = { ...labelPayload(place), sender: otherBot };
  expect(eventOf(parse('issues', payload)).event).toMatchObject({ actor: { kind: 'bot', login: 'renovate[bot]' } });
  expect(eventOf(parse('issues', { ...payload, sender: mona })).event).toMatchObject({ actor: { kind: 'person' } });
});

it('keeps the merge commit of a merged pull request only', () => {
  const merged = pullPayload({ ...pull, action: 'closed' });
  const commit = 'c'.repeat(40);
  const withMerge = (isMerged: boolean) => ({
    ...merged,
    pull_request: { ...merged.pull_request, merged: isMerged, merge_commit_sha: commit },
  });
  expect(eventOf(parse('pull_request', withMerge(true))).event).toMatchObject({ merged: true, mergeSha: commit });
  expect(eventOf(parse('pull_request', withMerge(false))).event).not.toHaveProperty('mergeSha');
});

it('reads what an installation is and which repositories come and go', () => {
  const parsed = readExamples()
    .filter(({ name }) => name.startsWith('installation'))
    .map(({ name, payload }) => parse(name, payload));
  expect(parsed.map(({ kind }) => kind)).toEqual(Array(10).fill('installation'));
  expect(parsed.flatMap((each) => (each.kind === 'installation' ? [each.change.action] : []))).toEqual([
    ...['deleted', 'created', 'created', 'deleted', 'new_permissions_accepted', 'suspend', 'unsuspend'],
    ...['added', 'added', 'removed'],
  ]);
});

it.each(hosts)('ignores or reads every payload that was collected from %s', (host) => {
  const examples = readExamples(host);
  expect(examples.length).toBeGreaterThan(40);
  for (const { name, payload } of examples)
    expect(['event', 'branch', 'ignored', 'installation']).toContain(parse(name, payload).kind);
});

it.each([
  ['line ends', '\n'],
  ['carriage returns', '\r'],
  ['tabs', '\t'],
  ['spaces and line ends', ' \n'],
  ['zero-width spaces', '\u200b'],
])('reads a comment of nothing but %s at once', (_name, filler) => {
  const body = `${filler.repeat(65_535 / filler.length)}x`;
  const startedAt = performance.now();
  expect(parse('issue_comment', commentPayload({ ...comment, body })).kind).toBe('ignored');
  // It takes milliseconds; a reader that tries every beginning again takes seconds to hours.
  expect(performance.now() - startedAt).toBeLessThan(1_000);
});

it('hears a mention by the name that the App has, and while nobody knows it by any', () => {
  const hears = (body: string, slug: string | undefined) =>
    parseWebhook('issue_comment', commentPayload({ ...comment, body }), { ...context, slug }).kind === 'event';
  expect(hears('@acme-gatepilot run', 'acme-gatepilot')).toBe(true);
  expect(hears('Hi\n\u200b@Acme-Gatepilot[bot], run', 'acme-gatepilot')).toBe(true);
  expect(hears('@gatepilot run', 'acme-gatepilot')).toBe(false);
  expect(hears('@acme-gatepilot-2 run', 'acme-gatepilot')).toBe(false);
  expect(hears('@acme-gatepilot run', undefined)).toBe(true);
  expect(hears('Thanks @acme-gatepilot', undefined)).toBe(false);
});
