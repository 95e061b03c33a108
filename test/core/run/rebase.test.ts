// `/pilot rebase`: the base branch is brought into the branch of a run by one commit that is verified before it is pushed.
import { describe, expect, it } from 'vitest';
import { renderView } from '../../../src/core/reply/render-view.ts';
import { base, broughtIn, comment, merged, published, pull, sha, verified } from './outcome.ts';
import {
  closed,
  failedInConflict,
  failedWithPull,
  planning,
  publishingRebased,
  ready,
  rebasing,
  stoppedWithPull,
  verifyingPush,
} from './place.ts';

const [from, to] = [sha('1'), sha('c')];

describe('bringing the base in', () => {
  it('verifies the result, pushes it where the branch was left, and has a verdict for the new key', () => {
    const world = rebasing();
    expect(world.find('verify')?.action).toMatchObject({ head: from, bringsIn: true });
    world.finish('verify', broughtIn());
    expect(world.find('publish_branch')?.action).toMatchObject({ head: sha('6'), base: to, expected: from });
    world.finish('publish_branch', published(sha('6')));
    const { run } = world;
    expect(run.state.kind).toBe('ready');
    expect(run.base).toEqual({ branch: 'main', sha: to });
    expect(run.integration?.commit).toBe(sha('6'));
    expect(run.verification?.key).toMatchObject({ head: sha('6'), base: to });
    expect(run.pullRequest?.head).toBe(sha('6'));
    expect(world.findReceipt('rebase')?.state.kind).toBe('done');
    comment(world, '/pilot merge').settle();
    expect(world.find('merge')?.action).toMatchObject({ head: sha('6'), base: to });
    expect(world.finish('merge', merged(run.verification?.key.tree)).run.state).toMatchObject({
      kind: 'merged',
      isProven: true,
    });
  });

  it('shows no check on a commit that is not pushed yet, which GitHub would not know', () => {
    const world = rebasing().finish('verify', broughtIn());
    const heads = renderView(world.record, { outbox: world.outbox, now: world.now }).checks.map((one) => one.headSha);
    expect(heads).toContain(from);
    expect(heads).not.toContain(sha('6'));
  });

  it('changes nothing where the base is in the branch already', () => {
    const world = rebasing().finish('verify', verified());
    expect(world.run.state.kind).toBe('ready');
    expect(world.run.pushed).toEqual([from]);
    expect(world.run.base.sha).toBe(base);
  });

  it('that conflicts and is not settled pushes nothing, and names both commits and what to do', () => {
    const world = failedInConflict();
    expect(world.run.state).toMatchObject({ kind: 'failed', cause: { kind: 'conflict_unresolved' } });
    const { state, reply } = world.findReceipt('rebase') ?? {};
    expect(state?.kind).toBe('refused');
    expect(reply).toBe(
      `Head \`${from}\` conflicts with \`main\` at \`${to}\` in \`src/error.ts\`; nothing was changed (Its conflict could not be repaired: marks of the conflict were left in \`src/error.ts\`). Merge that commit by hand and push to \`gatepilot/1/r1\`: what is pushed there is verified. Or decide with \`/pilot resolve\`: \`conflict://1\` in \`src/error.ts\` line 3 (two sides).`,
    );
    expect(world.listWork()).toEqual([]);
    // What somebody then pushes is verified as it is.
    pull(world, 'synchronize', { headSha: sha('2') }).settle();
    expect(world.find('verify')?.action).toMatchObject({ head: sha('2') });
    expect(world.finish('verify', verified(sha('2'))).run.state.kind).toBe('ready');
  });

  it('that is red pushes nothing, and the verdict for what people see stays', () => {
    const world = rebasing().finish('verify', broughtIn(from, { code: 1 }));
    expect(world.run.state).toMatchObject({ kind: 'failed', cause: { kind: 'verify_red' } });
    expect(world.run.verification?.key.head).toBe(from);
    expect(world.findReceipt('rebase')?.reply).toContain(`\`${from}\` together with \`main\` at \`${to}\` is red`);
    comment(world, '/pilot resume').settle();
    expect(world.find('verify')?.action).toMatchObject({ head: from });
  });

  it('follows a push that crosses it: what was pushed is verified, and who asked is told', () => {
    const world = rebasing();
    const holder = world.begin('verify');
    pull(world, 'synchronize', { headSha: sha('2') }).settle();
    world.report(holder, broughtIn());
    expect(world.findReceipt('rebase')).toMatchObject({ state: { kind: 'refused' } });
    expect(world.find('verify')?.action).toMatchObject({ head: sha('2') });
    expect(world.finish('verify', verified(sha('2'))).run.state.kind).toBe('ready');
    expect(world.find('publish_branch')).toBeUndefined();
    // Now it stands on what was pushed.
    comment(world, '/pilot rebase')
      .settle()
      .finish('verify', broughtIn(sha('2')));
    expect(world.find('publish_branch')?.action).toMatchObject({ head: sha('6'), expected: sha('2') });
  });

  it('that was pushed before a push of somebody else is verified with that', () => {
    const world = publishingRebased();
    const holder = world.begin('publish_branch');
    pull(world, 'synchronize', { headSha: sha('7') }).settle();
    world.report(holder, published(sha('6')));
    expect(world.find('verify')?.action).toMatchObject({ head: sha('7') });
    expect(world.finish('verify', verified(sha('7'))).run.state.kind).toBe('ready');
  });

  it('is gone on with after a stop, from what was verified', () => {
    const world = comment(publishingRebased(), '/pilot stop').settle();
    expect(world.run.state.kind).toBe('stopped');
    comment(world, '/pilot resume').settle();
    expect(world.find('verify')?.action).toMatchObject({ head: sha('6'), origin: 'ours' });
    world.finish('verify', verified(sha('6')));
    expect(world.find('publish_branch')?.action).toMatchObject({ head: sha('6'), base: to, expected: from });
  });

  it('is refused where there is nothing that it could be done with', () => {
    const inPlaces = {
      planning: planning(),
      closed: closed(),
      pushed: verifyingPush(),
      failed: failedWithPull(),
      stopped: stoppedWithPull(),
    };
    const told = Object.entries(inPlaces).map(([name, world]) => {
      comment(world, '/pilot rebase').settle();
      return `${name}: ${world.findReceipt('rebase')?.state.kind}: ${world.findReceipt('rebase')?.reply}`;
    });
    expect(told).toMatchInlineSnapshot(`
      [
        "planning: refused: No run made a pull request here: there is no branch to bring anything into.",
        "closed: refused: Pull request #9 is closed: nothing is brought into it any more.",
        "pushed: refused: Run r1 has not come to its end; ask again then. What it delivers is verified on the newest base anyway.",
        "failed: refused: Somebody pushed \`2222222222222222222222222222222222222222\`, which is not verified yet: press "Recheck" on the check first.",
        "stopped: refused: Somebody pushed \`2222222222222222222222222222222222222222\`, which is not verified yet: press "Recheck" on the check first.",
      ]
    `);
    const other = pull(ready(), 'edited', { baseBranch: 'release' }).settle();
    comment(other, '/pilot rebase').settle();
    expect(other.findReceipt('rebase')?.reply).toContain('goes into `release` now');
  });
});
