// Resume after an end, continue, retry and skip: which tasks run again, on which base, and what is told.
import { describe, expect, it } from 'vitest';
import { leaseMs, type WorldOfDecisions } from '../../support/world-of-decisions.ts';
import {
  anchored,
  comment,
  contractBlocked,
  failedAttempt,
  fellBack,
  integrated,
  outage,
  planned,
  published,
  pull,
  red,
  report,
  sha,
  verified,
} from './outcome.ts';
import {
  attempting,
  capped,
  closed,
  failedWithPull,
  landed,
  merging,
  paused,
  planning,
  ready,
  readyInPart,
  stoppedEarly,
} from './place.ts';

const minuteMs = 60_000;

function tell(world: WorldOfDecisions, body: string): string {
  const receipt = comment(world, body).settle().record.receipts.at(-1);
  return `${receipt?.state.kind}: ${receipt?.reply ?? ''}`;
}

function kinds(world: WorldOfDecisions): string[] {
  return world.run.tasks.map(({ key, state, attempts }) => `${key} ${state.kind} ${attempts.length}`);
}

/** `b` needs `a`, and `c` needs `b`; each in a batch of its own. */
function chained(): WorldOfDecisions {
  const plan = planned(['a'], ['b'], ['c']);
  const needs: Record<string, string[]> = { b: ['a'], c: ['b'] };
  const tasks = plan.tasks.map((task) => ({ ...task, dependsOn: needs[task.key] ?? [] }));
  return planning().finish('plan', { ...plan, tasks });
}

/** `a` failed for good, and what needs it is blocked. */
function failedChain(): WorldOfDecisions {
  const world = chained().finish('attempt', failedAttempt(red)).finish('attempt', failedAttempt(red));
  return world.finish('pilot', fellBack());
}

describe('a resume after an end', () => {
  it('runs only what is not finished, and merges what was built', () => {
    const world = attempting(['a', 'b'], ['c']);
    world.finish('r1-attempt-a-1-1', anchored());
    comment(world, '/pilot stop').settle();
    expect(kinds(world)).toEqual(['a anchored 1', 'b pending 0', 'c pending 0']);
    expect(tell(world, '/pilot resume')).toMatchInlineSnapshot(`"started: Run r1 goes on with what is not finished."`);
    expect(world.find('integrate')?.action).toMatchObject({ contributions: [{ task: 'a' }] });
    world.finish('integrate', integrated(['a']));
    expect(kinds(world)).toEqual(['a merged 1', 'b running 1', 'c running 1']);
  });

  it('plans anew where there was no plan yet', () => {
    const world = comment(planning(), '/pilot stop').settle();
    comment(world, '/pilot resume').settle();
    expect([world.run.id, world.listWork()]).toEqual(['r1', ['r1-plan-2']]);
  });

  it('tries again what failed for no reason of its own', () => {
    const world = attempting(['a', 'b']);
    world.begin('r1-attempt-a-1-1');
    world.passShown(24 * 60 * minuteMs);
    expect(world.run.state).toMatchObject({ kind: 'failed', cause: { kind: 'deadline' } });
    comment(world, '/pilot resume').settle();
    expect(world.run.state.kind).toBe('executing');
  });

  it('ends as the run ends, and is told where nothing is left', () => {
    const world = failedChain();
    expect(tell(world, '/pilot resume')).toMatchInlineSnapshot(
      `"refused: Nothing of run r1 is left to go on with; \`/pilot retry\` tries again what failed."`,
    );
    expect([tell(ready(), '/pilot resume'), tell(landed(), '/pilot resume')]).toMatchInlineSnapshot(`
      [
        "refused: Run r1 is complete; \`/pilot retry\` tries again what failed.",
        "refused: Run r1 is over for good.",
      ]
    `);
  });
});

describe('a retry', () => {
  it('of everything that failed takes along what was blocked by it', () => {
    const world = failedChain();
    expect(kinds(world)).toEqual(['a failed 2', 'b blocked 0', 'c blocked 0']);
    expect(tell(world, '/pilot retry')).toMatchInlineSnapshot(`"started: \`a\` is tried again."`);
    expect(kinds(world)).toEqual(['a running 3', 'b pending 0', 'c pending 0']);
    expect(world.run.ahead).toEqual([['a'], ['b'], ['c']]);
  });

  it('grants exactly one attempt more where they are used up, and says so', () => {
    const world = failedChain();
    comment(world, '/pilot retry a').settle();
    world.finish('attempt', failedAttempt(red));
    expect(kinds(world)).toEqual(['a failed 3', 'b blocked 0', 'c blocked 0']);
    expect(tell(world, '/pilot retry a')).toMatchInlineSnapshot(
      `"started: \`a\` is tried again. One attempt more than the policy gives is granted to \`a\`."`,
    );
    world.finish('attempt', failedAttempt(red));
    expect(kinds(world)[0]).toBe('a failed 4');
    expect(world.run.tasks[0]?.granted).toBe(1);
  });

  it('said twice is one attempt', () => {
    const world = failedChain();
    comment(world, '/pilot retry a');
    expect(tell(world, '/pilot retry a')).toMatchInlineSnapshot(
      `"done: \`a\` is not finished yet: it goes on by itself."`,
    );
    expect(kinds(world)[0]).toBe('a running 3');
  });

  it('beside work that goes on starts at once', () => {
    const world = attempting(['a', 'b']);
    world.begin('r1-attempt-b-1-2');
    world.finish('r1-attempt-a-1-1', failedAttempt({ kind: 'sandbox_denied', capability: 'network' }));
    expect(kinds(world)).toEqual(['a failed 1', 'b running 1']);
    comment(world, '/pilot retry a').settle();
    expect(kinds(world)).toEqual(['a running 2', 'b running 1']);
  });

  it('of a held run waits for the resume', () => {
    const world = attempting(['a', 'b']);
    world.finish('r1-attempt-a-1-1', failedAttempt({ kind: 'sandbox_denied', capability: 'network' }));
    comment(world, '/pilot pause').settle();
    expect(tell(world, '/pilot retry a')).toMatchInlineSnapshot(
      `"done: \`a\` is tried again. Run r1 is held: \`/pilot resume\` goes on."`,
    );
    expect(world.listWork()).toEqual([]);
    comment(world, '/pilot resume').settle();
    expect(kinds(world)).toEqual(['a running 2', 'b running 1']);
  });

  it('is refused with a reason where it makes no sense', () => {
    const refused = [
      tell(planning(), '/pilot retry a'),
      tell(ready(), '/pilot retry'),
      tell(ready(), '/pilot retry a'),
      tell(ready(), '/pilot retry aa'),
      tell(failedChain(), '/pilot retry b'),
      tell(merging(), '/pilot retry a'),
      tell(closed(), '/pilot retry a'),
    ];
    expect(refused).toMatchInlineSnapshot(`
      [
        "refused: Run r1 is planning; ask again when that has ended.",
        "refused: Nothing failed here that could be tried again.",
        "refused: \`a\` is merged already.",
        "refused: Run r1 has no task \`aa\`; its tasks are \`a\`. Did you mean \`a\`?",
        "refused: \`b\` cannot run: it depends on \`a\`, which did not succeed.",
        "refused: Run r1 is merging; ask again when that has ended.",
        "refused: Run r1 is over for good.",
      ]
    `);
  });
});

describe('a retry of a run that failed with all its tasks merged', () => {
  it('verifies it again, as the words beside the failure say', () => {
    const world = failedWithPull();
    expect(tell(world, '/pilot retry')).toBe('started: Run r1 goes on with what is not finished.');
    expect(world.run.state).toMatchObject({ kind: 'reviewing', phase: 'verifying' });
  });
});

describe('a publisher that pushed and could not open the pull request', () => {
  it.each([
    ['because GitHub refused it', { kind: 'failed', cause: { kind: 'push_rejected', why: 'no' }, isPushed: true }],
    ['because it died and was stopped', { kind: 'stopped', isPushed: true }],
  ] as const)('%s is followed by a push that expects its head', (_name, outcome) => {
    const world = attempting(['a', 'b']).finish('r1-attempt-a-1-1', anchored());
    world.finish('r1-attempt-b-1-2', failedAttempt(red)).finish('attempt', failedAttempt(red));
    world
      .finish('integrate', integrated(['a']))
      .finish('pilot', fellBack())
      .finish('verify', verified());
    const holder = world.begin('publish_branch');
    if (outcome.kind === 'stopped') comment(world, '/pilot stop').settle();
    world.report(holder, outcome);
    comment(world, '/pilot retry b').settle();
    world.finish('attempt', anchored(sha('3'))).finish('integrate', integrated(['b'], { commit: sha('3') }));
    world.finish('verify', verified(sha('3')));
    expect(world.find('publish_branch')?.action).toMatchObject({ head: sha('3'), expected: sha('1') });
  });
});

describe('a publisher of a retry that died before it pushed', () => {
  /** The second task is built and verified, and not pushed. */
  function settled(head: string): WorldOfDecisions {
    const world = comment(readyInPart(), '/pilot retry b').settle();
    world.finish('attempt', anchored(sha('3'))).finish('integrate', integrated(['b'], { commit: sha('3') }));
    world.finish('verify', verified(sha('3')));
    const holder = world.begin('publish_branch');
    comment(world, '/pilot stop').settle();
    world.kill(holder).pass(leaseMs);
    return world.finish('publish_branch', published(head));
  }

  it('has delivered nothing, and what it was to push is pushed when the run goes on', () => {
    const world = comment(settled(sha('1')), '/pilot resume').settle();
    expect(world.find('verify')?.action).toMatchObject({ head: sha('3'), origin: 'ours' });
    world.finish('verify', verified(sha('3')));
    expect(world.find('publish_branch')?.action).toMatchObject({ head: sha('3'), expected: sha('1') });
  });

  it('does not make a head of ours of what somebody pushed meanwhile', () => {
    const world = comment(settled(sha('2')), '/pilot resume').settle();
    expect(world.find('verify')?.action).toMatchObject({ head: sha('2'), origin: 'pushed' });
  });
});

describe('a retry while a run is being finished', () => {
  it('is refused, also while it is held: nothing new would start', () => {
    const world = attempting(['a', 'b'], ['c']);
    for (const attempt of ['r1-attempt-a-1-1', 'r1-attempt-a-2-3']) world.finish(attempt, failedAttempt(red));
    const holder = world.begin('attempt');
    comment(world, '/pilot finish').settle();
    comment(world, '/pilot pause').settle();
    world.report(holder, anchored());
    expect(tell(world, '/pilot retry a')).toBe('refused: Run r1 is being finished; ask again when it rests.');
  });
});

describe('a retry with an open pull request', () => {
  it('works on the branch and is pushed over exactly what is there', () => {
    const world = comment(readyInPart(), '/pilot retry').settle();
    expect(world.find('attempt')?.action).toMatchObject({ task: 'b', base: sha('1') });
    world.finish('attempt', anchored(sha('4')));
    expect(world.find('integrate')?.action).toMatchObject({ onto: sha('1') });
    world.finish('integrate', { ...integrated(['b']), commit: sha('5'), tree: 't5' });
    expect(world.find('verify')?.action).toMatchObject({ head: sha('5'), origin: 'ours' });
    world.finish('verify', verified(sha('5')));
    expect(world.find('publish_branch')?.action).toMatchObject({ head: sha('5'), expected: sha('1') });
    world.finish('publish_branch', published(sha('5')));
    expect(world.run).toMatchObject({ state: { kind: 'ready' }, pullRequest: { head: sha('5') } });
    expect(kinds(world)).toEqual(['a merged 1', 'b merged 3']);
  });

  it('builds on what people pushed and what was verified since', () => {
    const world = pull(readyInPart(), 'synchronize', { headSha: sha('2') }).settle();
    expect(tell(world, '/pilot retry')).toBe('refused: Run r1 is reviewing; ask again when that has ended.');
    world.finish('verify', verified(sha('2')));
    comment(world, '/pilot retry').settle();
    expect(world.find('attempt')?.action).toMatchObject({ base: sha('2') });
    world.finish('attempt', anchored(sha('4'))).finish('integrate', { ...integrated(['b']), commit: sha('5') });
    world.finish('verify', verified(sha('5')));
    expect(world.find('publish_branch')?.action).toMatchObject({ head: sha('5'), expected: sha('2') });
  });

  it('merges what it built onto a push that came meanwhile, without running an agent again', () => {
    const world = comment(readyInPart(), '/pilot retry').settle();
    world.finish('attempt', anchored(sha('4'))).finish('integrate', { ...integrated(['b']), commit: sha('5') });
    pull(world, 'synchronize', { headSha: sha('2') }).settle();
    world.finish('verify', verified(sha('5')));
    // Nothing is pushed over what somebody else put there.
    expect(world.find('verify')?.action).toMatchObject({ head: sha('2'), origin: 'pushed' });
    world.finish('verify', verified(sha('2')));
    expect(world.find('integrate')?.action).toMatchObject({ onto: sha('2'), contributions: [{ commit: sha('4') }] });
    world.finish('integrate', { ...integrated(['b']), commit: sha('6') }).finish('verify', verified(sha('6')));
    expect(world.find('publish_branch')?.action).toMatchObject({ head: sha('6'), expected: sha('2') });
    world.finish('publish_branch', published(sha('6')));
    expect(world.run.state.kind).toBe('ready');
    expect(kinds(world)).toEqual(['a merged 1', 'b merged 3']);
  });

  it('whose own push is heard of before its result stays one push', () => {
    const world = comment(readyInPart(), '/pilot retry').settle();
    world.finish('attempt', anchored(sha('4'))).finish('integrate', { ...integrated(['b']), commit: sha('5') });
    world.finish('verify', verified(sha('5')));
    const holder = world.begin('publish_branch');
    pull(world, 'synchronize', { headSha: sha('5') }).settle();
    world.report(holder, published(sha('5')));
    expect([world.run.state.kind, world.listWork()]).toEqual(['ready', []]);
  });

  it('that is stopped before its push leaves the pull request with its own verdict', () => {
    const world = comment(readyInPart(), '/pilot retry').settle();
    world.finish('attempt', anchored(sha('4'))).finish('integrate', { ...integrated(['b']), commit: sha('5') });
    comment(world, '/pilot stop').settle();
    comment(world, '/pilot merge').settle();
    expect(world.findReceipt('merge')?.state.kind).toBe('refused');
    comment(world, '/pilot resume').settle();
    expect(world.find('verify')?.action).toMatchObject({ head: sha('5') });
  });
});

describe('a skip', () => {
  it('leaves out a task and what depends on it, and starts nothing', () => {
    const world = comment(chained(), '/pilot pause').settle();
    expect(tell(world, '/pilot skip b nobody needs it')).toMatchInlineSnapshot(
      `"done: \`b\` is left out, and with it \`c\`. \`/pilot resume\` goes on with what is left."`,
    );
    expect(world.run.tasks.map(({ state }) => state)).toMatchObject([
      { kind: 'pending' },
      { kind: 'skipped', by: '@mona', reason: 'nobody needs it' },
      { kind: 'skipped', on: 'b' },
    ]);
    expect(tell(world, '/pilot skip b again')).toMatchInlineSnapshot(`"done: \`b\` is left out already."`);
    expect(world.listWork()).toEqual([]);
  });

  it('while others work takes it out of the batches to come', () => {
    const world = attempting(['a'], ['b'], ['c']);
    comment(world, '/pilot skip b nobody needs it').settle();
    expect(world.run.ahead).toEqual([['a'], ['c']]);
    world.finish('attempt', anchored()).finish('integrate', integrated(['a']));
    expect(kinds(world)).toEqual(['a merged 1', 'b skipped 0', 'c running 1']);
  });

  it('of a task is taken back by a retry of it, with what depended on it', () => {
    const world = comment(chained(), '/pilot stop').settle();
    comment(world, '/pilot skip b nobody needs it').settle();
    comment(world, '/pilot retry b').settle();
    expect(kinds(world)).toEqual(['a running 1', 'b pending 0', 'c pending 0']);
  });

  it('is refused for what is under way, merged or unknown', () => {
    const refused = [
      tell(attempting(), '/pilot skip a it is late'),
      tell(ready(), '/pilot skip a it is late'),
      tell(stoppedEarly(), '/pilot skip b it is late'),
      tell(planning(), '/pilot skip a it is late'),
    ];
    expect(refused).toMatchInlineSnapshot(`
      [
        "refused: \`a\` is under way; \`/pilot stop\` ends the whole run.",
        "refused: \`a\` is merged already and cannot be left out any more.",
        "refused: Run r1 has no task \`b\`; its tasks are \`a\`.",
        "refused: Run r1 is planning; ask again when that has ended.",
      ]
    `);
  });
});

describe('59 budget-cap: a continue', () => {
  it('raises the cap that fired by what the policy gives, once more, and goes on', () => {
    const world = capped();
    expect(world.run.state).toMatchObject({ kind: 'failed', cause: { kind: 'budget', limit: 'budget.run_usd' } });
    expect(tell(world, '/pilot resume')).toMatch(/^refused/);
    expect(tell(world, '/pilot continue')).toMatchInlineSnapshot(
      `"started: Run r1 goes on: \`budget.run_usd\` is now $20.00."`,
    );
    expect(kinds(world)).toEqual(['a running 2', 'b running 1']);
    expect(tell(world, '/pilot continue')).toMatchInlineSnapshot(
      `"refused: Run r1 is at work: no limit has stopped it."`,
    );
    expect(world.run.raised).toEqual({ microUsd: 10_000_000, tokens: 0, ms: 0, attempts: 0 });
  });

  it('raises the time of a run that has used it', () => {
    const world = attempting(['a', 'b', 'c', 'd']);
    world.begin('attempt');
    world.passShown(24 * 60 * minuteMs);
    expect(world.run.state).toMatchObject({ cause: { kind: 'deadline', limit: 'budget.run_minutes' } });
    expect(tell(world, '/pilot resume')).toMatchInlineSnapshot(
      `"refused: The limit \`budget.run_minutes\` of run r1 is reached; \`/pilot continue\` raises it."`,
    );
    expect(tell(world, '/pilot continue')).toMatchInlineSnapshot(
      `"started: Run r1 goes on: \`budget.run_minutes\` is now 960."`,
    );
    expect(kinds(world)).toEqual(['a pending 0', 'b running 1', 'c running 1', 'd running 1']);
  });

  it('is refused where no limit ended work', () => {
    const refused = [attempting(), paused(), ready(), failedChain(), landed()].map((world) =>
      tell(world, '/pilot continue'),
    );
    expect(refused).toMatchInlineSnapshot(`
      [
        "refused: Run r1 is at work: no limit has stopped it.",
        "refused: Run r1 is paused; \`/pilot resume\` goes on.",
        "refused: Run r1 was not stopped by a limit, so there is none to raise.",
        "refused: Run r1 was not stopped by a limit, so there is none to raise.",
        "refused: Run r1 was not stopped by a limit, so there is none to raise.",
      ]
    `);
  });
});

describe('a run that goes on', () => {
  it('has forgotten the outage that ended it', () => {
    const world = attempting().finish('attempt', anchored());
    world.finish('integrate', { kind: 'failed', cause: { ...outage, system: 'disk' } as typeof outage });
    for (let tries = 0; tries < 3; tries += 1)
      world.finish('integrate', { kind: 'failed', cause: { ...outage, system: 'disk' } as typeof outage });
    expect(world.run.state.kind).toBe('failed');
    comment(world, '/pilot resume').settle();
    world.finish('integrate', integrated(['a'], { verify: report('tree') }));
    expect(world.run.state).toMatchObject({ kind: 'reviewing' });
  });
});

it('merges what waits for an amendment with it, whoever else is tried again meanwhile', () => {
  const world = attempting(['a', 'b'], ['c']);
  world.finish('r1-attempt-a-1-1', contractBlocked(sha('2')));
  comment(world, '/pilot stop').settle();
  comment(world, '/pilot retry b').settle();
  const [waiting] = world.run.tasks;
  const on = waiting?.state.kind === 'awaiting_amendment' ? waiting.state.on : '';
  expect(world.run.ahead.find((batch) => batch.includes(on))).toContain('a');
});
