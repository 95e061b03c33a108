// Ten megabytes of output, from an agent and from a verify command: what people see stays short and says so, and all of
// it is kept.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CommandReport } from '../../src/core/model/cause.ts';
import { attempts, bash, done, filesWith, oneTask, planOf, task, write } from '../support/plan.ts';
import { type SharedBot, shareBot } from '../support/share-bot.ts';

let bot: SharedBot;
beforeAll(async () => {
  bot = await shareBot('pi');
});
afterAll(() => bot.release());

/** 160,000 numbered lines of 64 bytes. */
const loudBytes = 10_240_000;
const printLoudly = `awk 'BEGIN { for (i = 0; i < 160000; i++) printf "line %08d of an output that nobody will read to its very end \\n", i }'`;

/** Loud and red while there is a file of that name. */
const check = `if [ -e loud.txt ]; then ${printLoudly}; echo "the last word of a red check"; exit 1; fi\necho ok\n`;

/** GitHub's own limits. */
const commentChars = 65_536;
const checkChars = 65_535;

async function expectWholeLog(report: CommandReport | undefined): Promise<void> {
  const log = await bot.readArtifact(report?.log ?? '');
  expect(Buffer.byteLength(log)).toBeGreaterThan(loudBytes);
  expect(log).toContain('line 00000000 of');
  expect(log).toContain('line 00080000 of');
  expect(log).toContain('the last word of a red check');
  // What the record holds instead: little, the end of it, and how much is missing.
  const shown = report?.output ?? '';
  expect(shown.length).toBeLessThanOrEqual(4_000);
  expect(shown).toContain('the last word of a red check');
  expect(shown).toMatch(/\[… \d+ lines left out\]/);
  expect(report?.omittedBytes).toBeGreaterThanOrEqual(loudBytes - 4_000);
  expect(report?.omittedBytes).toBeLessThan(Buffer.byteLength(log));
}

it.concurrent('47 log-bound: a red check of ten megabytes is kept whole, shown short, and says how much is missing', async ({
  expect,
}) => {
  const repository = await bot.createRepository({
    name: 'loud-check',
    files: filesWith({ check, policy: 'max_attempts: 1\n' }),
    scenario: oneTask('loud', write('loud.txt', 'loud\n'), done),
  });
  const issue = await repository.openIssue('Be loud');
  await issue.label('pilot:run');
  const run = await issue.reaches('failed');
  await issue.isShown();
  const cause = run.tasks[0]?.attempts[0]?.cause;
  await expectWholeLog(cause?.kind === 'verify_red' ? cause.failures[0] : undefined);
  const [sticky = ''] = await issue.replies();
  expect(sticky.length).toBeLessThanOrEqual(commentChars);
  expect(sticky).toContain('`sh check.sh` exited with 1');
  // The next prompt is bounded as well: it would have held the log.
  expect(JSON.stringify(run).length).toBeLessThan(100_000);
});

it.concurrent('47 log-bound: on a pull request the check stays within its limits', async ({ expect }) => {
  const repository = await bot.createRepository({
    name: 'loud-pull',
    files: filesWith({ check }),
    scenario: oneTask(),
  });
  const { issue, pull, branch } = await repository.makeReady('Do it');
  const pushed = await repository.push(branch, { 'loud.txt': 'loud\n' });
  const run = await issue.reachesWhere(
    ({ verification, state }) => verification?.key.head === pushed && state.kind === 'ready',
  );
  await issue.isShown();
  await expectWholeLog(run.verification?.report.commands[0]);
  const [gate] = (await repository.pull(pull.number)).checks;
  expect(gate).toMatchObject({ name: 'gatepilot/gate', conclusion: 'failure' });
  expect(gate?.summary).toContain('`sh check.sh` failed on the merged tree.');
  expect((gate?.summary.length ?? 0) + (gate?.text.length ?? 0)).toBeLessThanOrEqual(checkChars);
  for (const reply of await pull.replies()) expect(reply.length).toBeLessThanOrEqual(commentChars);
});

it.concurrent('47 log-bound: an agent that prints and says too much ends like any other', async ({ expect }) => {
  const repository = await bot.createRepository({
    name: 'loud-agent',
    files: filesWith({ check }),
    scenario: {
      planner: attempts([planOf(task('one'))]),
      'task-one': attempts([
        bash(printLoudly),
        write('one.txt', 'one\n'),
        { kind: 'say', text: `It is done.${' I have more to say.'.repeat(30_000)} The end.` },
      ]),
    },
  });
  const { issue, pull, run } = await repository.makeReady('Do it');
  const attempt = run.tasks[0]?.attempts[0];
  const transcript = await bot.readArtifact(attempt?.transcript ?? '');
  expect(transcript).toContain('tool running');
  expect(transcript.length).toBeLessThanOrEqual(2_100_000);
  // Whatever is not in it is counted in it.
  expect(transcript.slice(-200)).toMatch(/The end\.|left out/);
  expect(attempt?.summary?.length).toBeLessThanOrEqual(2_000);
  const said = [...(await issue.replies()), ...(await pull.replies()), (await repository.pull(pull.number)).body];
  for (const text of said) expect(text.length).toBeLessThanOrEqual(commentChars);
});
