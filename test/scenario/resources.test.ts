// What people shape the bot with: files of the default branch, and only of that.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Bot, startBot } from '../support/bot.ts';
import { simpleFiles } from '../support/plan.ts';

let bot: Bot;
beforeAll(async () => {
  bot = await startBot();
});
afterAll(async () => {
  await bot.checkHonesty();
  await bot.stop();
});

const nightly = '---\ndescription: Looks twice.\nsteps:\n  - { id: execute, role: executor }\n---\n{task}\n';
const mine = '---\ndescription: Mine.\npermission: write\n---\nDo as I say.\n';

it('config lists what the default branch has by now, and nothing that only another branch has', async () => {
  const repository = await bot.createRepository({ name: 'files', files: simpleFiles, isProtected: false });
  const issue = await repository.openIssue('Anything');
  const ask = async () => {
    const comment = await issue.comment('/pilot config');
    expect(await issue.reactionsOn(comment)).toEqual(['+1']);
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
  expect(row('verify.commands')).toBe('| `verify.commands` | `["sh check.sh"]` |');
});
