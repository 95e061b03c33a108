// What conflicts with a base that is brought in, through the whole bot: settled by an agent in a sandbox, or as people said.
import { afterAll, beforeAll, it } from 'vitest';
import type { Scenario, Step } from '../../src/demo/model/scenario.ts';
import { attempts, bash, done, filesWith, oneTask, say, simpleFiles, write } from '../support/plan.ts';
import { untilGone, untilStarted } from '../support/process.ts';
import { type SharedBot, shareBot } from '../support/share-bot.ts';

let bot: SharedBot;
beforeAll(async () => {
  bot = await shareBot();
});
afterAll(() => bot.release());

/** Takes git's marks away and keeps the lines of both sides. */
const keepBoth = bash("sed -i -E '/^(<{7}|={7}|>{7})/d' one.txt");

function repairing(...repair: readonly Step[]): Scenario {
  return { ...oneTask(), 'repair-base': attempts(repair) };
}

interface Played {
  readonly name: string;
  readonly scenario: Scenario;
  readonly policy?: string;
  /** What somebody merges into the base meanwhile. */
  readonly theirs?: string;
}

/** A pull request that is ready, and a base that has moved into a conflict with it. */
async function openConflict({ name, scenario, policy = '', theirs = 'somebody else\n' }: Played) {
  const files = policy === '' ? simpleFiles : filesWith({ check: 'true\n', policy });
  const repository = await bot.createRepository({ name, files, scenario, isProtected: false });
  const ready = await repository.makeReady('Do it');
  const head = ready.run.verification?.key.head ?? '';
  const base = await repository.push('main', { 'one.txt': theirs });
  const read = (commit: string, path = 'one.txt') => bot.readFile(repository.id, commit, path);
  return { repository, ...ready, head, base, read };
}

/** Nobody asked for the base to be brought in: the conflict shuts the gate until somebody does. */
const failed = ({ state }: { state: { kind: string } }) => state.kind === 'failed';

it.concurrent('a conflict with the base is settled by an agent, verified, pushed as one merge, and told on the pull request', async ({
  expect,
}) => {
  const settle = [keepBoth, write('left.orig', 'left over\n'), say('I kept both lines.')];
  const { repository, issue, pull, head, base, read } = await openConflict({
    name: 'settled',
    scenario: repairing(...settle),
  });
  await issue.reachesWhere(failed);
  const asked = await pull.comment('/pilot rebase');
  const run = await issue.reachesWhere(
    ({ state, verification }) => state.kind === 'ready' && verification?.key.base === base,
  );
  expect(await pull.reactionsOn(asked)).toEqual(['+1']);
  await issue.isShown();
  const { headSha, commits, checks, body } = await repository.pull(pull.number);
  expect(commits.map(({ sha }) => sha).slice(-2)).toEqual([head, headSha]);
  expect(commits.at(-1)?.message).toContain('An agent settled what conflicts.');
  expect(checks).toMatchObject([{ conclusion: 'success', headSha }]);
  expect(await read(headSha)).toBe('one\nsomebody else\n');
  await expect(read(headSha, 'left.orig')).rejects.toThrow();
  expect(body).toContain(
    `An agent settled what conflicted in \`${head.slice(0, 10)}\` with \`main\` at \`${base.slice(0, 10)}\`: \`one.txt\``,
  );
  expect(body).toContain('what it added besides was taken away: `left.orig`');
  expect(body).toContain('I kept both lines.');
  expect(body).toContain('-<<<<<<<');
  const [prompt = ''] = repository.calls('repair-base').map((call) => call.prompt);
  for (const words of ['+one', '+somebody else', 'Keep both']) expect(prompt).toContain(words);
  expect(run.resolutions).toMatchObject([{ by: { kind: 'agent', isAsked: true }, end: { kind: 'resolved' } }]);
  await pull.comment('/pilot merge');
  expect((await issue.reaches('merged')).state).toMatchObject({ isProven: true, by: 'gatepilot' });
});

it.concurrent('where the settings bring the base in by themselves, an agent settles what conflicts as well', async ({
  expect,
}) => {
  const { repository, issue, pull, head, base, read } = await openConflict({
    name: 'settled-by-itself',
    scenario: repairing(keepBoth, done),
    policy: 'gate: { base_moved: update }\n',
  });
  await issue.reachesWhere(({ state, verification }) => state.kind === 'ready' && verification?.key.base === base);
  await issue.isShown();
  const { headSha, commits } = await repository.pull(pull.number);
  expect(commits.map(({ sha }) => sha).slice(-2)).toEqual([head, headSha]);
  expect(await read(headSha)).toBe('one\nsomebody else\n');
});

it.concurrent('70 conflict-scan / 71 conflict-addressing: what no agent settled is listed, and people decide to the byte, whatever ends its lines', async ({
  expect,
}) => {
  const { repository, issue, pull, head, base, read } = await openConflict({
    name: 'decided',
    scenario: { ...oneTask('one', write('one.txt', 'a\r\nours\r\n'), done), 'repair-base': attempts([done]) },
    theirs: 'a\r\ntheirs \xe4\r\n',
  });
  await issue.reachesWhere(failed);
  const asked = await pull.comment('/pilot rebase');
  expect(await pull.reactionsOn(asked)).toEqual(['confused']);
  await issue.isShown();
  const told = await pull.replyTo(asked);
  expect(told).toContain(`Head \`${head}\` conflicts with \`main\` at \`${base}\` in \`one.txt\`; nothing was changed`);
  expect(told).toContain('`conflict://1` in `one.txt` line 2 (two sides)');
  expect((await repository.pull(pull.number)).headSha).toBe(head);

  const without = await pull.comment('/pilot resolve 1 base');
  expect(await pull.reactionsOn(without)).toEqual(['confused']);
  const decided = await pull.comment('/pilot resolve conflict://1 @both');
  expect(await pull.reactionsOn(decided)).toEqual(['+1']);
  await issue.reaches('ready');
  await issue.isShown();
  const { headSha, commits, body } = await repository.pull(pull.number);
  expect(commits.map(({ sha }) => sha).slice(-2)).toEqual([head, headSha]);
  // What somebody pushed is UTF-8, and nothing of it is touched.
  expect(await read(headSha)).toBe('a\r\nours\r\ntheirs \xc3\xa4\r\n');
  expect(body).toContain('@\u200bmona resolved what conflicted');
  expect(repository.calls('repair-base').length).toBeGreaterThan(0);
});

it.concurrent('72 content-anchored-splice: marks in the branch are decided about after lines were added above, and read again where they changed', async ({
  expect,
}) => {
  const repository = await bot.createRepository({ name: 'anchored', files: simpleFiles, scenario: oneTask() });
  const { issue, pull, branch } = await repository.makeReady('Do it');
  const block = (ours: string) => `<<<<<<< HEAD\n${ours}\n||||||| 1f2e3d4\nbefore\n=======\ntheirs\n>>>>>>> main\n`;
  const push = async (text: string) => {
    const sha = await repository.push(branch, { 'notes.txt': text });
    await issue.reachesWhere(({ state, verification }) => state.kind === 'ready' && verification?.key.head === sha);
  };
  const resolve = async (words: string) => {
    const comment = await pull.comment(`/pilot resolve ${words}`);
    return { reactions: await pull.reactionsOn(comment), comment };
  };
  await push(`${block('ours')}end\n`);
  await push(`new\nlines\nabove\n${block('changed')}end\n`);
  const gone = await resolve('1 ours');
  expect(gone.reactions).toEqual(['confused']);
  await issue.isShown();
  expect(await pull.answerTo(gone.comment)).toContain(
    'Please read it again. In conflict: `conflict://2` in `notes.txt` line 4',
  );
  await push(`more\nnew\nlines\nabove\n${block('changed')}end\n`);
  const { reactions } = await resolve('2 text\n```\nmine  \n```');
  expect(reactions).toEqual(['+1']);
  await issue.reachesWhere(({ state, conflicts }) => state.kind === 'ready' && conflicts === undefined);
  await issue.isShown();
  const { headSha, checks } = await repository.pull(pull.number);
  expect(await bot.readFile(repository.id, headSha, 'notes.txt')).toBe('more\nnew\nlines\nabove\nmine  \nend\n');
  expect(checks).toMatchObject([{ conclusion: 'success', annotations: [] }]);
});

it.concurrent('a push of somebody while an agent settles a conflict is what counts, and nothing of the agent is pushed', async ({
  expect,
}) => {
  const marker = '6071.1';
  const { repository, issue, pull, branch } = await openConflict({
    name: 'settled-late',
    scenario: repairing(bash(`sleep ${marker}`), keepBoth, done),
  });
  await issue.reachesWhere(failed);
  const asked = await pull.comment('/pilot rebase');
  await untilStarted(`sleep ${marker}`);
  const pushed = await repository.push(branch, { 'hand.txt': 'by hand\n' });
  expect(await untilGone(marker)).toBeLessThan(10_000);
  expect(await pull.reactionsOn(asked)).toEqual(['confused']);
  await issue.reachesWhere(failed);
  await issue.isShown();
  expect((await repository.pull(pull.number)).headSha).toBe(pushed);
});

it.concurrent('a stop ends an agent that settles a conflict, and the branch stays as it was', async ({ expect }) => {
  const marker = '6072.1';
  const { repository, issue, pull, head } = await openConflict({
    name: 'settled-stopped',
    scenario: repairing(bash(`sleep ${marker}`), keepBoth, done),
  });
  await issue.reachesWhere(failed);
  await pull.comment('/pilot rebase');
  await untilStarted(`sleep ${marker}`);
  await pull.comment('/pilot stop');
  expect(await untilGone(marker)).toBeLessThan(5_000);
  await issue.reaches('stopped');
  await issue.isShown();
  expect((await repository.pull(pull.number)).headSha).toBe(head);
});

it.concurrent('an agent that changes what has nothing to do with the conflict, or leaves a secret, is refused', async ({
  expect,
}) => {
  const outside = await openConflict({
    name: 'settled-outside',
    scenario: repairing(keepBoth, bash('echo "gate: { auto_merge: true }" >> .github/gatepilot.yml'), done),
  });
  const secret = await openConflict({
    name: 'settled-secret',
    scenario: repairing(write('one.txt', `ghp_${'a1B2'.repeat(9)}\n`), done),
  });
  for (const { issue, pull, repository, head } of [outside, secret]) {
    await issue.reachesWhere(failed);
    const asked = await pull.comment('/pilot rebase');
    expect(await pull.reactionsOn(asked)).toEqual(['confused']);
    await issue.isShown();
    expect((await repository.pull(pull.number)).headSha).toBe(head);
  }
  const causes = [outside, secret].map(async ({ issue }) => (await issue.record())?.run?.state);
  expect(await Promise.all(causes)).toMatchObject([
    { kind: 'failed', cause: { kind: 'conflict_unresolved', why: 'outside_scope' } },
    { kind: 'failed', cause: { kind: 'secret_found' } },
  ]);
});
