import { describe, expect, it } from 'vitest';
import { renderView } from '../../../src/core/reply/render-view.ts';
import { leaseMs, toResult, type WorldOfDecisions } from '../../support/world-of-decisions.ts';
import { anchored, comment, mallory } from './outcome.ts';
import { attempting, ready } from './place.ts';

const hourMs = 3_600_000;

function show(world: WorldOfDecisions): WorldOfDecisions {
  return world.finish('present', { kind: 'presented', revision: world.record.presentation.wanted });
}

function delay(world: WorldOfDecisions, more: { until?: number; isPlanned?: boolean } = {}): WorldOfDecisions {
  const holder = world.begin('present');
  const { until = world.now, isPlanned = false } = more;
  return world.report(holder, { kind: 'delayed', until, why: 'GitHub said 502', isPlanned });
}

/** When the waiting presentation may begin, counted from now. */
function waitOf(world: WorldOfDecisions): number {
  return Math.max(0, (world.find('present')?.notBefore ?? 0) - world.now);
}

/** A ready run is looked at once a day for as long as its pull request is open, whatever is shown of it. */
const dailyLook = 1_000_000 + 24 * 3_600_000;

describe('what people see', () => {
  it('is asked for once, whatever happened since', () => {
    const world = attempting();
    for (let times = 0; times < 5; times += 1) comment(world, '/pilot status').settle();
    expect(world.outbox.filter(({ action }) => action.kind === 'present')).toHaveLength(1);
    show(world);
    expect(world.find('present')).toBeUndefined();
    expect(world.record.presentation.done).toBe(world.record.presentation.wanted);
  });

  it('follows a change of state at once, and progress after a while', () => {
    const world = show(attempting(['a', 'b']));
    world.finish('r1-attempt-a-1-1', anchored());
    expect(waitOf(world)).toBe(30_000);
    comment(world, '/pilot stop').settle();
    expect(waitOf(world)).toBe(0);
    expect(world.outbox.filter(({ action }) => action.kind === 'present')).toHaveLength(1);
  });

  it('is shown again when it changed while the publisher worked', () => {
    const world = attempting();
    const holder = world.begin('present');
    const revision = world.record.presentation.wanted;
    comment(world, '/pilot status').settle();
    world.report(holder, { kind: 'presented', revision });
    expect(world.find('present')).toBeDefined();
    // Whoever asked is not kept waiting because somebody else was being told something.
    expect(waitOf(world)).toBe(0);
  });

  it('is no more urgent than it was when it changed while the publisher worked', () => {
    const world = attempting(['a', 'b']);
    const holder = world.begin('present');
    const revision = world.record.presentation.wanted;
    world.finish('r1-attempt-a-1-1', anchored());
    world.report(holder, { kind: 'presented', revision });
    expect(waitOf(world)).toBe(30_000);
  });

  it('leaves nothing to do before the daily look once it is shown and the run rests', () => {
    const world = show(ready());
    expect(world.outbox).toEqual([]);
    expect(world.wakeAt).toBe(dailyLook);
  });
});

describe('a presentation that does not succeed', () => {
  it('backs off, up to five minutes', () => {
    const world = ready();
    const waits = Array.from({ length: 9 }, () => waitOf(delay(world)) / 1_000);
    expect(waits).toEqual([4, 8, 16, 32, 64, 128, 256, 300, 300]);
  });

  it('for ever is tried a bounded number of times in an hour', () => {
    const world = ready();
    const start = world.now;
    let times = 0;
    for (; world.now - start < hourMs; times += 1) delay(world);
    expect(times).toBeLessThan(25);
  });

  it('waits as long as GitHub says, also when something urgent comes', () => {
    const world = ready();
    delay(world, { until: world.now + hourMs });
    expect(waitOf(world)).toBe(hourMs);
    comment(world, '/pilot status').settle();
    expect(waitOf(world)).toBe(hourMs);
    expect(world.outbox.filter(({ action }) => action.kind === 'present')).toHaveLength(1);
  });

  it('recovers: the first that succeeds shows everything and forgets the failures', () => {
    const world = ready();
    for (let times = 0; times < 5; times += 1) delay(world);
    show(world);
    expect(world.record.presentation).toMatchObject({ failures: 0, done: world.record.presentation.wanted });
    expect(world.outbox).toEqual([]);
  });

  it('because another publisher is at work is no failure', () => {
    const world = ready();
    delay(world, { until: world.now + 1_000, isPlanned: true });
    expect(waitOf(world)).toBe(1_000);
    expect(world.record.presentation.failures).toBe(0);
  });

  it('because its holders die is given up for a while, and then asked for again', () => {
    const world = ready();
    for (let tries = 0; tries < 4; tries += 1) world.die('present');
    expect(waitOf(world)).toBe(5 * 60_000);
    show(world);
    expect(world.outbox).toEqual([]);
  });
});

describe('a publisher that was replaced', () => {
  it('and wrote its older view late has the newest shown once more', () => {
    const world = attempting();
    const stalled = world.begin('present');
    world.kill(stalled).pass(leaseMs);
    show(world);
    world.put(toResult(stalled, { kind: 'presented', revision: 1 })).settle();
    expect(world.log.at(-1)).toContain('stale_result');
    show(world);
    expect(world.find('present')).toBeUndefined();
  });
});

describe('what was made', () => {
  const made = { hasMade: true } as const;
  const showMade = (world: WorldOfDecisions) =>
    world.finish('present', { kind: 'presented', revision: world.record.presentation.wanted, ...made });

  it('is looked at once more, since lists lag behind; until then nothing is left to do', () => {
    const world = showMade(ready());
    expect(world.outbox).toEqual([]);
    expect(world.wakeAt).toBe(world.now + 30_000);
    world.pass(30_000);
    show(world);
    expect(world.outbox).toEqual([]);
    expect(world.wakeAt).toBe(dailyLook);
  });

  it('is looked at after the lists have caught up, also when somebody saw nothing of it before', () => {
    const world = showMade(ready());
    const made = world.now;
    comment(world.pass(3_000), '/pilot status').settle();
    show(world);
    expect(world.wakeAt).toBe(made + 30_000);
  });

  it('but is never to be seen is looked for a few times only', () => {
    const world = showMade(ready());
    for (let looks = 0; looks < 3; looks += 1) {
      world.pass(30_000);
      showMade(world);
    }
    expect(world.wakeAt).toBe(dailyLook);
  });

  it('is looked at in the end, also when GitHub is away for longer than all looks', () => {
    const world = showMade(ready());
    for (let looks = 0; looks < 6; looks += 1) delay(world.pass(10 * 60_000));
    world.pass(10 * 60_000);
    show(world).pass(30_000);
    show(world);
    expect(world.record.presentation.confirm).toBeUndefined();
  });

  it('is looked at also where it is not known whether anything was made', () => {
    const world = ready();
    delay(world);
    show(world);
    expect(world.wakeAt).toBe(world.now + 30_000);
  });
});

describe('a budget that is spent', () => {
  const minuteMs = 60_000;

  it('lets progress wait, counts as no failure, and holds nothing up that is urgent', () => {
    const world = ready();
    delay(world, { until: world.now + 10 * minuteMs, isPlanned: true });
    expect(waitOf(world)).toBe(10 * minuteMs);
    expect(world.record.presentation.failures).toBe(0);
    comment(world, '/pilot status').settle();
    expect(waitOf(world)).toBe(0);
  });

  it('lets what became urgent while the publisher worked wait for nothing', () => {
    const world = ready();
    const holder = world.begin('present');
    const revision = world.record.presentation.wanted;
    comment(world, '/pilot status').settle();
    const until = world.now + 10 * minuteMs;
    world.report(holder, { kind: 'delayed', until, why: 'no budget', isPlanned: true, isProgress: true, revision });
    expect(waitOf(world)).toBe(0);
  });
});

it('what GitHub will not take is said in the log, and the rest counts as shown', () => {
  const world = ready();
  const revision = world.record.presentation.wanted;
  world.finish('present', { kind: 'presented', revision, refused: 'post a comment: GitHub answered 403' });
  expect(world.log.at(-1)).toBe('present_refused: post a comment: GitHub answered 403');
  expect(world.record.presentation.done).toBe(revision);
});

describe('a run that ended while GitHub was away', () => {
  it('is shown as it ended, also when the next one has begun', () => {
    const world = attempting();
    delay(world, { until: world.now + 60_000 });
    comment(world, '/pilot stop').settle();
    comment(world, '/pilot run').settle();
    expect(world.run.id).toBe('r2');
    const headlines = () => renderView(world.record).comments.map(({ body }) => body.split('\n')[2]);
    expect(headlines()[0]).toContain('**Stopped** by @\u200bmona.');
    expect(headlines()[1]).toBe('**Planning** the work.');
    show(world);
    world.pass(30_000);
    show(world);
    expect(headlines()).toEqual(['**Planning** the work.']);
  });
});

describe('strangers', () => {
  it('cannot make it be shown more than once at a time', () => {
    const world = ready();
    for (let times = 0; times < 40; times += 1) comment(world, '/pilot run', { actor: mallory }).settle();
    expect(world.outbox).toHaveLength(1);
  });
});
