// GitHub starts nothing for what its own Actions token pushes. We push as the App, with a token of its installation, so whoever runs
// CI hears of it as of anybody's push.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, it } from 'vitest';
import { oneTask, simpleFiles } from '../support/plan.ts';
import { type SharedBot, shareBot } from '../support/share-bot.ts';
import { until } from '../support/until.ts';

let bot: SharedBot;
beforeAll(async () => {
  bot = await shareBot();
});
afterAll(() => bot.release());

const heard: { readonly event: string; readonly head: string }[] = [];
/** A CI system, as far as it matters here: it is told that its checks are wanted for a commit. */
const ci = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    const { action, check_suite: suite, after } = JSON.parse(Buffer.concat(parts).toString());
    const event = [request.headers['x-github-event'], action].filter((one) => one !== undefined).join('.');
    heard.push({ event, head: suite?.head_sha ?? after });
    response.end();
  });
});
afterAll(() => ci.close());

it('the push of a run starts CI: it is made with a token of the installation, and the checks of others are asked for', async ({
  expect,
}) => {
  await new Promise<void>((resolve) => ci.listen(0, '127.0.0.1', resolve));
  const { control } = bot.stack;
  const repository = await bot.createRepository({ name: 'ci-starts', files: simpleFiles, scenario: oneTask() });
  const webhookUrl = `http://127.0.0.1:${(ci.address() as AddressInfo).port}/`;
  const events = ['push', 'check_suite'];
  const { appId } = await control.createApp({ name: 'Continuous Integration', webhookUrl, events });
  const { installationId } = await control.installApp({ appId, repositories: [repository.fullName] });
  try {
    const { pull } = await repository.makeReady('Do it');
    const { headSha } = await repository.pull(pull.number);
    const toldOf = (event: string) => heard.some((one) => one.event === event && one.head === headSha) || undefined;
    for (const event of ['push', 'check_suite.requested'])
      await until(
        async () => toldOf(event),
        async () => `CI is to hear ${event} of ${headSha}: ${JSON.stringify(heard)}`,
      );
    const pushes = (await control.readRequests({})).filter(
      ({ transport, path }) => transport === 'git' && path.includes(`${repository.fullName}.git/git-receive-pack`),
    );
    expect([...new Set(pushes.map(({ token, caller }) => `${token} ${caller}`))]).toEqual([
      'installation gatepilot[bot]',
    ]);
  } finally {
    await control.uninstallApp({ installationId });
  }
});
