// People answer remarks where they stand: a command beside a line, or in a review, is heard like one in the conversation.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ReviewSnapshot } from '../../src/demo/github/state/snapshot.ts';
import type { Scenario } from '../../src/demo/model/scenario.ts';
import { outsider, reader, writer } from '../support/people.ts';
import { attempts, findings, oneTask, reviewedFiles } from '../support/plan.ts';
import type { ReadyRun, TestRepository } from '../support/repository.ts';
import { type SharedBot, shareBot } from '../support/share-bot.ts';
import { until } from '../support/until.ts';

const wrong = { severity: 'major', path: 'one.txt', line: 1, what: 'It says the wrong number.' };
const evidence = { kind: 'trace', path: 'one.txt', from: 1, to: 1, quote: 'one' };
const scenario: Scenario = {
  ...oneTask(),
  'task-review.correctness': attempts([findings(wrong)]),
  'task-review.check': attempts([findings({ ...wrong, status: 'confirmed', evidence })]),
};
/** Whoever started the run dismisses nothing that keeps its gate shut. */
const other = 'nora';

let bot: SharedBot;
let repository: TestRepository;
let ready: ReadyRun;
beforeAll(async () => {
  bot = await shareBot();
  repository = await bot.createRepository({ name: 'threads', files: reviewedFiles, scenario });
  await bot.stack.control.createPerson({ login: other, roles: { [repository.fullName]: 'write' } });
  ready = await repository.makeReady('Do it');
});
afterAll(() => bot.release());

type LineComment = ReviewSnapshot['comments'][number];

const on = () => ({ repository: repository.fullName, number: ready.pull.number });
const said = async (): Promise<LineComment[]> =>
  (await repository.pull(ready.pull.number)).reviews.flatMap(({ comments }) => comments);
const remark = async () => (await said()).find(({ body }) => body.includes('It says the wrong number.'))?.id ?? 0;

/** An answer to the remark of the bot. */
async function answer(body: string, as = writer): Promise<number> {
  return (await bot.stack.control.replyInThread({ as, ...on(), commentId: await remark(), body })).id;
}

/** The bot's signs on what was said beside a line, once one of them says how it ended. */
async function signsOn(id: number): Promise<string[]> {
  return await until(async () => {
    const reactions = (await said()).find((one) => one.id === id)?.reactions ?? [];
    const signs = reactions.map(({ user, content }) => `${user} ${content}`);
    return signs.some((sign) => /(\+1|confused)$/.test(sign)) ? signs : undefined;
  });
}

const answersTo = async (id: string) => {
  const marker = `<!-- gatepilot:reply:${id} -->\n`;
  const bodies = (await ready.pull.replies()).filter((body) => body.startsWith(marker));
  return bodies.map((body) => body.slice(marker.length));
};

it('a stranger is refused beside a line as in the conversation: with a sign there, and a sentence that says where', async () => {
  for (const [login, permission] of [
    [reader, 'read'],
    [outsider, 'read'],
  ] as const) {
    const id = await answer('/pilot dismiss F-1 It is meant so.', login);
    expect(await signsOn(id)).toEqual(['gatepilot[bot] confused']);
    await ready.issue.isShown();
    expect(await answersTo(`line-${id}`)).toEqual([
      `@${login} ([asked here](#discussion_r${id})) \`dismiss\` needs write permission on this repository; you have ${permission}.`,
    ]);
  }
  expect((await ready.issue.record())?.run?.dismissals ?? []).toEqual([]);
});

it('what is quoted or in code beside a line is no command', async () => {
  const before = (await ready.issue.record())?.receipts.length;
  await answer('> /pilot stop\n\n`/pilot stop`\n\n    /pilot stop');
  await bot.stack.control.settleDeliveries({});
  await ready.issue.isShown();
  expect((await ready.issue.record())?.receipts).toHaveLength(before ?? 0);
});

it('a mistake in a review is told in the conversation, where nobody can react to it', async () => {
  const { id } = await bot.stack.control.review({
    as: writer,
    ...on(),
    event: 'COMMENT',
    body: 'Hm.\n\n/pilot dismis F-1',
  });
  await until(async () => ((await answersTo(`review-${id}`)).length > 0 ? true : undefined));
  expect((await answersTo(`review-${id}`))[0]).toMatch(
    new RegExp(`^@${writer} \\(\\[asked here\\]\\(#pullrequestreview-${id}\\)\\) I could not carry that out \\(line 3`),
  );
});

it('a finding is dismissed by an answer to its remark, once, however often that is delivered', async () => {
  const { control } = bot.stack;
  await control.duplicateNextDelivery({ event: 'pull_request_review_comment', action: 'created' });
  const id = await answer('It is meant so.\n\n/pilot dismiss F-1 The number is right.', other);
  expect(await signsOn(id)).toEqual(['gatepilot[bot] +1']);
  await control.settleDeliveries({});
  await ready.issue.isShown();
  const { run, receipts = [] } = (await ready.issue.record()) ?? {};
  expect(run?.dismissals).toMatchObject([{ by: { login: other }, reason: 'The number is right.' }]);
  expect(receipts.filter((receipt) => receipt.id === `comment/line/${id}`)).toHaveLength(1);
  expect(await answersTo(`line-${id}`)).toHaveLength(1);
  // Once more, long after it was decided on.
  const delivery = (await control.readDeliveries({})).findLast(
    ({ event, repositoryId, appId }) =>
      event === 'pull_request_review_comment' && repositoryId === repository.id && appId === bot.stack.app.appId,
  );
  await control.redeliver({ deliveryId: delivery?.id ?? 0 });
  await control.settleDeliveries({});
  await ready.issue.isShown();
  expect((await ready.issue.record())?.receipts).toEqual(receipts);
  expect(await signsOn(id)).toEqual(['gatepilot[bot] +1']);
  expect((await repository.pull(ready.pull.number)).checks).toMatchObject([
    { name: 'gatepilot/gate', conclusion: 'success' },
  ]);
});

it('a review that asks for the merge has it, and one comment that says how that ended', async () => {
  const { id } = await bot.stack.control.review({ as: writer, ...on(), event: 'COMMENT', body: '/pilot merge' });
  expect((await ready.issue.reaches('merged')).state).toMatchObject({ isProven: true });
  await ready.issue.isShown();
  expect(await answersTo(`review-${id}`)).toEqual([
    `@${writer} ([asked here](#pullrequestreview-${id})) \`merge\` is done.`,
  ]);
});
