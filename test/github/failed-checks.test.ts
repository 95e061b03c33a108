// What others report on a commit, as check runs and as commit statuses, read by the product's own adapter on the local GitHub.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Repository } from '../../src/core/model/subject.ts';
import type { GitHubPort } from '../../src/engine/port/github.ts';
import { createGitHub } from '../../src/github/create-github.ts';
import { repository as fullName, here, startWorld, type TestWorld } from '../demo/local-github-world.ts';

let world: TestWorld;
let github: GitHubPort;
let repository: Repository;
let report: (sha: string, context: string, state: State, more?: StatusText) => Promise<unknown>;

type State = 'error' | 'failure' | 'pending' | 'success';
interface StatusText {
  readonly description?: string;
  readonly target_url?: string;
}

beforeAll(async () => {
  world = await startWorld();
  const { appId, privateKey } = world.app;
  github = createGitHub({ appId, privateKey, apiUrl: `${world.apiUrl}/api/v3`, gitRoot: world.apiUrl });
  const { data } = await world.asBot.rest.repos.get(here);
  repository = { host: 'git.test', id: data.id, owner: 'acme', name: 'widget', installationId: world.installationId };
  const { token } = await world.control.createToken({ login: 'alice' });
  const alice = world.as(token);
  report = (sha, context, state, more = {}) =>
    alice.rest.repos.createCommitStatus({ ...here, sha, context, state, ...more });
});
afterAll(() => world.stop());

let commits = 0;
/** Checks stay with their commit: each test has its own. */
async function commit(): Promise<string> {
  commits += 1;
  const { sha } = await world.control.pushCommit({
    ...{ as: 'alice', repository: fullName, branch: `topic-${commits}`, from: 'main' },
    ...{ message: 'Change', files: { 'src/a.txt': `${commits}\n` } },
  });
  return sha;
}

const reportCheck = (sha: string, name: string, more: Partial<Parameters<typeof world.control.reportCheck>[0]>) =>
  world.control.reportCheck({ repository: fullName, sha, name, ...more });

async function listWithRequests(sha: string) {
  const before = (await world.control.readRequests({})).at(-1)?.index ?? 0;
  const failed = await github.listFailedChecks(repository, sha);
  const templates = (await world.control.readRequests({ after: before })).map(({ template }) => template);
  const count = (part: string) => templates.filter((template) => template?.endsWith(part)).length;
  return { failed, runs: count('/check-runs'), statuses: count('/status'), annotations: count('/annotations') };
}

it('tells what failed or ran into its limit, and nothing of ours, of what waits or of what passed', async () => {
  const sha = await commit();
  await reportCheck(sha, 'tests', { conclusion: 'failure', title: '1 of 3', summary: 'Sum', text: 'expected 4' });
  await reportCheck(sha, 'slow', { conclusion: 'timed_out' });
  await reportCheck(sha, 'lint', { conclusion: 'success' });
  await reportCheck(sha, 'stopped', { conclusion: 'cancelled' });
  await reportCheck(sha, 'deploy', { conclusion: 'action_required' });
  await reportCheck(sha, 'running', {});
  const own = { kind: 'completed', conclusion: 'failure' } as const;
  await github.createCheck(repository, {
    ...{ name: 'gatepilot/gate', headSha: sha, externalId: '1', state: own },
    ...{ title: 'Shut', summary: 'Shut', actions: [] },
  });
  const failed = await github.listFailedChecks(repository, sha);
  expect(failed.map(({ name }) => name).sort()).toEqual(['slow', 'tests']);
  expect(failed.find(({ name }) => name === 'tests')).toEqual({
    ...{ app: 'ci', name: 'tests', conclusion: 'failure', title: '1 of 3' },
    ...{ summary: 'Sum', text: 'expected 4', annotations: [] },
  });
});

it('tells the newest status of each context, as whoever set it has it', async () => {
  const sha = await commit();
  await report(sha, 'ci/build', 'failure', { description: 'Was red' });
  await report(sha, 'ci/build', 'success');
  await report(sha, 'ci/test', 'pending');
  await report(sha, 'ci/test', 'failure', { description: '2 of 9 failed', target_url: 'https://ci.example/7' });
  await report(sha, 'ci/agent', 'error');
  await report(sha, 'ci/lint', 'pending');
  const failed = await github.listFailedChecks(repository, sha);
  const none = { text: '', annotations: [] };
  expect([...failed].sort((one, other) => (one.name < other.name ? -1 : 1))).toEqual([
    { app: 'commit status', name: 'ci/agent', conclusion: 'error', title: '', summary: '', ...none },
    {
      ...{ app: 'commit status', name: 'ci/test', conclusion: 'failure' },
      ...{ title: '2 of 9 failed', summary: 'https://ci.example/7', ...none },
    },
  ]);
});

it('finds what is on a later page, of either kind, and asks for no page more', async () => {
  const sha = await commit();
  for (let index = 0; index < 204; index += 1) {
    const isLate = index % 101 === 100;
    await reportCheck(sha, `run ${index}`, { conclusion: isLate ? 'failure' : 'success' });
    await report(sha, `status ${index}`, isLate ? 'error' : 'success');
  }
  // Whatever order GitHub lists them in, each page but one has something red at its end, or its beginning.
  const { failed, runs, statuses } = await listWithRequests(sha);
  expect(failed.map(({ name }) => name).sort()).toEqual(['run 100', 'run 201', 'status 100', 'status 201']);
  expect([runs, statuses]).toEqual([3, 3]);
});

const at = (line: number, message: string) => ({ path: 'src/a.txt', line, message });

it('tells what stands beside lines, of what failed alone, and no more than can be used', async () => {
  const sha = await commit();
  const annotations = [at(1, 'expected 4'), at(3, '<!-- hidden --> got 5')];
  await reportCheck(sha, 'tests', { conclusion: 'failure', annotations });
  await reportCheck(sha, 'lint', { conclusion: 'success', annotations: [at(1, 'too long')] });
  await reportCheck(sha, 'build', { conclusion: 'failure' });
  const read = await listWithRequests(sha);
  expect(read.failed.find(({ name }) => name === 'tests')?.annotations).toEqual(annotations);
  expect(read.failed.find(({ name }) => name === 'build')?.annotations).toEqual([]);
  expect(read.annotations).toBe(1);

  const many = await commit();
  const long = Array.from({ length: 50 }, (_, index) => at(index + 1, `wrong ${index}`));
  for (let index = 0; index < 12; index += 1)
    await reportCheck(many, `shard ${index}`, { conclusion: 'failure', annotations: long });
  const bounded = await listWithRequests(many);
  expect(bounded.failed).toHaveLength(12);
  expect(bounded.annotations).toBe(10);
  expect(bounded.failed.map((one) => one.annotations.length)).toEqual([...Array(10).fill(30), 0, 0]);
});

it.each([
  'GET /repos/{owner}/{repo}/commits/{ref}/check-runs',
  'GET /repos/{owner}/{repo}/commits/{ref}/status',
  'GET /repos/{owner}/{repo}/check-runs/{check_run_id}/annotations',
])('is tried again where GitHub does not answer, and is never taken for green: %s', async (route) => {
  const sha = await commit();
  await reportCheck(sha, 'tests', { conclusion: 'failure', annotations: [at(1, 'no')] });
  await world.control.injectFault({ route, effect: { kind: 'bad_gateway', when: 'before' } });
  await expect(github.listFailedChecks(repository, sha)).rejects.toMatchObject({ system: 'github', retry: 'soon' });
});

it('was answered as GitHub publishes it', async () => {
  expect(await world.readSchemaMistakes()).toEqual([]);
});
