// A pull request that no run made, and that nobody told of when it was opened: whatever asks about it, or lists it, makes it known,
// so that its gate is shown.
import { describe, expect, it } from 'vitest';
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
