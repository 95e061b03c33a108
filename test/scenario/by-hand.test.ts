// People act by themselves: they merge, close and push without asking the bot, which looks at what happened and tells it.
import { afterAll, beforeAll, it } from 'vitest';
import { writer } from '../support/people.ts';
import { bash, done, filesWith, oneTask, simpleFiles } from '../support/plan.ts';
import { untilGone, untilStarted } from '../support/process.ts';
import { type SharedBot, shareBot } from '../support/share-bot.ts';
import { until } from '../support/until.ts';

let bot: SharedBot;
beforeAll(async () => {
  bot = await shareBot();
});
afterAll(() => bot.release());

it.concurrent('proves the tree of a merge that a person made through the open gate', async ({ expect }) => {
  const repository = await bot.createRepository({ name: 'hand-merge', files: simpleFiles, scenario: oneTask() });
  const { issue, pull, run } = await repository.makeReady('Do it');
  const { control } = bot.stack;
  const { sha } = await control.mergePull({ as: writer, repository: repository.fullName, number: pull.number });
  const merged = await issue.reaches('merged');
  await issue.isShown();
  const tree = run.verification?.key.tree ?? '';
  expect(merged.state).toMatchObject({ sha, tree, isProven: true, by: 'person' });
  for (const [sticky = ''] of [await issue.replies(), await pull.replies()]) {
    expect(sticky).toContain(`**Merged** as \`${sha}\`. The merged tree \`${tree}\` is the tree that was verified.`);
  }
  expect(await repository.mergeRequests()).toEqual([]);
  const after = await repository.read();
  expect(after.issues.find(({ number }) => number === issue.number)).toMatchObject({ state: 'closed', labels: [] });
});

it.concurrent('merges as one commit where the settings want that, and proves its tree', async ({ expect }) => {
  const files = filesWith({ check: 'true\n', policy: 'gate: { merge_method: squash }\n' });
  const repository = await bot.createRepository({ name: 'squashed', files, scenario: oneTask() });
  const { issue, pull, run } = await repository.makeReady('Do it');
  await pull.comment('/pilot merge');
  const tree = run.verification?.key.tree ?? '';
  expect((await issue.reaches('merged')).state).toMatchObject({ tree, isProven: true, by: 'gatepilot' });
});

it.concurrent('sounds the alarm when a person merges onto a base that nobody judged', async ({ expect }) => {
  const repository = await bot.createRepository({
    name: 'hand-merge-moved',
    files: simpleFiles,
    scenario: oneTask(),
    isProtected: false,
  });
  const { issue, pull, run } = await repository.makeReady('Do it');
  await repository.push('main', { 'neighbour.txt': 'somebody else\n' });
  const { control } = bot.stack;
  const { sha } = await control.mergePull({ as: writer, repository: repository.fullName, number: pull.number });
  const merged = await issue.reaches('merged');
  await issue.isShown();
  expect(merged.state).toMatchObject({ sha, isProven: false, by: 'person' });
  const [sticky = ''] = await pull.replies();
  expect(sticky).toContain(`**ALARM: merged as \`${sha}\``);
  expect(sticky).toContain(`is not the verified one** (\`${run.verification?.key.tree}\`)`);
});

it.concurrent('ends with a pull request that a person closed, and starts anew when asked', async ({ expect }) => {
  const repository = await bot.createRepository({ name: 'closed-pull', files: simpleFiles, scenario: oneTask() });
  const { issue, pull } = await repository.makeReady('Do it');
  await bot.stack.control.closeIssue({ as: writer, repository: repository.fullName, number: pull.number });
  expect((await issue.reaches('closed')).state).toMatchObject({ by: writer });
  await issue.isShown();
  expect((await repository.pull(pull.number)).checks).toMatchObject([{ conclusion: 'cancelled' }]);
  expect((await pull.replies())[0]).toContain('**Closed** by @\u200bmona.');
  expect(await issue.replies()).toHaveLength(1);

  const merge = await pull.comment('/pilot merge');
  expect(await pull.reactionsOn(merge)).toEqual(['confused']);
  await issue.comment('/pilot run');
  const again = await issue.reaches('ready');
  expect(again).toMatchObject({ id: 'r2', pullRequest: { branch: `gatepilot/${issue.number}/r2`, state: 'open' } });
  expect(again.pullRequest?.number).not.toBe(pull.number);
});

it.concurrent('stops when the issue is closed while an agent works', async ({ expect }) => {
  const marker = '6070.1';
  const repository = await bot.createRepository({
    name: 'closed-issue',
    files: simpleFiles,
    scenario: oneTask('one', bash(`sleep ${marker}`), done),
  });
  const issue = await repository.openIssue('Do it');
  const start = await issue.comment('/pilot run');
  await untilStarted(`sleep ${marker}`);
  await bot.stack.control.closeIssue({ as: writer, repository: repository.fullName, number: issue.number });
  await issue.reaches('stopping', 'stopped');
  expect(await untilGone(marker)).toBeLessThan(5_000);
  expect((await issue.reaches('stopped')).state).toMatchObject({ by: writer });
  await issue.isShown();
  expect(await issue.reactionsOn(start)).toEqual(['+1']);
  expect(await issue.replies()).toHaveLength(1);
  expect((await repository.read()).pulls).toEqual([]);
});

it.concurrent('leaves a ready pull request alone when its issue is closed, and when a stranger talks', async ({
  expect,
}) => {
  const repository = await bot.createRepository({ name: 'closed-ready', files: simpleFiles, scenario: oneTask() });
  const { issue, pull } = await repository.makeReady('Do it');
  const { control } = bot.stack;
  await control.closeIssue({ as: writer, repository: repository.fullName, number: issue.number });
  await control.comment({ as: 'otto', repository: repository.fullName, number: pull.number, body: 'Nice!' });
  await control.settleDeliveries({});
  await issue.isShown();
  expect((await issue.record())?.run?.state.kind).toBe('ready');
  expect(await repository.pull(pull.number)).toMatchObject({ blockedBy: [], checks: [{ conclusion: 'success' }] });
});

it.concurrent('says what became of a head that was force-pushed over its own', async ({ expect }) => {
  const repository = await bot.createRepository({ name: 'force-push', files: simpleFiles, scenario: oneTask() });
  const { issue, pull, branch } = await repository.makeReady('Do it');
  const { sha } = await bot.stack.control.pushCommit({
    as: writer,
    repository: repository.fullName,
    branch,
    from: 'main',
    force: true,
    message: 'Something else altogether',
    files: { 'other.txt': 'other\n', 'check.sh': 'echo pwned\n' },
  });
  expect((await issue.reaches('superseded')).state).toMatchObject({ head: sha });
  await issue.isShown();
  expect((await pull.replies())[0]).toContain(`**Superseded** by \`${sha}\``);
  const shown = await repository.pull(pull.number);
  expect(shown.checks).toMatchObject([{ name: 'gatepilot/gate', headSha: sha, conclusion: 'cancelled' }]);
  expect(shown.blockedBy).not.toEqual([]);
});

it.concurrent('goes on when somebody tidies up: a deleted command, a deleted comment of ours', async ({ expect }) => {
  const repository = await bot.createRepository({ name: 'tidy', files: simpleFiles, scenario: oneTask() });
  const issue = await repository.openIssue('Do it');
  const { control } = bot.stack;
  const remove = (commentId: number) =>
    control.deleteComment({ as: writer, repository: repository.fullName, commentId });
  await remove(await issue.comment('/pilot run'));
  const run = await issue.reaches('ready');
  await issue.isShown();
  const pull = repository.thread(run.pullRequest?.number ?? 0);
  expect([await issue.replies(), await pull.replies()].map((replies) => replies.length)).toEqual([1, 1]);

  const ours = [...(await repository.read()).issues, ...(await repository.read()).pulls].flatMap(
    ({ comments }) => comments,
  );
  for (const { id } of ours) await remove(id);
  expect(await pull.replies()).toEqual([]);
  await pull.comment('/pilot merge');
  await issue.reaches('merged');
  await issue.isShown();
  for (const replies of [await issue.replies(), await pull.replies()]) {
    expect(replies).toHaveLength(1);
    expect(replies[0]).toContain('**Merged** as');
  }
});

it.concurrent('ends with a branch that a person deleted', async ({ expect }) => {
  const repository = await bot.createRepository({ name: 'branch-gone', files: simpleFiles, scenario: oneTask() });
  const { issue, pull, branch } = await repository.makeReady('Do it');
  await bot.stack.control.deleteBranch({ as: writer, repository: repository.fullName, branch });
  expect((await issue.reaches('closed')).state).toMatchObject({ by: writer });
  await issue.isShown();
  expect((await pull.replies())[0]).toContain('**Closed** by @\u200bmona.');
  await issue.comment('/pilot run');
  expect((await issue.reaches('ready')).id).toBe('r2');
});

it.concurrent('takes a label off a pull request of its own as well, where the one that says how it stands stays, and answers there', async ({
  expect,
}) => {
  const repository = await bot.createRepository({ name: 'label-pull', files: simpleFiles, scenario: oneTask() });
  const { issue, pull } = await repository.makeReady('Do it');
  await pull.label('pilot:run');
  await until(async () => ((await issue.record())?.receipts.length === 2 ? true : undefined));
  await issue.isShown();
  expect((await repository.pull(pull.number)).labels).toEqual(['pilot:ready']);
  expect(await pull.replies()).toHaveLength(2);
  expect((await pull.replies())[1]).toMatch(/@mona Run r1 ended with pull request #2, which is open/);
  expect(await issue.replies()).toHaveLength(1);
});

it.concurrent('knows a pull request that is opened again, and lets nothing of a closed run through', async ({
  expect,
}) => {
  const repository = await bot.createRepository({ name: 'reopened', files: simpleFiles, scenario: oneTask() });
  const { issue, pull } = await repository.makeReady('Do it');
  const on = { as: writer, repository: repository.fullName, number: pull.number };
  await bot.stack.control.closeIssue(on);
  await issue.reaches('closed');
  await bot.stack.control.reopenIssue(on);
  await issue.reachesWhere(({ pullRequest }) => pullRequest?.state === 'open');
  await issue.isShown();
  expect((await repository.pull(pull.number)).checks).toMatchObject([{ conclusion: 'cancelled' }]);
  const merge = await pull.comment('/pilot merge');
  expect(await pull.reactionsOn(merge)).toEqual(['confused']);
  await issue.isShown();
  expect(await pull.answerTo(merge)).toMatch(
    /^@mona Not merged: The pull request was closed by @\u200bmona\. Nothing of it is verified any more: .+ a commit of its own/,
  );
  expect(await repository.mergeRequests()).toEqual([]);
});

it.concurrent('shuts the gate of a pull request that is opened again while the next run has its issue, and says what to do', async ({
  expect,
}) => {
  const repository = await bot.createRepository({ name: 'reopened-old', files: simpleFiles, scenario: oneTask() });
  const { issue, pull, branch } = await repository.makeReady('Do it');
  const on = { as: writer, repository: repository.fullName, number: pull.number };
  await bot.stack.control.closeIssue(on);
  await issue.reaches('closed');
  await issue.comment('/pilot run');
  await issue.reachesWhere(({ id, state }) => id === 'r2' && state.kind === 'ready');
  await issue.isShown();
  await bot.stack.control.reopenIssue(on);
  const head = await repository.push(branch, { 'more.txt': 'more\n' });
  const gate = await until(
    async () => (await repository.pull(pull.number)).checks.find(({ headSha }) => headSha === head),
    async () => JSON.stringify([await repository.pull(pull.number), await issue.log()]),
  );
  expect(gate).toMatchObject({ name: 'gatepilot/gate', conclusion: 'action_required' });
  expect(gate.summary).toContain('a commit of its own');
  const review = await pull.comment('/pilot review');
  expect(await pull.reactionsOn(review)).toEqual(['confused']);
  await issue.isShown();
  expect(await pull.answerTo(review)).toContain(`#${pull.number} is of a run that is over.`);
  expect((await issue.record())?.run).toMatchObject({ id: 'r2', state: { kind: 'ready' } });
});

it.concurrent('69 branch-freshness: the base that moved is brought in by one commit, verified, and merged as that', async ({
  expect,
}) => {
  const repository = await bot.createRepository({
    name: 'rebase',
    files: simpleFiles,
    scenario: oneTask(),
    isProtected: false,
  });
  const { issue, pull, run } = await repository.makeReady('Do it');
  const before = run.verification?.key.head;
  const base = await repository.push('main', { 'neighbour.txt': 'somebody else\n' });
  const asked = await pull.comment('/pilot rebase');
  expect(await pull.reactionsOn(asked)).toEqual(['+1']);
  const after = await issue.reaches('ready');
  await issue.isShown();
  const { headSha: head, state, checks, commits } = await repository.pull(pull.number);
  expect(head).not.toBe(before);
  expect(after.verification?.key).toMatchObject({ head, base });
  expect(after.base.sha).toBe(base);
  expect([state, checks]).toMatchObject(['open', [{ conclusion: 'success' }]]);
  // It continues what people saw by one commit.
  expect(commits.map(({ sha }) => sha).slice(-2)).toEqual([before, head]);
  await pull.comment('/pilot merge');
  expect((await issue.reaches('merged')).state).toMatchObject({ isProven: true, by: 'gatepilot' });
});

it.concurrent('70 conflict-scan: a conflict that somebody pushed unresolved shuts the gate and is told beside its line, once', async ({
  expect,
}) => {
  const repository = await bot.createRepository({ name: 'marked', files: simpleFiles, scenario: oneTask() });
  const { issue, pull, branch } = await repository.makeReady('Do it');
  const text = 'first\n<<<<<<< HEAD\nours\n=======\ntheirs\n>>>>>>> main\nlast\n';
  const pushed = await repository.push(branch, { 'notes.txt': text });
  await issue.reachesWhere(({ verification, state }) => verification?.key.head === pushed && state.kind === 'ready');
  await issue.isShown();
  const [check] = (await repository.pull(pull.number)).checks;
  expect(check).toMatchObject({
    conclusion: 'failure',
    annotations: [{ path: 'notes.txt', startLine: 2, level: 'failure' }],
  });
  expect(check?.summary).toContain('A conflict that is not resolved stands at line 2 of `notes.txt`.');
  const merge = await pull.comment('/pilot merge');
  expect(await pull.reactionsOn(merge)).toEqual(['confused']);
  expect((await repository.pull(pull.number)).checks[0]?.annotations).toHaveLength(1);

  const mended = await repository.push(branch, { 'notes.txt': 'first\nours and theirs\nlast\n' });
  await issue.reachesWhere(({ verification, state }) => verification?.key.head === mended && state.kind === 'ready');
  await issue.isShown();
  expect((await repository.pull(pull.number)).checks).toMatchObject([{ conclusion: 'success', annotations: [] }]);
});

it.concurrent('a label holds what is ready, and lets it go', async ({ expect }) => {
  const repository = await bot.createRepository({ name: 'held', files: simpleFiles, scenario: oneTask() });
  const { issue, pull } = await repository.makeReady('Do it');
  const { control } = bot.stack;
  const place = { as: writer, repository: repository.fullName, number: pull.number, label: 'pilot:hold' };
  const conclusion = async () => (await repository.pull(pull.number)).checks[0]?.conclusion;
  await pull.label('pilot:hold');
  await until(async () => ((await conclusion()) === 'action_required' ? true : undefined));
  const merge = await pull.comment('/pilot merge');
  expect(await pull.reactionsOn(merge)).toEqual(['confused']);
  // It says something for as long as it is on, so nobody takes it off but people.
  expect((await repository.read()).pulls[0]?.labels).toContain('pilot:hold');
  await control.unlabel(place);
  await until(async () => ((await conclusion()) === 'success' ? true : undefined));
  await pull.comment('/pilot merge');
  expect((await issue.reaches('merged')).state).toMatchObject({ isProven: true });
});

it.concurrent('a label holds what a person made, whoever opens another pull request with its head', async ({
  expect,
}) => {
  const repository = await bot.createRepository({ name: 'held-own', files: simpleFiles, scenario: oneTask() });
  const { control } = bot.stack;
  const on = { as: writer, repository: repository.fullName };
  await repository.push('mine', { 'mine.txt': 'mine\n' });
  const { number } = await control.openPull({ ...on, head: 'mine', base: 'main', title: 'Mine' });
  const own = repository.thread(number);
  const untilGate = async (conclusion: string) =>
    await until(
      async () => (await repository.pull(number)).checks.find((check) => check.conclusion === conclusion),
      async () => `the gate is to be ${conclusion}: ${JSON.stringify((await repository.pull(number)).checks)}`,
    );
  await untilGate('success');
  await own.label('pilot:hold');
  await untilGate('action_required');
  expect((await repository.pull(number)).blockedBy).not.toEqual([]);

  await control.pushCommit({ ...on, branch: 'release', from: 'main', message: 'Release', files: { 'r.txt': 'r\n' } });
  const other = await control.openPull({ ...on, head: 'mine', base: 'release', title: 'The same' });
  const thread = repository.thread(other.number);
  await until(async () => ((await thread.record())?.pull ? true : undefined));
  await thread.isShown();
  expect((await repository.pull(number)).checks).toMatchObject([{ conclusion: 'action_required' }]);
  await control.unlabel({ ...on, number, label: 'pilot:hold' });
  await untilGate('success');
});
