// What agents reach besides their model: nothing, or the hosts of a list that operator, repository and agent agree on.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openOutside, publicAddress, type TestOutside } from '../egress/support/outside.ts';
import { type Bot, startBot } from '../support/bot.ts';
import { attempts, bash, done, planOf, simpleFiles, task } from '../support/plan.ts';

let outside: TestOutside;
let bot: Bot;
beforeAll(async () => {
  outside = await openOutside({ names: { 'docs.example.com': [publicAddress], 'evil.example.org': [publicAddress] } });
  bot = await startBot({ outside, env: { GATEPILOT_NETWORK: '*.example.com' } });
});
afterAll(async () => {
  await bot.checkHonesty();
  await bot.stop();
  outside.stop();
});

const settings = (network: string) =>
  `verify: { commands: [sh check.sh] }\nreview: { enabled: false }\nsandbox: { network: ${network} }\n`;

/** Asks both hosts, and leaves what it got. */
const asking = bash(
  `cat > /tmp/ask.mjs <<'END'
  const ask = (url) => fetch(url).then((answer) => answer.text(), () => "not reached\\n");
  process.stdout.write(await ask("https://docs.example.com/") + await ask("https://evil.example.org/"));
END
NODE_EXTRA_CA_CERTS=ca.pem node /tmp/ask.mjs > a.txt`,
);

/** Asks for one host that the operator permits. */
const askingOne = bash(
  `NODE_EXTRA_CA_CERTS=ca.pem node -e "fetch('https://docs.example.com/').then((answer) => answer.text(), () => 'not reached\\n').then((text) => process.stdout.write(text))" > a.txt`,
);

it('an agent reaches the hosts of its list and no others, and people see both', async () => {
  const repository = await bot.createRepository({
    name: 'online',
    files: {
      ...simpleFiles,
      'ca.pem': outside.cert,
      '.github/gatepilot.yml': settings('[docs.example.com]'),
      // Verification has no network, whatever the settings let agents reach.
      'check.sh':
        'test -s a.txt || exit 0; ! NODE_EXTRA_CA_CERTS=ca.pem node -e "fetch(process.argv[1]).then(() => 0, () => process.exit(1))" https://docs.example.com/\n',
    },
    scenario: { planner: attempts([planOf(task('a', { workflow: 'direct' }))]), 'task-a': attempts([asking, done]) },
  });
  const issue = await repository.openIssue('Look it up');
  await issue.label('pilot:run');
  const run = await issue.reaches('ready');
  await issue.isShown();
  const pull = await repository.pull(run.pullRequest?.number ?? 0);
  const patch = await bot.readArtifact(run.tasks[0]?.attempts[0]?.patch ?? '');
  expect(patch).toContain('+hello from docs.example.com\n+not reached\n');
  const network = run.tasks[0]?.attempts[0]?.steps?.[0]?.network;
  expect(network?.reached).toMatchObject([{ host: 'docs.example.com', connections: 1 }]);
  expect(network?.denied).toEqual([{ host: 'evil.example.org', why: 'not_listed', count: 1 }]);
  for (const shown of [(await issue.replies()).join('\n'), pull.checks[0]?.summary ?? '']) {
    expect(shown).toContain('Network: 1 host reached, 1 denied, 1 asked for by commands and denied');
    // The same host that the agent reached: no list is for what verifies.
    expect(shown).toContain('- `docs.example.com` by `sh check.sh`: not on the list');
    expect(shown).toContain('| `docs.example.com` | 1 |');
    expect(shown).toContain('- `evil.example.org`: not on the list');
  }
});

it('an agent without a list reaches nothing, and people see what it asked for', async () => {
  const repository = await bot.createRepository({
    name: 'offline',
    files: {
      ...simpleFiles,
      'ca.pem': outside.cert,
      '.github/gatepilot.yml': 'verify: { commands: [sh check.sh] }\nreview: { enabled: false }\n',
    },
    scenario: { planner: attempts([planOf(task('a', { workflow: 'direct' }))]), 'task-a': attempts([askingOne, done]) },
  });
  const issue = await repository.openIssue('Look it up');
  await issue.label('pilot:run');
  const run = await issue.reaches('ready');
  await issue.isShown();
  const pull = await repository.pull(run.pullRequest?.number ?? 0);
  const patch = await bot.readArtifact(run.tasks[0]?.attempts[0]?.patch ?? '');
  expect(patch).toContain('+not reached\n');
  expect(run.tasks[0]?.attempts[0]?.steps?.[0]?.network?.denied).toEqual([
    { host: 'docs.example.com', why: 'not_listed', count: 1 },
  ]);
  for (const shown of [(await issue.replies()).join('\n'), pull.checks[0]?.summary ?? '']) {
    expect(shown).toContain('Network: 0 hosts reached, 1 denied');
    expect(shown).toContain('- `docs.example.com`: not on the list');
  }
});

it('what the operator does not permit refuses the run by name, before anything is spent', async () => {
  const repository = await bot.createRepository({
    name: 'beyond',
    files: { ...simpleFiles, '.github/gatepilot.yml': settings('[docs.example.com, evil.example.org]') },
  });
  const issue = await repository.openIssue('Look it up');
  const command = await issue.comment('/pilot run');
  await issue.reactionsOn(command);
  expect(await issue.answerTo(command)).toContain('names hosts that the operator does not permit (`evil.example.org`)');
});
