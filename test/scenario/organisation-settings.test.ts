// What holds for all repositories of an account stands in its repository `.github`, below what each of them says itself.
import { afterAll, beforeAll, it } from 'vitest';
import { writer } from '../support/people.ts';
import { filesWith, oneTask } from '../support/plan.ts';
import type { TestRepository, Thread } from '../support/repository.ts';
import { type SharedBot, shareBot } from '../support/share-bot.ts';

let bot: SharedBot;
beforeAll(async () => {
  bot = await shareBot();
});
afterAll(() => bot.release());

const path = '.github/gatepilot.yml';
const organisation =
  'verify:\n  commands: [sh check.sh]\n  baseline: false\nreview: { enabled: false }\nmax_tasks: 7\n';
const { [path]: _own, ...bare } = filesWith({ check: 'exit 0\n' });

/** An account of its own, since its settings hold for all of its repositories. */
async function openOrganisation(login: string): Promise<void> {
  const { control, app } = bot.stack;
  await control.createOrganization({ login });
  await control.installApp({ appId: app.appId, repositories: { allOf: login } });
  await control.createRepository({
    repository: `${login}/.github`,
    source: { commits: [{ message: 'Start', files: { [path]: organisation } }] },
  });
  await control.setPermission({ repository: `${login}/.github`, login: writer, role: 'write' });
}

async function ask(issue: Thread): Promise<string> {
  const comment = await issue.comment('/pilot config');
  await issue.reactionsOn(comment);
  await issue.isShown();
  return (await issue.replyTo(comment)) ?? '';
}

it('what a repository does not say comes from its organisation, and config says so', async ({ expect }) => {
  await openOrganisation('umbrella');
  const files = { ...bare, [path]: 'max_tasks: 3\n' };
  const repository: TestRepository = await bot.createRepository({
    ...{ name: 'below', owner: 'umbrella', files, scenario: oneTask() },
  });
  const issue = await repository.openIssue('Do it');
  const told = await ask(issue);
  expect(told).toContain('| `max_tasks` | `3` | here |');
  expect(told).toContain('| `verify.commands` | `["sh check.sh"]` | `umbrella/.github` |');
  expect(told).not.toContain('`7`');

  // Verified by a command that only the organisation names.
  await issue.label('pilot:run');
  const run = await issue.reaches('ready');
  expect(run.verification?.report.commands.map(({ command }) => command)).toEqual(['sh check.sh']);
  expect(run.policy.maxTasks).toBe(3);

  await bot.stack.control.pushCommit({
    ...{ as: writer, repository: 'umbrella/.github', branch: 'main', message: 'A mistake' },
    files: { [path]: organisation.replace('max_tasks: 7', 'max_taks: 7').replace('[sh check.sh]', '5') },
  });
  const after = await ask(await repository.openIssue('Another'));
  expect(after).toContain('in umbrella/.github, line 2');
  expect(after).toContain('what the file said before is in force');
  expect(after).toContain('did you mean max');
  expect(after).toContain('| `["sh check.sh"]` | `umbrella/.github`, an earlier version |');
});

it('says that there is none where the App is not installed on it', async ({ expect }) => {
  const { control, app } = bot.stack;
  const login = 'apart';
  await control.createOrganization({ login });
  await control.createRepository({
    ...{ repository: `${login}/.github`, isPrivate: true },
    source: { commits: [{ message: 'Start', files: { [path]: organisation } }] },
  });
  const repository = await bot.createRepository({ name: 'alone', owner: login, files: bare, isProtected: false });
  await control.installApp({ appId: app.appId, repositories: [repository.fullName] });
  const told = await ask(await repository.openIssue('Do it'));
  expect(told).toContain('or this App is not installed on it');
  expect(told).not.toContain('`7`');
});
