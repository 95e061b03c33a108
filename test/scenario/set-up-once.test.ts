// Dependencies of a usual project: set up once from the base branch, and there for agents and verify commands, which have no
// network. What else there is to set-ups: setup.test.ts.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openOutside, publicAddress, type TestOutside } from '../egress/support/outside.ts';
import { type Bot, startBot } from '../support/bot.ts';
import { greeting, npmFiles, npmSettings, tarballPath } from '../support/npm-project.ts';
import { attempts, bash, done, planOf, task } from '../support/plan.ts';

let outside: TestOutside;
let bot: Bot;
/** What was asked for, in order. */
const asked: string[] = [];
beforeAll(async () => {
  outside = await openOutside({
    names: { 'registry.npmjs.org': [publicAddress] },
    onRequest(request, response) {
      asked.push(`${request.headers.host}${request.url}`);
      if (request.url === tarballPath) response.end(greeting.tarball);
      else response.writeHead(404).end('there is no such thing');
    },
  });
  bot = await startBot({ outside, env: { GATEPILOT_NETWORK: 'registry.npmjs.org' } });
});
afterAll(async () => {
  await bot.checkHonesty();
  await bot.stop();
  outside.stop();
});

it('65 no-network-verify: a repository whose tests need packages is green with them, set up once for everybody', async () => {
  const repository = await bot.createRepository({
    name: 'with-packages',
    files: { ...npmFiles(outside.cert), '.github/gatepilot.yml': npmSettings },
    scenario: {
      planner: attempts([
        planOf(
          task('a', { workflow: 'direct' }),
          task('b', { workflow: 'direct', ownedPaths: ['b.txt', 'package.json', 'package-lock.json'] }),
        ),
      ]),
      // The agent has them as well, cannot change them, and reaches nothing.
      'task-a': attempts([
        bash(
          "npm test > a.txt; (echo x >> /deps/node_modules/greeting/main.js) 2>> a.txt; (echo x > /node_modules/own.js) 2>> a.txt; node -e \"fetch('https://registry.npmjs.org/x').catch(() => console.log('nothing is reached'))\" >> a.txt; git status --short >> a.txt",
        ),
        done,
      ]),
      // What it says of dependencies is for the base branch, when people have merged it: nothing of it is run or fetched.
      'task-b': attempts([
        bash(
          `sed -i 's#"test"#"preinstall":"touch /deps/by-the-agent","test"#' package.json; sed -i 's/greeting-1.0.0/evil-1.0.0/' package-lock.json; echo b > b.txt`,
        ),
        done,
      ]),
    },
  });
  const issue = await repository.openIssue('Do it');
  await issue.label('pilot:run');
  const run = await issue.reaches('ready', 'failed');
  expect(run.state).toMatchObject({ kind: 'ready' });
  await issue.isShown();
  const patch = await bot.readArtifact(run.tasks[0]?.attempts[0]?.patch ?? '');
  expect(patch).toContain('+hello shell');
  expect(patch.match(/Read-only file system|Permission denied/g)).toHaveLength(2);
  expect(patch).toContain('+nothing is reached');
  // Nothing of it is in the workspace, where it would be in the way.
  expect(patch).not.toContain('node_modules/\n');
  // Two attempts, their verification, the base and the merged tree: one request.
  expect(asked).toEqual([`registry.npmjs.org${tarballPath}`]);
  expect(run.verification?.report.setup).toMatchObject({
    source: 'detected',
    layer: expect.stringMatching(/^\w{12}$/),
  });
  expect((await issue.replies()).join('\n')).toContain('Dependencies: set up from the base branch by the lock files');
});
