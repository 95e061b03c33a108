// How a task is carried out: the steps of its workflow, each by an agent of its own, in one workspace.
import { afterAll, beforeAll, it } from 'vitest';
import type { Run } from '../../src/core/model/run.ts';
import { writer } from '../support/people.ts';
import { attempts, bash, done, planOf, say, simpleFiles, task, whenTold, write } from '../support/plan.ts';
import { type SharedBot, shareBot } from '../support/share-bot.ts';

let bot: SharedBot;
beforeAll(async () => {
  bot = await shareBot();
});
afterAll(() => bot.release());

/** The steps of a task's newest attempt, as `id (role): state`. */
function stepsOf(run: Run, key = 'a'): string[] {
  const attempt = run.tasks.find((one) => one.key === key)?.attempts.at(-1);
  return (attempt?.steps ?? []).map(({ id, role, state }) => `${id} (${role ?? 'commands'}): ${state}`);
}

it.concurrent('default: explores, plans, executes and verifies, in this order, each told what was answered before', async ({
  expect,
}) => {
  const repository = await bot.createRepository({
    name: 'default',
    files: simpleFiles,
    scenario: {
      planner: attempts([planOf(task('a', { workflow: 'default' }))]),
      // It may only read: what it tries to leave behind is nowhere.
      'task-a.explore': attempts([bash('echo x > README.md; echo y > left.txt; true'), say('It belongs into a.txt.')]),
      'task-a.plan': attempts([whenTold('It belongs into a.txt.', say('Write one line.'))]),
      'task-a': attempts([whenTold('Write one line.', write('a.txt', 'a\n'), done)]),
    },
  });
  const issue = await repository.openIssue('Do it');
  await issue.label('pilot:run');
  const run = await issue.reaches('ready');
  await issue.isShown();
  expect(stepsOf(run)).toEqual([
    'explore (explorer): done',
    'plan (planner): done',
    'execute (executor): done',
    'verify (commands): done',
  ]);
  const [attempt] = run.tasks[0]?.attempts ?? [];
  expect(attempt?.stat).toMatchObject({ files: 1 });
  // People see the steps in order, on the issue and in the check.
  const order =
    /`explore` \(`explorer`, .*→ `plan` \(`planner`, .*→ `execute` \(`executor`, .*→ `verify` \(verify commands, /;
  expect((await issue.replies()).join('\n')).toMatch(order);
  const pull = await repository.pull(run.pullRequest?.number ?? 0);
  expect(pull.checks[0]?.summary).toMatch(order);

  // What each step was told and bound to is kept.
  const packet = JSON.parse(await bot.readArtifact(attempt?.packet ?? ''));
  expect(packet).toMatchObject({
    task: 'a',
    objective: 'Do the work of a.',
    workflow: { name: 'default', steps: ['explore', 'plan', 'execute', 'verify'] },
    scope: { mayChange: ['a.txt'], mustKeep: [] },
    limits: { attempt: 1, attempts: 3, minutes: 30 },
    verify: ['sh check.sh'],
  });
  const execute = attempt?.steps?.[2];
  expect(execute?.skills).toEqual({ rendered: ['fit-in'], missing: [] });
  const { stages } = JSON.parse(await bot.readArtifact(execute?.prompt ?? ''));
  expect(stages.map(({ name }: { name: string }) => name)).toEqual([
    'role',
    'skills',
    'packet',
    'history',
    'messages',
    'step',
    'rules',
  ]);
  expect(await bot.readArtifact(attempt?.steps?.[0]?.output ?? '')).toBe('It belongs into a.txt.\n');
});

it.concurrent('fast-fix: explores, executes and verifies; what fails is told and tried again from the start', async ({
  expect,
}) => {
  const repository = await bot.createRepository({
    name: 'fast-fix',
    files: simpleFiles,
    scenario: {
      planner: attempts([planOf(task('a', { workflow: 'fast-fix', ownedPaths: [] }))]),
      'task-a.explore': attempts([say('The cause is X.')]),
      'task-a': attempts(
        [write('broken.txt', 'x\n'), done],
        [whenTold('FAIL: broken.txt', write('a.txt', 'a\n'), done)],
      ),
    },
  });
  const issue = await repository.openIssue('Mend it');
  await issue.label('pilot:run');
  const run = await issue.reaches('ready');
  const [first, second] = run.tasks[0]?.attempts ?? [];
  expect(first?.steps?.map(({ id, state }) => `${id} ${state}`)).toEqual([
    'explore done',
    'execute done',
    'verify failed',
  ]);
  expect(second?.steps?.map(({ id, state }) => `${id} ${state}`)).toEqual([
    'explore done',
    'execute done',
    'verify done',
  ]);
});

it.concurrent('a workflow of the repository is used once it is on the default branch, and a skill that is missing is recorded; its notes are told', async ({
  expect,
}) => {
  const steps = '  - { id: look, role: reader }\n  - { id: execute, role: executor, skills: [house-style, nowhere] }';
  const repository = await bot.createRepository({
    name: 'own-workflow',
    files: {
      ...simpleFiles,
      '.github/gatepilot.yml': `${simpleFiles['.github/gatepilot.yml']}notes: { file: NOTES.md }\n`,
      'NOTES.md': 'The door is blue.\n',
      '.gatepilot/agents/reader.md': '---\ndescription: Reads.\n---\nYou read aloud.\n',
      '.gatepilot/skills/house-style.md': '---\ndescription: Style.\n---\nAlways whisper.\n',
      '.gatepilot/workflows/own.md': `---\ndescription: Ours.\nsteps:\n${steps}\n---\n{task}\n\n## look\n\nLook around.\n`,
      // Not in force: the name belongs to the product.
      '.gatepilot/agents/executor.md': '---\ndescription: Mine.\npermission: write\n---\nYou only shout.\n',
    },
    scenario: {
      planner: attempts([
        whenTold(
          'own: Ours.',
          whenTold('The door is blue.', planOf(task('a', { workflow: 'own' }), task('b', { workflow: 'direct' }))),
        ),
      ]),
      'task-a.look': attempts([whenTold('You read aloud.', whenTold('The door is blue.', say('Nothing here.')))]),
      'task-a': attempts([whenTold('Always whisper.', whenTold('Nothing here.', write('a.txt', 'a\n'), done))]),
      'task-b': attempts([
        { kind: 'when', text: 'You only shout.', steps: [done], otherwise: [write('b.txt', 'b\n'), done] },
      ]),
    },
  });
  const issue = await repository.openIssue('Do it');
  await issue.label('pilot:run');
  const run = await issue.reaches('ready');
  await issue.isShown();
  expect(stepsOf(run)).toEqual(['look (reader): done', 'execute (executor): done']);
  expect(run.tasks[0]?.attempts[0]?.steps?.[1]?.skills).toEqual({
    rendered: ['fit-in', 'house-style'],
    missing: ['nowhere'],
  });
  expect((await issue.replies()).join('\n')).toContain('without `nowhere`');
});

it.concurrent('the workflow is named with the command, or chosen by the issue and said', async ({ expect }) => {
  const repository = await bot.createRepository({
    name: 'chosen',
    files: simpleFiles,
    scenario: {
      planner: attempts([planOf(task('a'))]),
      'task-a.explore': attempts([say('Found.')]),
      'task-a': attempts([write('a.txt', 'a\n'), done]),
    },
  });
  const unknown = await repository.openIssue('Do it');
  const comment = await unknown.comment('/pilot run --workflow fastfix');
  expect(await unknown.reactionsOn(comment)).toEqual(['confused']);
  await unknown.isShown();
  expect(await unknown.answerTo(comment)).toContain('Did you mean `fast-fix`?');

  const chosen = await repository.openIssue('The importer crashes');
  await chosen.comment('/pilot run');
  const run = await chosen.reaches('ready');
  await chosen.isShown();
  expect(stepsOf(run)[0]).toBe('explore (explorer): done');
  expect((await chosen.replies()).join('\n')).toContain(
    'Workflow `fast-fix`: the issue speaks of `crashes` (confidence 75 %); another one: `/pilot run --workflow <name>` on a new run.',
  );

  const named = await repository.openIssue('The importer crashes');
  await named.comment('/pilot run --workflow direct');
  expect(stepsOf(await named.reaches('ready'))).toEqual(['execute (executor): done', 'verify (commands): done']);
});

it.concurrent('implementation: its plan waits for an approval, then each phase is assessed, executed and verified', async ({
  expect,
}) => {
  const repository = await bot.createRepository({
    name: 'implementation',
    files: simpleFiles,
    scenario: {
      planner: attempts([planOf(task('a'), task('b', { dependsOn: ['a'] }))]),
      'task-a.assess': attempts([say('Phase a is safe.')]),
      'task-a': attempts([whenTold('Phase a is safe.', write('a.txt', 'a\n'), done)]),
      'task-b.assess': attempts([say('Phase b is safe.')]),
      'task-b': attempts([whenTold('Phase b is safe.', write('b.txt', 'b\n'), done)]),
    },
  });
  const issue = await repository.openIssue('Migrate the store');
  await issue.label('pilot:run');
  const waiting = await issue.reaches('awaiting_approval');
  expect(waiting.plan?.route).toMatchObject({ workflow: 'implementation', by: 'words', asksApproval: true });
  await issue.isShown();
  expect(repository.calls().map(({ role }) => role)).toEqual(['planner']);
  await issue.comment('/pilot approve');
  const run = await issue.reaches('ready');
  expect(run.behind).toEqual([['a'], ['b']]);
  for (const key of ['a', 'b'])
    expect(stepsOf(run, key)).toEqual([
      'assess (analyst): done',
      'execute (executor): done',
      'verify (commands): done',
    ]);
});

function findings(...claims: readonly object[]): string {
  return `I looked.\n\n\`\`\`findings\n${JSON.stringify(claims)}\n\`\`\`\n`;
}

it.concurrent('review: a pull request is looked at on its exact base, each finding is checked, and nothing is changed', async ({
  expect,
}) => {
  const real = { severity: 'major', path: 'cache.txt', line: 2, what: 'It grows for ever, @mona.' };
  const invented = { severity: 'critical', path: 'nowhere.txt', line: 9, what: 'It burns.' };
  const bare = { severity: 'major', path: 'cache.txt', line: 2, what: 'It is never read.' };
  const unquoted = { severity: 'major', path: 'cache.txt', line: 1, what: 'It costs too much.' };
  const quote = (path: string, line: number, said: string) => ({
    ...{ kind: 'trace', path, from: line, to: line, quote: said },
  });
  const wrong = { severity: 'minor', path: 'README.md', line: 1, what: 'It is loud.' };
  const repository = await bot.createRepository({
    name: 'review',
    files: simpleFiles,
    scenario: {
      // It may only read: what it tries to leave behind is nowhere.
      'task-review.explore': attempts([bash('echo x > left.txt; true'), whenTold('+never emptied', say('The cache.'))]),
      'task-review.code-review': attempts([whenTold('The cache.', say(findings(real, bare, unquoted, invented)))]),
      'task-review.security-review': attempts([whenTold('The cache.', say(findings(wrong)))]),
      'task-review.verify': attempts([
        whenTold(
          'It grows for ever',
          say(
            findings(
              { ...real, status: 'confirmed', evidence: quote('cache.txt', 2, 'never emptied') },
              { ...bare, status: 'confirmed' },
              { ...unquoted, status: 'confirmed', evidence: quote('cache.txt', 1, 'a cash') },
              { ...invented, status: 'confirmed' },
              { ...wrong, status: 'refuted', why: 'It is a title.' },
            ),
          ),
        ),
      ]),
    },
  });
  const on = { repository: repository.fullName };
  const head = await repository.push('cache', { 'cache.txt': 'a cache\nnever emptied\n' });
  const { number } = await bot.stack.control.openPull({
    as: writer,
    ...on,
    head: 'cache',
    base: 'main',
    title: 'Cache',
  });
  const pull = repository.thread(number);
  const refused = await pull.comment('/pilot run');
  expect(await pull.reactionsOn(refused)).toEqual(['confused']);
  // The same as `run --workflow review`.
  const asked = await pull.comment('/pilot review');
  const run = await pull.reaches('reported');
  await pull.isShown();
  expect(await pull.reactionsOn(asked)).toEqual(['+1']);
  expect(stepsOf(run, 'review')).toEqual([
    'explore (explorer): done',
    'code-review (reviewer): done',
    'security-review (security-reviewer): done',
    'verify (verifier): done',
  ]);
  const shown = (await pull.replies()).join('\n');
  expect(shown).toContain('**Reported 5 findings:** 1 confirmed, 3 unverified, 1 refuted.');
  expect(shown).toContain(`pull request #${number} at \`${head}\`, on \`main\` at \`${run.base.sha}\``);
  expect(shown).toContain(
    '**major**, confirmed (cache.txt:2-2 says "never emptied"): `cache.txt:2` It grows for ever, @\u200bmona.',
  );
  expect(shown).toContain('**major**, unverified (it was called confirmed without evidence): `cache.txt:2`');
  expect(shown).toContain(
    '**major**, unverified (its evidence does not hold: lines 1 to 1 of cache.txt do not say that)',
  );
  expect(shown).toContain('**critical**, unverified (there is no such place in what was looked at): `nowhere.txt:9`');
  expect(shown).toContain('**minor**, refuted (It is a title.): `README.md:1`');

  // No planner and no pilot was asked, and nothing was pushed.
  expect(repository.calls().map(({ role }) => role)).not.toContain('planner');
  expect(run.pullRequest).toBeUndefined();
  expect(Object.keys((await repository.read()).branches).toSorted()).toEqual(['cache', 'main']);
});
