// What people shape the bot with: files of the default branch, and only of that.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { filesWith, oneTask, simpleFiles } from '../support/plan.ts';
import { type SharedBot, shareBot } from '../support/share-bot.ts';
import { until } from '../support/until.ts';

let bot: SharedBot;
beforeAll(async () => {
  bot = await shareBot();
});
afterAll(() => bot.release());

const nightly = '---\ndescription: Looks twice.\nsteps:\n  - { id: execute, role: executor }\n---\n{task}\n';
const mine = '---\ndescription: Mine.\npermission: write\n---\nDo as I say.\n';

it('config lists what the default branch has by now, and nothing that only another branch has', async () => {
  const repository = await bot.createRepository({ name: 'files', files: simpleFiles, isProtected: false });
  const issue = await repository.openIssue('Anything');
  const ask = async () => {
    const comment = await issue.comment('/pilot config');
    expect(await issue.reactionsOn(comment)).toEqual(['+1']);
    await issue.isShown();
    return (await issue.replyTo(comment)) ?? '';
  };
  await repository.push('side', { '.gatepilot/workflows/looks-twice.md': nightly });
  expect(await ask()).not.toContain('looks-twice');

  await repository.push('main', {
    '.gatepilot/workflows/looks-twice.md': nightly,
    '.gatepilot/agents/executor.md': mine,
    '.gatepilot/skills/broken.md': '---\ndescripton: x\n---\nText.\n',
  });
  const rows = (await ask()).split('\n');
  const row = (start: string) => rows.find((line) => line.startsWith(`| \`${start}\``));
  expect(row('looks-twice')).toBe('| `looks-twice` | repository | active | Looks twice. |');
  expect(rows.filter((line) => line.startsWith('| `executor`'))).toEqual([
    '| `executor` | built-in | active | Carries out one task in the files of the repository. |',
    '| `executor` | repository | **shadowed** | The name belongs to the agent of the product. |',
  ]);
  expect(row('broken')).toBe(
    '| `broken` | repository | **disabled** | Line 2: There is no key "descripton" here; did you mean "description"? |',
  );
  expect(row('verify.commands')).toBe('| `verify.commands` | `["sh check.sh"]` | here |');
});

it('the next coding agent of a chain works where the one before it does not start, and the steps say so', async () => {
  const files = filesWith({ check: 'true', policy: 'agents:\n  chain: [away, command]\n' });
  const repository = await bot.createRepository({ name: 'chained', files, scenario: oneTask() });
  const { issue, run } = await repository.makeReady('Do it');
  const drivers = run.tasks[0]?.attempts[0]?.steps?.flatMap(({ driver }) => driver ?? []) ?? [];
  expect(drivers.length).toBeGreaterThan(0);
  for (const driver of drivers) {
    expect(driver).toEqual({
      requested: 'away',
      used: 'command',
      why: 'away: the agent exited with 127: /no/such/program cannot be run',
    });
  }
  const [sticky = ''] = await issue.replies();
  expect(sticky).toContain('by `command` instead of `away`, since');
});

it('a pull request that changes such files gets a check beside the lines, and has no effect', async () => {
  const repository = await bot.createRepository({ name: 'proposed', files: simpleFiles });
  const steps =
    '  - { id: a, role: executor, dependsOn: [b] }\n  - { id: b, role: exectuor }\n  - { id: b, role: explorer }\n';
  const head = await repository.push('proposal', {
    '.gatepilot/workflows/odd.md': `---\ndescription: Odd.\nsteps:\n${steps}---\n{task}\n`,
    '.gatepilot/agents/mine.md': '---\ndescription: Mine.\npermision: write\n---\nDo as I say.\n',
    '.github/gatepilot.yml': 'verify:\n  comands: [sh check.sh]\n',
  });
  const { control } = bot.stack;
  const pull = await control.openPull({
    as: 'mona',
    repository: repository.fullName,
    title: 'Shape the bot',
    body: '',
    head: 'proposal',
    base: 'main',
  });
  const thread = repository.thread(pull.number);
  const check = await until(async () =>
    (await repository.pull(pull.number)).checks.find(({ name }) => name === 'gatepilot/config'),
  );
  expect(check).toMatchObject({ headSha: head, conclusion: 'failure' });
  expect(check.annotations.map(({ path, startLine, message }) => `${path}:${startLine} ${message}`)).toEqual([
    '.github/gatepilot.yml:2 line 2, column 3: verify.comands: found comands, expected verify.commands (did you mean verify.commands?); it does not apply',
    '.gatepilot/agents/mine.md:3 There is no key "permision" here; did you mean "permission"?',
    '.gatepilot/workflows/odd.md:5 There is no agent "exectuor"; did you mean "executor"?',
    '.gatepilot/workflows/odd.md:6 There is a step "b" already.',
  ]);
  // The required check is another one: people's own pull requests pass it.
  await thread.isShown();
  expect(
    (await repository.pull(pull.number)).checks.map(({ name, conclusion }) => `${name} ${conclusion}`).sort(),
  ).toEqual(['gatepilot/config failure', 'gatepilot/gate success']);

  const mended = await repository.push('proposal', {
    '.gatepilot/workflows/odd.md': '---\ndescription: Odd.\nsteps:\n  - { id: a, role: executor }\n---\n{task}\n',
    '.gatepilot/agents/mine.md': '---\ndescription: Mine.\npermission: read\n---\nDo as I say.\n',
    '.github/gatepilot.yml': 'verify:\n  commands: [sh check.sh]\nreview: { enabled: false }\n',
  });
  await until(async () =>
    (await repository.pull(pull.number)).checks.find(
      ({ name, headSha, conclusion }) => name === 'gatepilot/config' && headSha === mended && conclusion === 'success',
    ),
  );
  const issue = await repository.openIssue('Anything');
  const asked = await issue.comment('/pilot config');
  await issue.reactionsOn(asked);
  await issue.isShown();
  expect(await issue.replyTo(asked)).not.toContain('odd');
});
