// A pull request that no run made, and that nobody told of when it was opened: whatever asks about it, or lists it, makes it known,
// so that its gate is shown.
import { describe, expect, it } from 'vitest';
import type { Event } from '../../../src/core/model/event.ts';
import { openRecord } from '../../../src/core/model/record.ts';
import type { ThreadPull } from '../../../src/core/model/snapshot.ts';
import { renderView } from '../../../src/core/reply/render-view.ts';
import { repository, WorldOfDecisions } from '../../support/world-of-decisions.ts';
import { comment, press, pull, sha } from './outcome.ts';

const open: ThreadPull = {
  ...{ number: 1, head: sha('7'), branch: 'main', base: sha('8'), state: 'open', headBranch: 'cache' },
  ...{ isSameRepository: true, isDraft: false, isOurs: false },
};

/** GitHub says this of the thread, where it is asked. */
function unheard(seen: Partial<ThreadPull> = {}): WorldOfDecisions {
  const world = new WorldOfDecisions();
  world.record = openRecord(repository, 1, { isPullRequest: true, title: 'Add a cache' });
  world.pull = { ...open, ...seen };
  return world;
}

function told(more: Parameters<typeof pull>[2] = {}): WorldOfDecisions {
  const world = unheard();
  world.pull = undefined;
  return pull(world, 'opened', { number: 1, headBranch: 'cache', headSha: sha('7'), ...more })
    .settle()
    .show();
}

function listChecks({ record, outbox, now }: WorldOfDecisions): string[] {
  return renderView(record, { outbox, now }).checks.map(({ externalId }) => externalId);
}

describe('a pull request that nobody told of', () => {
  it.each(['/pilot review', '/pilot recheck', '/pilot status', '/pilot config', '/pilot vouch', '/pilot rnu'])(
    'is known, and has its check, from whatever somebody asks on it: %s',
    (body) => {
      const world = comment(unheard(), body).settle();
      expect(world.record.pull).toEqual({
        ...{ number: 1, branch: 'cache', baseBranch: 'main', head: sha('7'), state: 'open' },
      });
      expect(listChecks(world)).toContain(`observed:1:${sha('7')}`);
    },
  );

  it('is known as what it is', () => {
    const fork = comment(unheard({ isSameRepository: false, isDraft: true }), '/pilot status').settle();
    expect(fork.record.pull).toMatchObject({ isFork: true, isDraft: true });
    expect(comment(unheard({ state: 'closed' }), '/pilot status').settle().record.pull?.state).toBe('closed');
    const away = unheard();
    away.pull = undefined;
    expect(comment(away, '/pilot status').settle().record.pull).toBeUndefined();
  });

  it('is none of a run, whose check is the business of its issue', () => {
    const ours = { isOurs: true, headBranch: 'gatepilot/5/r1' };
    expect(comment(unheard(ours), '/pilot status').settle().record.pull).toBeUndefined();
    expect(comment(unheard({ ...ours, isOurs: false }), '/pilot status').settle().record.pull).toBeDefined();
  });

  it('is known as it is now where a push was not told', () => {
    const world = told({ headSha: sha('6') });
    expect(world.record.pull?.head).toBe(sha('6'));
    world.pull = open;
    comment(world, '/pilot review').settle();
    expect(listChecks(world)).toContain(`observed:1:${sha('7')}`);
  });
});

function list(world: WorldOfDecisions, more: Partial<Extract<Event, { kind: 'pull_listed' }>> = {}): WorldOfDecisions {
  return world.put({
    kind: 'pull_listed',
    deliveryId: `listed-${world.next()}`,
    ...{ number: 1, headSha: sha('7'), headBranch: 'cache', baseBranch: 'main', isSameRepository: true },
    ...{ isDraft: false, title: 'Add a cache', isMoved: false, ...more },
  });
}

describe('a pull request that is listed', () => {
  it('is known by that, as what GitHub says of it now', () => {
    const world = list(new WorldOfDecisions(), { isSameRepository: false }).settle();
    expect(world.record.pull).toMatchObject({ number: 1, head: sha('7'), state: 'open', isFork: true });
    expect(world.record.title).toBe('Add a cache');
    const older = new WorldOfDecisions();
    older.pulls = { 1: { headSha: sha('8'), baseBranch: 'next', state: 'closed', isOurs: false } };
    expect(list(older).settle().record.pull).toMatchObject({ head: sha('8'), baseBranch: 'next', state: 'closed' });
  });

  it.each([
    ['is as it was known', {}, false],
    ['was pushed to', { headSha: sha('8') }, true],
    ['goes elsewhere', { baseBranch: 'next' }, true],
    ['is a draft by now', { isDraft: true }, true],
    ['may be judged by other settings', { isMoved: true }, true],
  ])('is shown anew where it %s', (_, more, isShown) => {
    const world = told();
    const { wanted } = world.record.presentation;
    list(world, more).settle();
    expect(world.record.presentation.wanted > wanted).toBe(isShown);
    expect(world.outbox.some(({ action }) => action.kind === 'present')).toBe(isShown);
  });

  it('tells nothing to a thread that is a run by now', () => {
    const world = list(told(), { number: 9, isMoved: true });
    const { wanted } = world.record.presentation;
    expect(world.settle().record.pull?.number).toBe(1);
    expect(world.record.presentation.wanted).toBe(wanted);
  });

  it('is what it was to whoever shares its head, or heard that it does', () => {
    const world = told();
    const shared = { sharers: [{ number: 5, base: 'main' }], sharedWith: [5] };
    if (world.record.pull) Object.assign(world.record.pull, shared);
    expect(list(world, { isDraft: true }).settle().record.pull).toMatchObject(shared);
    expect(list(world, { headSha: sha('8') }).settle().record.pull).not.toHaveProperty('sharers');
  });
});

describe('a look at it once more', () => {
  it('is taken where no run made it, and shows its gate anew', () => {
    const world = told();
    const shown = world.record.presentation.done;
    const command = comment(world, '/pilot recheck').settle().findReceipt('recheck');
    expect(command).toMatchObject({ state: { kind: 'done' } });
    expect(command?.reply).toContain('what the settings say of it is looked at once more');
    expect(world.record.presentation.wanted).toBeGreaterThan(shown);
    // Whoever presses a button sees the check, and needs no comment about that.
    const button = press(world.show(), 'recheck').settle().findReceipt('recheck');
    expect(button).toMatchObject({ source: { kind: 'button' }, state: { kind: 'done' } });
    expect(button).not.toHaveProperty('reply');
  });

  it('is refused where it is closed', () => {
    const world = pull(told(), 'closed', { number: 1, headBranch: 'cache', headSha: sha('7') }).settle();
    expect(comment(world, '/pilot recheck').settle().findReceipt('recheck')?.state.kind).toBe('refused');
  });
});
