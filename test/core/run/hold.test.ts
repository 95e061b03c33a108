// Pause, resume and finish: what is held, what goes on, and what every one of them is told.
import { describe, expect, it } from 'vitest';
import type { WorldOfDecisions } from '../../support/world-of-decisions.ts';
import {
  anchored,
  comment,
  failedAttempt,
  integrated,
  mallory,
  outage,
  planned,
  published,
  pull,
  red,
  sha,
  stopped,
  verified,
} from './outcome.ts';
import {
  atBoundary,
  attempting,
  finishing,
  integrating,
  merging,
  paused,
  pausedByOutage,
  pausing,
  planning,
  publishing,
  ready,
} from './place.ts';

const minuteMs = 60_000;

/** How a command was answered. */
function told(world: WorldOfDecisions, command: string): string {
  const receipt = world.findReceipt(command);
  return `${receipt?.state.kind}: ${receipt?.reply ?? ''}`;
}

describe('a pause', () => {
  it('takes back what nobody has begun, and burns no attempt', () => {
    const world = comment(attempting(['a', 'b']), '/pilot pause the office is closed').settle();
    expect(world.run.state).toMatchObject({ kind: 'paused', by: 'mona', reason: 'the office is closed' });
    expect(world.listWork()).toEqual([]);
    expect(world.run.tasks.map(({ state, attempts }) => [state.kind, attempts.length])).toEqual([
      ['pending', 0],
      ['pending', 0],
    ]);
    expect(told(world, 'pause')).toMatchInlineSnapshot(
      `"done: Run r1 is paused: \`/pilot resume\` goes on, \`/pilot stop\` ends it."`,
    );
  });

  it('waits for what is under way and keeps its result', () => {
    const world = attempting(['a', 'b']);
    const holder = world.begin('r1-attempt-a-1-1');
    comment(world, '/pilot pause').settle();
    expect([world.run.state.kind, world.listWork()]).toEqual(['executing', ['r1-attempt-a-1-1']]);
    world.report(holder, anchored());
    expect(world.run.state).toMatchObject({ kind: 'paused', back: { kind: 'executing', phase: 'attempting' } });
    expect(world.run.tasks.map(({ state }) => state.kind)).toEqual(['anchored', 'pending']);
  });

  it('ends an action that was begun between its decision and its save, and waits for that end', () => {
    const world = attempting();
    comment(world, '/pilot pause');
    world.look(() => world.begin('attempt'));
    world.settle();
    expect(world.run.state.kind).toBe('executing');
    expect(world.find('attempt')?.state).toMatchObject({ kind: 'begun', cancelled: true });
    comment(world, '/pilot resume').settle();
    // Two agents at one task would cost twice: the new one waits for the end of the old one.
    expect(world.listWork()).toHaveLength(1);
    const [old] = world.listLiving();
    if (old) world.report(old, { kind: 'stopped', spend: { inputTokens: 1, outputTokens: 0, microUsd: 7 } });
    expect(world.listWork()).toEqual(['r1-attempt-a-1-2']);
    expect(world.run.spend.microUsd).toBe(5_007);
  });

  it('has no deadline, and its time is no working time', () => {
    const world = paused();
    world.sleepThrough(30 * 24 * 60 * minuteMs).settle();
    expect(world.run.state.kind).toBe('paused');
    comment(world, '/pilot resume').settle();
    expect(world.run.state).toMatchObject({ kind: 'executing', phase: 'attempting', since: world.now });
    world.begin('attempt');
    world.pass(170 * minuteMs);
    expect(world.run.state.kind).toBe('executing');
  });

  it('said twice is one, and a resume takes one back that has not taken hold', () => {
    const world = comment(pausing(), '/pilot pause').settle();
    comment(world, '/pilot resume').settle();
    expect(world.run.pausing).toBeUndefined();
    expect(world.record.receipts.map(({ command, state }) => `${command} ${state.kind}`)).toEqual([
      'run started',
      'pause refused',
      'pause refused',
      'resume done',
    ]);
    comment(world, '/pilot resume').settle();
    expect(told(world, 'resume')).toMatchInlineSnapshot(`"done: Run r1 is at work; nothing holds it."`);
  });

  it('is taken on the word of the payload while GitHub cannot be asked, and a resume is not', () => {
    const world = attempting();
    world.permissions = {};
    comment(world, '/pilot pause', { actor: mallory, association: 'NONE' }).settle();
    expect(world.run.pausing).toBeUndefined();
    comment(world, '/pilot pause', { association: 'MEMBER' }).settle();
    expect(world.run.state.kind).toBe('paused');
    comment(world, '/pilot resume', { association: 'OWNER' }).settle();
    expect(world.run.state.kind).toBe('paused');
  });

  it('is refused where nothing can be held, with the reason', () => {
    const cases = [ready(), merging()].map((world) => told(comment(world, '/pilot pause').settle(), 'pause'));
    expect(cases).toMatchInlineSnapshot(`
      [
        "refused: Nothing is running here.",
        "refused: Run r1 is being merged: there is nothing left to hold.",
      ]
    `);
  });

  it('together with a start in one comment refuses the comment', () => {
    for (const body of ['/pilot pause\n/pilot retry', '/pilot resume\n/pilot stop', '/pilot run\n\n/pilot finish']) {
      const world = attempting();
      const before = structuredClone(world.run);
      comment(world, body).settle();
      expect(world.run).toEqual(before);
      expect(world.record.receipts.at(-1)?.state.kind).toBe('refused');
    }
  });
});

describe('a run that is held', () => {
  it('keeps the subject: a start is told what to do instead', () => {
    const world = comment(paused(), '/pilot run').settle();
    expect(world.record.runsStarted).toBe(1);
    expect(told(world, 'run')).toMatchInlineSnapshot(
      `"refused: Run r1 is paused; \`/pilot resume\` goes on with it, \`/pilot stop\` ends it."`,
    );
  });

  it('verifies after the resume what was pushed meanwhile', () => {
    const world = comment(publishing().finish('publish_branch', published()), '/pilot status').settle();
    pull(world, 'synchronize', { headSha: sha('2') }).settle();
    comment(world, '/pilot pause').settle();
    pull(world, 'synchronize', { headSha: sha('3') }).settle();
    expect(world.run.state.kind).toBe('paused');
    comment(world, '/pilot resume').settle();
    expect(world.find('verify')?.action).toMatchObject({ head: sha('3'), origin: 'pushed' });
  });

  it('while it was publishing keeps what a dead holder may have pushed', () => {
    const world = publishing().die('publish_branch');
    comment(world, '/pilot pause').settle();
    expect(world.listWork()).toEqual(['r1-publish-1']);
    world.finish('publish_branch', published());
    expect(world.run.pullRequest?.number).toBe(9);
  });
});

describe('an outage that lasts', () => {
  it('holds the run, which looks again by itself, a bounded number of times', () => {
    const world = pausedByOutage();
    expect(world.run.state).toMatchObject({ kind: 'paused', cause: outage, back: { phase: 'integrating' } });
    const looks: number[] = [];
    while (world.run.state.kind === 'paused' && world.run.state.lookAt !== undefined) {
      looks.push(Math.round((world.run.state.lookAt - world.now) / minuteMs));
      world.pass(world.run.state.lookAt - world.now).finish('integrate', { kind: 'failed', cause: outage });
    }
    expect(looks).toMatchInlineSnapshot(`
      [
        7,
        13,
        27,
        54,
        81,
        80,
      ]
    `);
    expect([world.run.state.kind, world.listWork()]).toEqual(['paused', []]);
    world.passShown(7 * 24 * 60 * minuteMs);
    expect(world.run.state.kind).toBe('paused');
    expect(world.run.tasks[0]?.state.kind).toBe('anchored');
    comment(world, '/pilot resume').settle();
    world.finish('integrate', integrated(['a']));
    expect(world.run.state.kind).toBe('reviewing');
    expect(world.run.looks).toBeUndefined();
  });

  it('that is over at a look goes on as if nothing had been', () => {
    const world = pausedByOutage();
    world.pass(10 * minuteMs).finish('integrate', integrated(['a']));
    expect(world.run.state).toMatchObject({ kind: 'reviewing' });
    expect(world.run.troubles).toEqual({});
  });

  it('of the model before an agent used anything burns no attempt', () => {
    const gone = { kind: 'model_unavailable', detail: 'no answer' } as const;
    const nothing = { inputTokens: 0, outputTokens: 0, microUsd: 0 };
    const world = attempting();
    while (world.find('attempt')) world.finish('attempt', failedAttempt(gone, nothing));
    expect(world.run.state).toMatchObject({ kind: 'paused', cause: gone });
    expect(world.run.tasks[0]).toMatchObject({ state: { kind: 'pending' }, attempts: [] });
    world.pass(10 * minuteMs).finish('attempt', anchored());
    expect(world.run.tasks[0]?.attempts).toHaveLength(1);
  });

  it('whose end the other side names is waited for until then', () => {
    const retryAt = 1_000_000 + 3_600_000;
    const world = integrating().finish('integrate', { kind: 'failed', cause: { ...outage, retryAt } as typeof outage });
    const { state } = world.run;
    expect(state.kind === 'paused' && (state.lookAt ?? 0) >= retryAt && (state.lookAt ?? 0) < retryAt + 2_000).toBe(
      true,
    );
  });

  it('is held by a person from then on who says pause', () => {
    const world = comment(pausedByOutage(), '/pilot pause').settle();
    expect(world.run.state).toMatchObject({ kind: 'paused', by: 'mona' });
    world.passShown(24 * 60 * minuteMs);
    expect(world.run.state.kind).toBe('paused');
  });
});

describe('a finish', () => {
  it('lets what works end, leaves out the rest, and delivers', () => {
    const world = finishing();
    const [holder] = world.listLiving();
    if (holder) world.report(holder, anchored());
    world.finish('integrate', integrated(['a']));
    expect(world.run.tasks[1]?.state).toEqual({
      kind: 'skipped',
      by: '@mona',
      reason: 'The run was finished before it could be done.',
    });
    world.finish('verify', verified()).finish('publish_branch', published());
    expect(world.run.state.kind).toBe('ready');
    expect(told(world, 'finish')).toMatchInlineSnapshot(`"done: Run r1 is finished with what was built."`);
  });

  it('tries nothing again and asks no pilot', () => {
    const world = finishing();
    const [holder] = world.listLiving();
    if (holder) world.report(holder, failedAttempt(red));
    expect(world.run.state).toMatchObject({ kind: 'stopped', by: 'mona' });
    expect(world.listWork()).toEqual([]);
    expect(comment(atBoundary(), '/pilot finish').settle().listWork()).toEqual([]);
  });

  it('ignores what a pilot decides that was asked before it', () => {
    const world = atBoundary();
    const holder = world.begin('pilot');
    comment(world, '/pilot finish').settle();
    world.report(holder, stopped);
    expect(world.run.state.kind).toBe('stopped');
  });

  it('said twice is one, ends a hold, and is refused where nothing is built', () => {
    const world = comment(comment(finishing(), '/pilot finish').settle(), '/pilot finish').settle();
    expect(world.record.receipts.filter(({ command }) => command === 'finish')).toHaveLength(3);
    expect(told(comment(planning(), '/pilot finish').settle(), 'finish')).toMatchInlineSnapshot(
      `"refused: Nothing is built yet that could be kept; \`/pilot stop\` ends run r1."`,
    );
    const held = comment(attempting(['a', 'b']), '/pilot pause').settle();
    held.finish('present', { kind: 'presented', revision: 1 });
    expect(comment(held, '/pilot finish').settle().run.state.kind).toBe('stopped');
    expect(comment(planning().finish('plan', planned(['a'])), '/pilot finish').settle().run.state.kind).toBe('stopped');
  });

  it('merges and delivers what is built, whichever batch it waits in', () => {
    const world = attempting(['a', 'b'], ['c']);
    world.finish('r1-attempt-a-1-1', anchored()).finish('r1-attempt-b-1-2', anchored(sha('2')));
    const taken = [{ key: 'b', cause: { kind: 'taken_out', with: 'a' } as const }];
    const holder = world.begin('integrate');
    comment(world, '/pilot finish').settle();
    world.report(holder, integrated([], { failed: [{ key: 'a', cause: red }], rolledBack: taken }));
    expect(world.find('integrate')?.action).toMatchObject({ contributions: [{ task: 'b', commit: sha('2') }] });
    world.finish('integrate', integrated(['b'], { commit: sha('2') }));
    expect(world.run.tasks.map(({ state }) => state.kind)).toEqual(['failed', 'merged', 'skipped']);
    expect(world.run.state.kind).toBe('reviewing');
  });

  it('does not merge the same ones again and again', () => {
    const world = attempting(['a', 'b']);
    world.finish('r1-attempt-a-1-1', anchored()).finish('r1-attempt-b-1-2', anchored(sha('2')));
    const holder = world.begin('integrate');
    comment(world, '/pilot finish').settle();
    const rolledBack = ['a', 'b'].map((key) => ({ key, cause: { kind: 'taken_out', with: 'x' } as const }));
    world.report(holder, integrated([], { rolledBack }));
    expect(world.run.tasks.map(({ state }) => state.kind)).toEqual(['skipped', 'skipped']);
    expect(world.run.state.kind).toBe('stopped');
  });
});
