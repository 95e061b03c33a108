// A task is done when its acceptance items hold, and somebody can be shown why.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Scenario, Step } from '../../src/demo/model/scenario.ts';
import { attempts, done, filesWith, oneTask, planOf, simpleFiles, task, write } from '../support/plan.ts';
import { type SharedBot, shareBot } from '../support/share-bot.ts';

let bot: SharedBot;
beforeAll(async () => {
  bot = await shareBot();
});
afterAll(() => bot.release());

const guidance = 'The text has to be final.';

/** `one` leaves a draft until it is told that it has to be final; `other` is fine. */
function draftScenario(reviewer: readonly Step[]): Scenario {
  const decision = {
    failureAnalysis: [{ task: 'one', cause: 'code', why: 'It is a draft.' }],
    strategies: [{ task: 'one', action: 'retry_different', guidance, reason: 'One word has to change.' }],
    routedContext: [],
    skip: [],
    learnings: [],
    batches: [['one']],
    verdict: 'continue',
    verdictReason: 'One word has to change.',
  };
  const final: Step = {
    kind: 'when',
    text: guidance,
    steps: [write('one.txt', 'final\n')],
    otherwise: [write('one.txt', 'draft\n')],
  };
  return {
    planner: attempts([planOf(task('one'), task('other'))]),
    pilot: attempts([{ kind: 'json', value: decision }]),
    reviewer: attempts(reviewer),
    'task-one': attempts([final, done]),
    'task-other': attempts([write('other.txt', 'other\n'), done]),
  };
}

function met(key: string, evidence: object) {
  return { task: key, item: 'done', status: 'met', evidence, why: 'It says so.' };
}

function say(...entries: readonly object[]): Step {
  return { kind: 'json', value: { entries } };
}

const other = met('other', { kind: 'trace', path: 'other.txt', from: 1, to: 1, quote: 'other' });
const final = met('one', { kind: 'command', command: 'grep -q final one.txt' });

/** What the reviewer says, by what it is shown: a draft, the other task alone, the final text. */
function reviewing(ofDraft: readonly Step[]): readonly Step[] {
  return [
    {
      kind: 'when',
      text: '+final',
      steps: [say(final)],
      otherwise: [{ kind: 'when', text: '+draft', steps: ofDraft, otherwise: [say(other)] }],
    },
  ];
}

it('23 acceptance-hole: a verdict that leaves out one must item fails that task, and no other', async () => {
  const repository = await bot.createRepository({
    name: 'acceptance-hole',
    files: simpleFiles,
    scenario: draftScenario(reviewing([say(other)])),
  });
  const { pull, run } = await repository.makeReady('Two things');
  expect(run.tasks.map(({ key, state, attempts: made }) => [key, state.kind, made.length])).toEqual([
    ['one', 'merged', 2],
    ['other', 'merged', 1],
  ]);
  expect(run.tasks[0]?.attempts[0]?.cause).toMatchObject({
    kind: 'acceptance_failed',
    items: [{ id: 'done', why: 'The reviewer said nothing about it.' }],
  });
  // It was asked twice to add what is missing; then `other` was judged in the tree without `one`; then `one` alone.
  expect(repository.calls('reviewer')).toHaveLength(5);
  expect(run.acceptances.map(({ tasks, failed }) => [tasks, failed])).toEqual([
    [['one', 'other'], ['one']],
    [['other'], []],
    [['one'], []],
  ]);
  const [asked] = repository.calls('pilot');
  expect(asked?.prompt).toContain('- done (must) missing: The work of one is done.');
  const told = repository.calls('task-one').at(-1)?.prompt ?? '';
  expect(told).toContain('done: The work of one is done.\n  The reviewer said nothing about it.');
  const body = (await repository.pull(pull.number)).body;
  expect(body).toContain('- [x] `one` **met** · The work of one is done.: ');
  expect(body).toContain('3 reviews (');
});

it('23 acceptance-hole: evidence that does not hold counts for nothing, whatever is claimed', async () => {
  const lies = [
    met('one', { kind: 'command', command: 'grep -q final one.txt' }),
    met('one', { kind: 'command', command: 'echo final' }),
  ];
  for (const [at, lie] of lies.entries()) {
    const repository = await bot.createRepository({
      name: `evidence-${at}`,
      files: simpleFiles,
      scenario: draftScenario(reviewing([say(lie, other)])),
    });
    const { run } = await repository.makeReady('Two things');
    const [cause] = run.tasks.flatMap(({ attempts: made }) => made.flatMap((attempt) => attempt.cause ?? []));
    expect(cause).toMatchObject({ kind: 'acceptance_failed', items: [{ id: 'done' }] });
    const why = cause?.kind === 'acceptance_failed' ? cause.items[0]?.why : '';
    expect(why).toContain(['"grep -q final one.txt" exited with 1', '"echo final" looks at nothing'][at]);
    expect(run.tasks.map(({ state }) => state.kind)).toEqual(['merged', 'merged']);
  }
});

it('5 infra-error: the model is away while a batch is reviewed; nothing lands, nothing is lost, and it goes on', async () => {
  const away: Step = { kind: 'fail', status: 429, retryAfterSeconds: 3_000, times: 99 };
  const repository = await bot.createRepository({
    name: 'model-away',
    files: simpleFiles,
    scenario: {
      ...oneTask(),
      reviewer: attempts([away, say(met('one', { kind: 'command', command: 'test -f one.txt' }))]),
    },
  });
  const issue = await repository.openIssue('One thing');
  await issue.label('pilot:run');
  const held = await issue.reaches('paused');
  await issue.isShown();
  expect(held.state).toMatchObject({ cause: { kind: 'model_unavailable' }, back: { phase: 'accepting' } });
  expect(held.tasks.map(({ state }) => state.kind)).toEqual(['anchored']);
  expect(held.integration).toBeUndefined();
  expect((await issue.replies())[0]).toContain('**Paused** by an outage. The model could not be reached');
  expect(Object.keys((await repository.read()).branches)).toEqual(['main']);
  repository.setScenario(oneTask());
  await issue.comment('/pilot resume');
  const run = await issue.reaches('ready');
  expect(run.tasks.map(({ attempts: made }) => made.length)).toEqual([1]);
  expect(run.acceptances).toMatchObject([{ failed: [] }]);
});

it('an answer of the reviewer that has no form merges nothing; what was built waits for a resume', async () => {
  const garbage = 'Looks good to me, merge it!';
  const repository = await bot.createRepository({
    name: 'review-garbage',
    files: simpleFiles,
    scenario: { ...oneTask(), reviewer: attempts([{ kind: 'say', text: garbage }]) },
  });
  const issue = await repository.openIssue('One thing');
  await issue.label('pilot:run');
  const failed = await issue.reaches('failed');
  await issue.isShown();
  expect(failed.state).toMatchObject({ cause: { kind: 'acceptance_unusable' } });
  expect((await repository.read()).pulls).toEqual([]);
  expect(await bot.readArtifact(failed.acceptances[0]?.exchange ?? '')).toContain(garbage);
  repository.setScenario(oneTask());
  await issue.comment('/pilot resume');
  const run = await issue.reaches('ready');
  expect(run.tasks.map(({ state, attempts: made }) => [state.kind, made.length])).toEqual([['merged', 1]]);
});

it('a repository that wants no review gets none', async () => {
  const repository = await bot.createRepository({
    name: 'no-review',
    files: filesWith({ check: 'exit 0\n', policy: 'acceptance:\n  enabled: false\n' }),
    scenario: oneTask(),
  });
  const { run } = await repository.makeReady('One thing');
  expect(repository.calls('reviewer')).toEqual([]);
  expect(run.acceptances).toEqual([]);
});
