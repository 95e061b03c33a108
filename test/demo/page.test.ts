import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAppAuth } from '@octokit/auth-app';
import { Octokit } from '@octokit/rest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { AppCreated } from '../../src/demo/github/action/setup-input.ts';
import { type StartedLocalGithub, startLocalGithub } from '../../src/demo/github/start-local-github.ts';

const repository = 'ada/widget';
const hostile = '"><img src=x onerror=alert(1)><script>alert(1)</script>';
const escaped = '&quot;&gt;&lt;img src=x onerror=alert(1)&gt;&lt;script&gt;alert(1)&lt;/script&gt;';

let folder = '';
let github: StartedLocalGithub;
let pull = { number: 0, headSha: '' };
let app: AppCreated;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'page-'));
  github = await startLocalGithub({ dataFolder: join(folder, 'github') });
  const { control } = github;
  const commits = [{ message: hostile, files: { 'add.js': 'export const add = (a, b) => a + b;\n' } }];
  await control.createRepository({ repository, source: { commits } });
  await control.createPerson({ login: 'grace', roles: { [repository]: 'write' } });
  await control.createPerson({ login: 'eve' });
  app = await control.createApp({ name: 'Gate' });
  const files = { 'add.js': `export const add = (a, b) => b + a; // ${hostile}\u202e\n`, 'new.js': '1\n' };
  await control.pushCommit({ as: 'grace', repository, branch: 'work', message: `Change\n\n${hostile}`, files });
  pull = await control.openPull({ as: 'grace', repository, title: hostile, body: hostile, head: 'work' });
});

afterAll(async () => {
  await github.stop();
  await rm(folder, { recursive: true, force: true });
});

describe('the pages', () => {
  it('show the repository', async () => {
    const page = await read('/ada/widget');
    expect(page).toContain('Recent commits');
    expect(page).toMatch(/<a class="plain" href="\/ada\/widget\/pull\/1">/);
    expect(page).toContain(`<span class="grow" dir="auto">work</span>`);
    expect(await read('/')).toContain('href="/ada/widget"');
  });

  it('show nothing hostile as markup, wherever it was written', async () => {
    const { control } = github;
    const issue = await control.openIssue({ as: 'eve', repository, title: hostile, body: hostile });
    await control.comment({
      as: 'eve',
      repository,
      number: issue.number,
      body: `${hostile}\n[x](javascript:alert(1))`,
    });
    await control.label({ as: 'ada', repository, number: issue.number, label: hostile.slice(0, 40) });
    await control.editIssue({ as: 'eve', repository, number: issue.number, title: `${hostile} again` });
    const comments = [{ path: 'add.js', line: 1, body: hostile }];
    await control.review({ as: 'ada', repository, number: pull.number, event: 'COMMENT', body: hostile, comments });
    await control.replyInThread({ as: 'eve', ...(await findThread()), body: hostile });
    const check = { repository, sha: pull.headSha, name: hostile, title: hostile, summary: hostile, text: hostile };
    await control.reportCheck({ ...check, conclusion: 'failure', detailsUrl: 'javascript:alert(1)' });
    const paths = [
      '/ada/widget',
      `/ada/widget/issues/${issue.number}`,
      ...['', '/commits', '/checks', '/files'].map((tab) => `/ada/widget/pull/${pull.number}${tab}`),
      `/ada/widget/commit/${pull.headSha}`,
    ];
    for (const path of paths) {
      const page = await read(path);
      expect(page, path).toContain(escaped.slice(0, 40));
      expect(page.match(/<(?:script|img)\b[^>]*>/g), path).toEqual(['<script src="/-/page.js" defer>']);
      expect(page, path).not.toContain('href="javascript:');
      expect(page, path).not.toMatch(/ style=| on[a-z]+=["']/);
    }
  });

  it('show a diff by lines, with hidden characters and review comments in it', async () => {
    const page = await read(`/ada/widget/pull/${pull.number}/files`);
    expect(page).toMatch(/<tr class="line-removed">[^§]*?1<\/td>[^§]*?export const add = \(a, b\) =&gt; a \+ b;<\/td>/);
    expect(page).toContain('<span class="hidden-character">U+202E</span>');
    expect(page).toMatch(/<tr class="line-comment">/);
    expect(page).toContain('2 changed files');
  });

  it('say why a pull request cannot be merged, and which checks are required', async () => {
    const { control } = github;
    await control.protectBranch({
      repository,
      branch: 'main',
      checks: [{ context: 'gate', appId: app.appId }, { context: 'lint' }],
    });
    await control.reportCheck({
      repository,
      sha: pull.headSha,
      name: 'lint',
      conclusion: 'success',
      title: 'All good',
    });
    const page = await read(`/ada/widget/pull/${pull.number}`);
    expect(page).toMatch(/data-check="gate" data-state="Expected, not reported yet">[^§]*?Required/);
    expect(page).toMatch(/data-check="lint" data-state="Successful">[^§]*?All good[^§]*?Required/);
    expect(page).toMatch(/Merging is blocked[^§]*?Required status check &quot;gate&quot; is expected/);
    expect(page).toMatch(/<button type="submit" class="button button-primary" disabled>Merge pull request/);
  });

  it('answer only to this machine, under a strict content policy', async () => {
    const response = await fetch(`${github.controlUrl}/ada/widget`);
    expect(response.headers.get('content-security-policy')).toBe(
      "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; " +
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    );
    const missing = await fetch(`${github.controlUrl}/ada/nothing`);
    expect([missing.status, missing.headers.has('content-security-policy')]).toEqual([404, true]);
    expect(await statusFor('rebound.example')).toBe(403);
    expect(await statusFor('localhost:1')).toBe(200);
  });
});

describe('a form', () => {
  it('acts as the chosen person and leads back', async () => {
    const { control } = github;
    const { number } = await control.openIssue({ as: 'eve', repository, title: 'Act on me' });
    const back = `/ada/widget/issues/${number}`;
    const on = { as: 'grace', repository, number: String(number), back };
    const answer = await submit('comment', { ...on, body: 'first line\r\nsecond *line*' });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, back]);
    await submit('label', { ...on, label: 'bug' });
    await submit('react', { ...on, content: 'rocket' });
    await submit('close', on);
    const issue = (await onlyRepository()).issues.find((candidate) => candidate.number === number);
    expect(issue).toMatchObject({ state: 'closed', labels: ['bug'], closedBy: 'grace' });
    expect(issue?.comments).toMatchObject([{ author: 'grace', body: 'first line\nsecond *line*' }]);
    expect(issue?.reactions).toEqual([{ user: 'grace', content: 'rocket' }]);
    const page = await read(back);
    expect(page).toContain('<p>first line<br>second <em>line</em></p>');
    expect(page).toMatch(/event-closed[^§]*?grace[^§]*?closed this/);
    await submit('unlabel', { ...on, label: 'bug' });
    await submit('reopen', on);
    expect((await onlyRepository()).issues.find((one) => one.number === number)).toMatchObject({
      state: 'open',
      labels: [],
    });
  });

  it('answers beside a line, in the thread alone', async () => {
    const { commentId } = await findThread();
    const path = `/ada/widget/pull/${pull.number}`;
    const before = (await read(path)).match(/<article /g)?.length;
    const on = { as: 'grace', repository, number: String(pull.number), commentId: String(commentId), back: path };
    expect((await submit('reply-in-thread', { ...on, body: 'So be it.' })).headers.get('location')).toBe(path);
    for (const shown of [path, `${path}/files`])
      expect(await read(shown)).toMatch(/class="review-answer"[^§]*?grace[^§]*?<p>So be it\.<\/p>/);
    expect((await read(path)).match(/<article /g)).toHaveLength(before ?? 0);
  });

  it('opens an issue, pushes a commit, opens and merges a pull request', async () => {
    const on = { as: 'ada', repository, back: '/ada/widget' };
    const opened = await submit('open-issue', { ...on, title: 'From the page', body: '' });
    expect(opened.headers.get('location')).toMatch(/^\/ada\/widget\/issues\/\d+$/);
    const file = { branch: 'topic', path: 'docs/a.md', content: 'one\r\ntwo\r\n', message: 'Add a page' };
    expect((await submit('push', { ...on, ...file })).status).toBe(303);
    expect(await github.control.readFile({ repository, ref: 'topic', path: 'docs/a.md' })).toBe('one\ntwo\n');
    await github.control.unprotectBranch({ repository, branch: 'main' });
    const made = await submit('open-pull', { ...on, head: 'topic', base: 'main', title: 'Topic', body: '' });
    const path = made.headers.get('location') ?? '';
    const number = path.split('/').at(-1) ?? '';
    expect(await read(path)).toContain('wants to merge 1 commit');
    expect((await submit('merge', { ...on, number, method: 'squash', back: path })).status).toBe(303);
    expect(await read(path)).toMatch(/Pull request merged[^§]*?by ada/);
  });

  it('clicks the button of a check and asks for a check again', async () => {
    const action = { label: 'Fix it', description: 'Lets somebody fix it', identifier: 'fix' };
    const checkRunId = await createCheckRun({ name: 'gate', head_sha: pull.headSha, actions: [action] });
    expect(await read(`/ada/widget/pull/${pull.number}/checks`)).toMatch(/title="Lets somebody fix it">Fix it</);
    const after = (await github.control.readState()).change;
    const on = { as: 'grace', repository, checkRunId: String(checkRunId), back: '/' };
    expect((await submit('check-action', { ...on, identifier: 'fix' })).status).toBe(303);
    expect((await submit('rerequest-check', on)).status).toBe(303);
    const { changes } = await github.control.readChanges({ after });
    const kinds = changes.filter((change) => change.actor === 'grace').map((change) => change.kind);
    expect(kinds).toEqual(['check_run.requested_action', 'check_run.rerequested']);
  });

  it('says what GitHub says when it refuses', async () => {
    const on = { as: 'eve', repository, number: String(pull.number), back: '/' };
    const answer = await submit('merge', { ...on, method: 'merge' });
    expect(answer.status).toBe(403);
    expect(await answer.text()).toMatch(/class="problem"[^>]*>[^<]*eve/);
    const empty = await submit('comment', { ...on, body: ' ' });
    expect([empty.status, (await empty.text()).includes('body: must not be empty')]).toEqual([422, true]);
    expect((await submit('no-such-form', on)).status).toBe(404);
  });

  it('is refused when it comes from elsewhere', async () => {
    const fields = { as: 'ada', repository, number: String(pull.number), body: 'forged', back: '/' };
    for (const origin of ['http://evil.example', 'http://127.0.0.1:1', 'null', null]) {
      expect((await submit('comment', fields, origin)).status).toBe(403);
    }
    expect(JSON.stringify(await onlyRepository())).not.toContain('forged');
  });

  it('leads nowhere else', async () => {
    const fields = { as: 'ada', repository, number: String(pull.number), body: 'hello' };
    for (const back of ['//evil.example/', 'http://evil.example/', '/\\evil.example', '']) {
      expect((await submit('comment', { ...fields, back })).headers.get('location')).toBe('/');
    }
  });

  it('remembers whom to act as', async () => {
    const origin = github.controlUrl;
    const body = new URLSearchParams({ actor: 'grace', back: '/ada/widget' });
    const answer = await fetch(`${origin}/-/actor`, { method: 'POST', body, headers: { origin }, redirect: 'manual' });
    const cookie = answer.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Strict/);
    const page = await (
      await fetch(`${origin}/ada/widget`, { headers: { cookie: cookie.split(';')[0] ?? '' } })
    ).text();
    expect(page).toContain('<input type="hidden" name="as" value="grace">');
    expect(page).toMatch(/<option value="grace" selected>/);
  });
});

describe('a page that is open', () => {
  it('is told when something can be seen, and not of requests', async () => {
    const { change } = await github.control.readState();
    const waiting = follow(change);
    const { number } = await github.control.openIssue({ as: 'ada', repository, title: 'New' });
    expect(await waiting).toMatchObject({ isVisible: true });
    const { last } = await github.control.readChanges({ after: 0 });
    const quiet = follow(last);
    await fetch(`${github.apiUrl}/api/v3/repos/${repository}/issues/${number}`);
    expect(await quiet).toMatchObject({ isVisible: false });
  });
});

/** What was said beside a line first. */
async function findThread() {
  const [open] = (await onlyRepository()).pulls.filter(({ number }) => number === pull.number);
  const commentId = open?.reviews.flatMap(({ comments }) => comments)[0]?.id ?? 0;
  return { repository, number: pull.number, commentId };
}

async function read(path: string): Promise<string> {
  const response = await fetch(`${github.controlUrl}${path}`, { redirect: 'manual' });
  expect([path, response.status]).toEqual([path, 200]);
  return response.text();
}

/** Null: no origin at all. */
function submit(verb: string, fields: Record<string, string>, origin: string | null = github.controlUrl) {
  const headers = origin === null ? {} : { origin };
  const body = new URLSearchParams(fields);
  return fetch(`${github.controlUrl}/-/do/${verb}`, { method: 'POST', body, headers, redirect: 'manual' });
}

/** What a request gets that names another host, which fetch does not allow. */
async function statusFor(host: string): Promise<number | undefined> {
  const [response] = await once(get(`${github.controlUrl}/ada/widget`, { headers: { host } }), 'response');
  response.resume();
  return response.statusCode;
}

async function follow(after: number): Promise<unknown> {
  return (await fetch(`${github.controlUrl}/-/changes?after=${after}`)).json();
}

/** As the App does it, over the API. */
async function createCheckRun(run: { name: string; head_sha: string; actions: readonly object[] }): Promise<number> {
  const { installationId } = await github.control.installApp({ appId: app.appId, repositories: [repository] });
  const baseUrl = `${github.apiUrl}/api/v3`;
  const auth = { appId: app.appId, privateKey: app.privateKey, installationId };
  const octokit = new Octokit({ baseUrl, authStrategy: createAppAuth, auth });
  const completed = { status: 'completed', conclusion: 'failure' };
  const route = 'POST /repos/ada/widget/check-runs';
  return z.object({ id: z.number() }).parse((await octokit.request(route, { ...run, ...completed })).data).id;
}

async function onlyRepository() {
  const [only] = (await github.control.readState()).repositories;
  if (only === undefined) throw new Error('there is no repository');
  return only;
}
