// app.yml asks for exactly what is used: every event is read, and with any permission one step lower something fails
// that the bot needs. Tried with the product's own adapter against a GitHub that enforces permissions.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Repository } from '../../src/core/model/subject.ts';
import { type StartedLocalGithub, startLocalGithub } from '../../src/demo/github/start-local-github.ts';
import { ExternalError } from '../../src/engine/external-error.ts';
import type { GitHubPort } from '../../src/engine/port/github.ts';
import { createGitHub } from '../../src/github/create-github.ts';
import { parseWebhook } from '../../src/webhook/parse-webhook.ts';
import { readExamples } from '../intake/examples.ts';

const AppFile = z.object({
  default_permissions: z.record(z.string(), z.enum(['read', 'write'])),
  default_events: z.array(z.string()),
});
const app = AppFile.parse(parse(readFileSync(join(import.meta.dirname, '../../app.yml'), 'utf8')));

let folder: string;
let host: StartedLocalGithub;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gp-app-'));
  host = await startLocalGithub({ dataFolder: join(folder, 'github') });
  await host.control.createPerson({ login: 'mona' });
});
afterAll(async () => {
  await host.stop();
  rmSync(folder, { recursive: true });
});

it('subscribes to the events that are read, and to no other', () => {
  const known = new Set([...app.default_events, ...readExamples().map(({ name }) => name)]);
  const read = [...known].filter((name) => {
    const parsed = parseWebhook(name, {}, { host: 'github.com', appId: 1, deliveryId: 'guid' });
    return parsed.kind !== 'ignored' || parsed.why !== `no use for "${name}"`;
  });
  // GitHub sends what is about the installation itself to every App, asked for or not.
  const subscribed = read.filter((name) => name !== 'installation' && name !== 'installation_repositories');
  expect(app.default_events).toEqual(subscribed.toSorted());
});

interface Scene {
  readonly github: GitHubPort;
  readonly repository: Repository;
  readonly issue: number;
  readonly pull: number;
  readonly headSha: string;
  readonly commentId: number;
}

type Call = (scene: Scene) => Promise<unknown>;
type Calls = Omit<Record<keyof GitHubPort, Call>, 'toGitUrl'>;

const check = (headSha: string) => ({
  name: 'gatepilot/gate',
  headSha,
  externalId: '1:r1:head:base',
  state: { kind: 'queued' as const },
  title: 'Queued',
  summary: 'Queued',
  actions: [],
});

/** Every request that the adapter can make, once: a new method without a line here is a type error. */
const calls: Calls = {
  readSlug: ({ github }) => github.readSlug(),
  readPermission: ({ github, repository }) => github.readPermission(repository, 'mona'),
  readRepository: ({ github, repository }) => github.readRepository(repository),
  readBranch: ({ github, repository }) => github.readBranch(repository, 'main'),
  findSibling: ({ github, repository }) => github.findSibling(repository, '.github'),
  listBranches: ({ github, repository }) => github.listBranches(repository, 'ma'),
  readBranchRules: ({ github, repository }) => github.readBranchRules(repository, 'main'),
  readFile: ({ github, repository }) => github.readFile(repository, 'README.md', 'main'),
  listChanges: ({ github, repository }) => github.listChanges(repository, 'README.md', { from: 'main', limit: 5 }),
  readEdits: ({ github, repository }) => github.readEdits(repository, 1),
  listFolder: ({ github, repository }) => github.listFolder(repository, '', 'main'),
  readTree: ({ github, repository, headSha }) => github.readTree(repository, headSha),
  readEntry: ({ github, repository, headSha }) => github.readEntry(repository, 'README.md', headSha),
  createCommit: ({ github, repository, headSha }) =>
    github.createCommit(repository, {
      parent: headSha,
      message: 'Add a line',
      path: 'README.md',
      isExecutable: false,
      kept: '# World\n',
      added: 'More\n',
    }),
  moveBranch: ({ github, repository, headSha }) =>
    github.moveBranch(repository, { branch: 'another', from: undefined, to: headSha }),
  createGitToken: ({ github, repository }) => github.createGitToken(repository, 'write'),
  readThread: ({ github, repository, issue }) => github.readThread(repository, issue),
  listComments: ({ github, repository, issue }) => github.listComments(repository, issue),
  readComment: ({ github, repository, commentId }) => github.readComment(repository, commentId),
  createComment: ({ github, repository, issue }) => github.createComment(repository, issue, 'Hello'),
  updateComment: ({ github, repository, commentId }) => github.updateComment(repository, commentId, 'Hello again'),
  listReactions: ({ github, repository, commentId }) => github.listReactions(repository, { commentId }),
  addReaction: ({ github, repository, commentId }) => github.addReaction(repository, { commentId }, 'eyes'),
  removeReaction: async ({ github, repository, commentId }) => {
    const [reaction] = await github.listReactions(repository, { commentId });
    return await github.removeReaction(repository, { commentId }, reaction?.id ?? 1);
  },
  listLabels: ({ github, repository, issue }) => github.listLabels(repository, issue),
  addLabel: ({ github, repository, issue }) => github.addLabel(repository, issue, 'pilot:working'),
  removeLabel: ({ github, repository, issue }) => github.removeLabel(repository, issue, 'pilot:working'),
  deleteComment: ({ github, repository, commentId }) => github.deleteComment(repository, commentId),
  readPull: ({ github, repository, pull }) => github.readPull(repository, pull),
  listPullPaths: ({ github, repository, pull }) => github.listPullPaths(repository, pull),
  listOpenPulls: ({ github, repository }) => github.listOpenPulls(repository),
  listPullsOfHead: ({ github, repository, headSha }) => github.listPullsOfHead(repository, headSha),
  findPull: ({ github, repository }) => github.findPull(repository, 'feature'),
  createPull: ({ github, repository }) =>
    github.createPull(repository, { head: 'other', base: 'main', title: 'Other', body: '' }),
  listReviews: ({ github, repository, pull }) => github.listReviews(repository, pull),
  createReview: ({ github, repository, pull, headSha }) =>
    github.createReview(repository, pull, {
      headSha,
      body: 'Looked at',
      remarks: [{ path: 'feature.txt', line: 1, body: 'This' }],
    }),
  listReviewComments: ({ github, repository, pull }) => github.listReviewComments(repository, pull),
  updateReviewComment: async ({ github, repository, pull }) => {
    const [remark] = await github.listReviewComments(repository, pull);
    return await github.updateReviewComment(repository, remark?.id ?? 1, 'Mended');
  },
  listReviewThreads: ({ github, repository, pull }) => github.listReviewThreads(repository, pull),
  resolveReviewThread: async ({ github, repository, pull }) => {
    const [thread] = await github.listReviewThreads(repository, pull);
    return await github.resolveReviewThread(repository, thread?.id ?? 'PRRT_1');
  },
  unresolveReviewThread: async ({ github, repository, pull }) => {
    const [thread] = await github.listReviewThreads(repository, pull);
    return await github.unresolveReviewThread(repository, thread?.id ?? 'PRRT_1');
  },
  markReady: async ({ github, repository, pull }) => {
    const { nodeId } = await github.readPull(repository, pull);
    return await github.markReady(repository, nodeId);
  },
  updatePull: ({ github, repository, pull }) => github.updatePull(repository, pull, { body: 'More' }),
  listChecks: ({ github, repository, headSha }) => github.listChecks(repository, headSha),
  listFailedChecks: ({ github, repository, headSha }) => github.listFailedChecks(repository, headSha),
  listHeldCi: ({ github, repository, headSha }) => github.listHeldCi(repository, headSha),
  createCheck: ({ github, repository, headSha }) => github.createCheck(repository, check(headSha)),
  readCheck: async ({ github, repository, headSha }) => {
    const [known] = await github.listChecks(repository, headSha);
    return await github.readCheck(repository, known?.id ?? 1);
  },
  updateCheck: async ({ github, repository, headSha }) => {
    const [known] = await github.listChecks(repository, headSha);
    return await github.updateCheck(repository, known?.id ?? 1, check(headSha));
  },
  merge: async ({ github, repository, pull, headSha }) => {
    const answer = await github.merge(repository, pull, {
      sha: headSha,
      method: 'merge',
      title: 'Merge',
      message: '',
      timeoutMs: 10_000,
    });
    if (answer.kind !== 'merged') throw new Error(`the merge was ${JSON.stringify(answer)}`);
  },
};

let apps = 0;
/** A repository with an issue and a pull request, and an App with these permissions on it. */
async function openScene(permissions: Record<string, 'read' | 'write'>): Promise<Scene> {
  apps += 1;
  const { control } = host;
  const name = `world-${apps}`;
  const repository = `acme/${name}`;
  const files = { 'README.md': '# World\n' };
  const created = await control.createRepository({
    repository,
    isPrivate: true,
    source: { commits: [{ message: 'Start', files }] },
  });
  await control.setPermission({ repository, login: 'mona', role: 'write' });
  for (const branch of ['feature', 'other'])
    await control.pushCommit({
      as: 'mona',
      repository,
      branch,
      message: 'More',
      files: { [`${branch}.txt`]: 'more\n' },
    });
  const { number: issue } = await control.openIssue({ as: 'mona', repository, title: 'Do it' });
  const { id: commentId } = await control.comment({ as: 'mona', repository, number: issue, body: 'Please' });
  const pull = await control.openPull({ as: 'mona', repository, head: 'feature', base: 'main', title: 'More' });
  const { appId, privateKey } = await control.createApp({ name: `Gatepilot ${apps}`, permissions });
  const { installationId } = await control.installApp({ appId, repositories: [repository] });
  const root = `http://${host.host}`;
  return {
    github: createGitHub({ appId, privateKey, apiUrl: `${root}/api/v3`, gitRoot: root }),
    repository: { host: host.host, id: created.id, owner: 'acme', name, installationId },
    issue,
    commentId,
    pull: pull.number,
    headSha: pull.headSha,
  };
}

/** The calls that are refused to an App with these permissions. */
async function findRefused(permissions: Record<string, 'read' | 'write'>): Promise<string[]> {
  const scene = await openScene(permissions);
  const refused: string[] = [];
  for (const [name, call] of Object.entries(calls)) {
    try {
      await call(scene);
    } catch (error) {
      if (!(error instanceof ExternalError)) throw error;
      refused.push(name);
    }
  }
  return refused;
}

it('asks for enough: everything that the adapter can do is allowed', async () => {
  expect(await findRefused(app.default_permissions)).toEqual([]);
});

it.each([
  // The gate is a check run on the head.
  ['checks', ['createCheck', 'updateCheck']],
  // Branches of runs are pushed with a token for git, others are made of text, and a merge writes the base branch.
  // So does GitHub want it for resolving threads.
  [
    'contents',
    ['createCommit', 'moveBranch', 'createGitToken', 'resolveReviewThread', 'unresolveReviewThread', 'merge'],
  ],
  // The comment that tells, the reaction that answers and the label that shows the state.
  [
    'issues',
    ['createComment', 'updateComment', 'addReaction', 'removeReaction', 'addLabel', 'removeLabel', 'deleteComment'],
  ],
  // The pull request of a run is opened and its text kept up to date, and remarks stand beside its lines.
  [
    'pull_requests',
    [
      ...['createPull', 'createReview', 'updateReviewComment', 'resolveReviewThread', 'unresolveReviewThread'],
      ...['markReady', 'updatePull'],
    ],
  ],
])('needs to write %s, and not only to read it', async (name, refused) => {
  expect(app.default_permissions).toHaveProperty(name, 'write');
  expect(await findRefused({ ...app.default_permissions, [name]: 'read' })).toEqual(refused);
});

it('asks to read merge queues, without which GitHub tells nobody what they make', async () => {
  const heardBy = async (permissions: Record<string, 'read' | 'write'>) => {
    apps += 1;
    const repository = `acme/queue-${apps}`;
    const { control } = host;
    await control.createRepository({ repository, source: { commits: [{ message: 'Start', files: { a: 'a\n' } }] } });
    await control.setPermission({ repository, login: 'mona', role: 'write' });
    await control.protectBranch({ repository, branch: 'main', mergeQueue: true });
    const { appId } = await control.createApp({ name: `Queue ${apps}`, permissions, webhookUrl: 'http://127.0.0.1:9' });
    const { installationId } = await control.installApp({ appId, repositories: [repository] });
    const on = { as: 'mona', repository };
    await control.pushCommit({ ...on, branch: 'feature', message: 'More', files: { b: 'b\n' } });
    const { number } = await control.openPull({ ...on, head: 'feature', title: 'More' });
    await control.enqueuePull({ ...on, number });
    const deliveries = await control.readDeliveries({});
    return deliveries.some((one) => one.installationId === installationId && one.event === 'merge_group');
  };
  expect(await heardBy(app.default_permissions)).toBe(true);
  const { merge_queues: _, ...without } = app.default_permissions;
  expect(await heardBy(without)).toBe(false);
});

it('asks to read commit statuses, and does without where an older installation does not let it', async () => {
  const failedWith = async (permissions: Record<string, 'read' | 'write'>) => {
    const { github, repository, headSha } = await openScene(permissions);
    const { token } = await host.control.createToken({ login: 'mona' });
    const url = `http://${host.host}/api/v3/repos/acme/${repository.name}/statuses/${headSha}`;
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const report = async (context: string, state: string, description: string) => {
      const body = JSON.stringify({ context, state, description, target_url: 'https://ci.example/7' });
      expect((await fetch(url, { method: 'POST', headers, body })).status).toBe(201);
    };
    await report('ci/build', 'error', 'Never mind');
    await report('ci/build', 'success', 'Built');
    await report('ci/test', 'failure', '2 of 9 failed');
    await report('ci/lint', 'pending', 'Soon');
    return await github.listFailedChecks(repository, headSha);
  };
  const told = { app: 'commit status', name: 'ci/test', conclusion: 'failure', text: '', annotations: [] };
  expect(await failedWith(app.default_permissions)).toEqual([
    { ...told, title: '2 of 9 failed', summary: 'https://ci.example/7' },
  ]);
  const { statuses: _, ...without } = app.default_permissions;
  expect(await failedWith(without)).toEqual([]);
});

it('asks for nothing else: metadata, which GitHub gives to every App, and the six above', () => {
  expect(app.default_permissions).toEqual({
    checks: 'write',
    contents: 'write',
    issues: 'write',
    merge_queues: 'read',
    metadata: 'read',
    pull_requests: 'write',
    statuses: 'read',
  });
});
