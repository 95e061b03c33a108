// What the bot proposes to a repository by itself: a first file with settings where there is none, and for the notes what
// runs observed. A person merges both.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isChoresId, toChoresId } from '../../src/core/model/subject.ts';
import type { PullSnapshot } from '../../src/demo/github/state/snapshot.ts';
import type { Scenario } from '../../src/demo/model/scenario.ts';
import { type Bot, startBot } from '../support/bot.ts';
import { holdWrite } from '../support/hold-write.ts';
import { writer } from '../support/people.ts';
import { attempts, done, filesWith, oneTask, planOf, task, write } from '../support/plan.ts';
import type { TestRepository } from '../support/repository.ts';
import { until } from '../support/until.ts';

let bot: Bot;
beforeAll(async () => {
  bot = await startBot({ env: { GATEPILOT_PROPOSE_SETTINGS: 'true' } });
});
afterAll(async () => {
  await bot.checkHonesty();
  await bot.stop();
});

const settings = 'gatepilot/settings';
const bare = {
  'README.md': '# Bare\n',
  'package.json': JSON.stringify({ scripts: { test: 'sh check.sh' } }),
  'check.sh': 'exit 0\n',
};

async function pullsFrom(repository: TestRepository, branch: RegExp | string): Promise<PullSnapshot[]> {
  const { pulls } = await repository.read();
  return pulls.filter(({ headRef }) => (typeof branch === 'string' ? headRef === branch : branch.test(headRef)));
}

/** A repository of an account of its own, on which the App is installed once it is there. */
async function install(name: string): Promise<{ repository: TestRepository; installationId: number }> {
  const { control, app } = bot.stack;
  await control.createOrganization({ login: `${name}-org` });
  const repository = await bot.createRepository({ name, owner: `${name}-org`, files: bare });
  const { installationId } = await control.installApp({ appId: app.appId, repositories: [repository.fullName] });
  return { repository, installationId };
}

/** Waits until everything that was heard about chores is settled, and gives what they came to. */
async function settled(repository: TestRepository) {
  await bot.stack.control.settleDeliveries({});
  const id = toChoresId({ host: bot.stack.github.host, id: repository.id });
  return await until(
    async () => {
      const { record, inbox, outbox } = await bot.store.loadChores(id);
      return record && inbox.length + outbox.length === 0 ? record : undefined;
    },
    async () => JSON.stringify([await bot.store.loadChores(id), await bot.store.readLog(id, 0)]),
  );
}

describe('a repository without settings', () => {
  it('is offered some by one pull request, whose gate says what holds for everybody else, and none when people closed it', async () => {
    const { control } = bot.stack;
    await control.duplicateNextDelivery({ event: 'installation' });
    const { repository, installationId } = await install('greeted');
    await settled(repository);
    const [pull, ...others] = await pullsFrom(repository, settings);
    expect(others).toEqual([]);
    expect(pull).toMatchObject({ state: 'open', author: 'gatepilot[bot]', baseRef: 'main', draft: false });
    expect(pull?.commits).toHaveLength(1);
    const on = { repository: repository.fullName };
    const text = await control.readFile({ ...on, ref: settings, path: '.github/gatepilot.yml' });
    expect(text).toContain('npm test');
    const number = pull?.number ?? 0;
    const check = await until(
      async () => (await repository.pull(number)).checks.find(({ conclusion }) => conclusion !== null),
      async () => 'the check of the pull request is not there',
    );
    expect(check).toMatchObject({ name: 'gatepilot/gate', conclusion: 'success' });
    expect(check.externalId).not.toContain('r1');

    await control.closeIssue({ as: writer, ...on, number });
    await control.deleteBranch({ as: writer, ...on, branch: settings });
    // A second trigger of each kind: a run that meets no settings, and an installation that is told of anew.
    repository.setScenario(oneTask());
    await repository.makeReady('Do it');
    await control.removeFromInstallation({ installationId, repository: repository.fullName });
    await control.addToInstallation({ installationId, repository: repository.fullName });
    expect((await settled(repository)).settings).toEqual({ kind: 'settled', pull: number });
    expect(await pullsFrom(repository, settings)).toHaveLength(1);
  });

  it('has one pull request where the worker dies between the branch and it', async () => {
    const { control } = bot.stack;
    const held = holdWrite(control, ({ path, method }) => method === 'POST' && path.endsWith('/git/refs'));
    const { repository } = await install('half-way');
    const drop = await held;
    await bot.stack.worker.kill('SIGKILL');
    await drop();
    expect(await pullsFrom(repository, settings)).toEqual([]);
    await bot.stack.restartWorker();
    expect((await settled(repository)).settings.kind).toBe('settled');
    expect(await pullsFrom(repository, settings)).toHaveLength(1);
  });

  it('of a large installation is left alone until somebody uses the bot there', async () => {
    const { control, app } = bot.stack;
    await control.createOrganization({ login: 'parasol' });
    const many: TestRepository[] = [];
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f'])
      many.push(await bot.createRepository({ name, owner: 'parasol', files: bare }));
    await control.installApp({ appId: app.appId, repositories: { allOf: 'parasol' } });
    await control.settleDeliveries({});
    const [first, ...others] = many as [TestRepository, ...TestRepository[]];
    first.setScenario(oneTask());
    await first.makeReady('Do it');
    await settled(first);
    expect(await pullsFrom(first, settings)).toHaveLength(1);
    for (const other of others) {
      expect((await other.read()).pulls).toEqual([]);
      // That somebody opens a pull request there is looked for everywhere, and nothing else is done.
      const records = await bot.store.listRecords(bot.stack.github.host, other.id);
      expect(records.filter((id) => !isChoresId(id))).toEqual([]);
    }
  });
});

describe('what runs observed', () => {
  const fact = (what: string) => `${what} is called otherwise here. @${writer} <b>#1</b>`;
  const failWhileBroken = 'if ls broken* >/dev/null 2>&1; then echo "FAIL: $(ls broken*)"; exit 1; fi\necho "ok"\n';
  const notes = 'NOTES.md';

  /** Its one task fails twice, and once more is tried with what the pilot saw in the log. */
  function learning(key: string): Scenario {
    const file = `broken-by-${key}.txt`;
    const decision = {
      failureAnalysis: [{ task: key, cause: 'code', why: 'The name is wrong.' }],
      strategies: [{ task: key, action: 'retry_different', guidance: 'Name it well.', reason: 'Only the name.' }],
      ...{ routedContext: [], skip: [], learnings: ['A guess.'], batches: [[key]] },
      observed: [{ text: fact(key), task: key, quote: `FAIL: ${file}` }],
      ...{ verdict: 'continue', verdictReason: 'One name has to change.' },
    };
    return {
      planner: attempts([planOf(task(key, { ownedPaths: [`${key}.txt`, file] }))]),
      pilot: attempts([{ kind: 'json', value: decision }]),
      [`task-${key}`]: attempts(
        [write(file, 'x\n'), done],
        [write(file, 'x\n'), done],
        [write(`${key}.txt`, 'x\n'), done],
      ),
    };
  }

  async function learn(repository: TestRepository, key: string) {
    repository.setScenario(learning(key));
    const { issue, run } = await repository.makeReady(`Do ${key}`);
    expect(run.learnings).toHaveLength(1);
    return { issue, merge: () => issue.comment('/pilot merge') };
  }

  it('reaches other runs only by a person who merges the one pull request that all of it is in', async () => {
    const { control } = bot.stack;
    const files = filesWith({ check: failWhileBroken, policy: `notes:\n  file: ${notes}\n` });
    const repository = await bot.createRepository({
      name: 'notes',
      files: { ...files, [notes]: '# Notes\n\nMind the gap.\n' },
    });
    const on = { repository: repository.fullName };
    const [first, second] = [await learn(repository, 'alpha'), await learn(repository, 'beta')];
    // Nothing is proposed of what nobody took.
    expect(await pullsFrom(repository, /notes/)).toEqual([]);
    await Promise.all([first.merge(), second.merge()]);
    await Promise.all([first.issue.reaches('merged'), second.issue.reaches('merged')]);
    const both = await until(
      async () => {
        const [pull] = await pullsFrom(repository, /notes/);
        return pull?.body.includes('beta is') && pull.body.includes('alpha is') ? pull : undefined;
      },
      async () => JSON.stringify([await settled(repository), await pullsFrom(repository, /notes/)]),
    );
    expect(await pullsFrom(repository, /notes/)).toHaveLength(1);
    expect(both).toMatchObject({ state: 'open', author: 'gatepilot[bot]' });
    for (const { issue } of [first, second])
      expect(both.body).toMatch(new RegExp(`\\(run r1 of #${issue.number}: .sh check\\.sh. of `));
    expect(both.body).not.toContain('A guess.');
    expect(both.body).not.toMatch(/@\w|<b>/);
    const proposed = await control.readFile({ ...on, ref: both.headRef, path: notes });
    expect(proposed).toContain('Mind the gap.');
    expect(proposed).toContain('- `alpha is called otherwise here.');
    // The bot is asked for a merge by nobody's run.
    expect((await repository.mergeRequests()).filter(({ path }) => path.includes(`/${both.number}/`))).toEqual([]);

    await until(
      async () => ((await repository.pull(both.number)).blockedBy.length === 0 ? true : undefined),
      async () => 'blocked',
    );
    await control.mergePull({ as: writer, ...on, number: both.number });
    repository.setScenario(oneTask());
    await repository.makeReady('Something else');
    expect(repository.calls('planner').at(-1)?.prompt).toContain('alpha is called otherwise here.');
    expect((await settled(repository)).notes).toMatchObject({ pending: [] });
    expect(await pullsFrom(repository, /notes/)).toHaveLength(1);
  });
});
