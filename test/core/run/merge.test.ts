import { describe, expect, it } from 'vitest';
import { leaseMs } from '../../support/world-of-decisions.ts';
import { base, comment, merged, pull, report, sha, stopped } from './outcome.ts';
import { closed, failedWithPull, landed, merging, planning, provingMerge, ready, verifyingPush } from './place.ts';

const hourMs = 3_600_000;
const webhook = { merged: true, mergeSha: sha('e') };

describe('the command', () => {
  it('merges the verified head on the verified base', () => {
    const world = merging();
    expect(world.find('merge')?.action).toMatchObject({
      number: 9,
      head: sha('1'),
      base,
      requestedBy: { login: 'mona' },
    });
    expect(world.findReceipt('merge')?.state.kind).toBe('started');
  });

  it('is refused once for each reason, and the run stays where it is', () => {
    const refusals = {
      'no pull request': planning(),
      'a push that is being verified': verifyingPush(),
      'a conflict': failedWithPull(),
      'a merge under way': merging(),
      closed: closed(),
      merged: landed(),
    };
    const told = Object.entries(refusals).map(([name, world]) => {
      const before = world.run.state;
      comment(world, '/pilot merge').settle();
      expect(world.run.state).toEqual(before);
      return `${name}: ${world.findReceipt('merge')?.state.kind}: ${world.findReceipt('merge')?.reply}`;
    });
    expect(told).toMatchInlineSnapshot(`
      [
        "no pull request: refused: There is no pull request of a run here to merge.",
        "a push that is being verified: refused: Not merged: the verdict is for head \`1111111111111111111111111111111111111111\`, and the head is now \`2222222222222222222222222222222222222222\`. It is being verified; ask again when the gate is open.",
        "a conflict: refused: Not merged: the verdict is for head \`1111111111111111111111111111111111111111\`, and the head is now \`2222222222222222222222222222222222222222\`. Press "Recheck" on the check to have it verified; ask again when the gate is open.",
        "a merge under way: refused: A merge is under way.",
        "closed: refused: Pull request #9 is closed.",
        "merged: refused: Pull request #9 is merged.",
      ]
    `);
  });

  it('is refused where the pull request goes into another branch than what was verified', () => {
    const world = pull(ready(), 'edited', { baseBranch: 'release' }).settle();
    comment(world, '/pilot merge').settle();
    expect(world.findReceipt('merge')?.state.kind).toBe('refused');
    expect(world.listWork()).toEqual([]);
  });

  it('needs write permission, also where GitHub cannot be asked', () => {
    const world = ready();
    world.permissions = { mona: 'triage' };
    comment(world, '/pilot merge').settle();
    world.permissions = {};
    comment(world, '/pilot merge').settle();
    expect(world.record.receipts.map(({ command, state }) => `${command} ${state.kind}`)).toEqual([
      'run done',
      'merge refused',
      'merge refused',
    ]);
    expect(world.run.state.kind).toBe('ready');
  });
});

describe('a merge that is refused', () => {
  it('by GitHub leaves the run ready and says why', () => {
    const world = merging().finish('merge', { kind: 'refused', why: 'Required status check "ci" is expected.' });
    expect(world.run.state.kind).toBe('ready');
    expect(world.run.mergeRefusal).toMatchObject({ kind: 'refused' });
    expect(world.findReceipt('merge')?.state.kind).toBe('refused');
  });

  it('because the base had moved before it was asked for has the new key verified', () => {
    const world = ready();
    world.facts = { defaultBranch: 'main', baseSha: sha('c') };
    comment(world, '/pilot merge').settle();
    world.finish('merge', { kind: 'base_moved', expected: base, actual: sha('c') });
    expect(world.run.state).toMatchObject({ kind: 'reviewing', phase: 'verifying' });
    world.finish('verify', { kind: 'verified', head: sha('1'), base: sha('c'), report: report('tree-c') });
    expect(world.run.state.kind).toBe('ready');
    expect(world.run.verification?.key.base).toBe(sha('c'));
  });

  it('because the base moved is no reason to go on with a pull request that was pushed to and closed meanwhile', () => {
    const world = merging();
    const holder = world.begin('merge');
    pull(world, 'closed', { headSha: sha('2') }).settle();
    world.report(holder, { kind: 'base_moved', expected: base, actual: sha('c') });
    expect(world.run.state).toMatchObject({ kind: 'closed' });
    expect(world.listWork()).toEqual([]);
  });

  it('because the head moved has the newer head verified, also before its webhook came', () => {
    const world = merging().finish('merge', { kind: 'head_moved', expected: sha('1'), actual: sha('2') });
    expect(world.run.state).toMatchObject({ kind: 'reviewing', phase: 'verifying' });
    expect(world.find('verify')?.action).toMatchObject({ head: sha('2'), origin: 'pushed' });
  });

  it('while somebody pushed has the push verified', () => {
    const world = merging();
    const holder = world.begin('merge');
    pull(world, 'synchronize', { headSha: sha('2') }).settle();
    expect(world.run.state.kind).toBe('merging');
    world.report(holder, { kind: 'refused', why: 'Required status check "gatepilot/gate" is expected.' });
    expect(world.run.state).toMatchObject({ kind: 'reviewing', phase: 'verifying' });
    expect(world.find('verify')?.action).toMatchObject({ head: sha('2') });
  });

  it('because somebody closed the pull request meanwhile closes the run', () => {
    const world = merging();
    const holder = world.begin('merge');
    pull(world, 'closed').settle();
    world.report(holder, { kind: 'refused', why: 'pull request #9 is closed' });
    expect(world.run.state.kind).toBe('closed');
    expect(world.findReceipt('merge')?.state.kind).toBe('refused');
  });

  it('is forgotten when it is asked for again', () => {
    const world = merging().finish('merge', { kind: 'refused', why: 'Not now.' });
    comment(world, '/pilot merge').settle();
    expect(world.run.mergeRefusal).toBeUndefined();
    expect(world.listWork()).toEqual(['r1-merge-2']);
  });
});

describe('a merge whose holder was replaced', () => {
  it('is tried again, and its command is answered once, by how that ends', () => {
    const world = merging();
    const answers: string[] = [];
    world.onLook = (_, { record }) => {
      const state = record.receipts.find(({ command }) => command === 'merge')?.state.kind ?? 'none';
      if (answers.at(-1) !== state) answers.push(state);
    };
    world.finish('merge', stopped);
    expect(world.listWork()).toEqual(['r1-merge-2']);
    world.finish('merge', merged());
    expect(world.run.state.kind).toBe('merged');
    expect(answers).toEqual(['started', 'done']);
  });

  it('is told truly when the first holder merged and died', () => {
    const world = merging().die('merge').finish('merge', merged());
    expect(world.run.state).toMatchObject({ kind: 'merged', isProven: true, by: 'gatepilot' });
    expect(world.findReceipt('merge')?.state.kind).toBe('done');
  });

  it('four times is given up and leaves the run ready', () => {
    const world = merging();
    for (let tries = 0; tries < 4; tries += 1) world.die('merge');
    expect(world.run.state.kind).toBe('ready');
    expect(world.findReceipt('merge')?.state.kind).toBe('refused');
    expect(world.listWork()).toEqual([]);
  });

  it('and that was asleep for longer than the limit is still settled by reading', () => {
    const world = merging();
    world.kill(world.begin('merge')).sleepThrough(hourMs).settle();
    expect(world.find('merge')).toMatchObject({ isSettling: true, state: { kind: 'pending' } });
    world.finish('merge', merged());
    expect(world.run.state).toMatchObject({ kind: 'merged', isProven: true });
  });
});

/** GitHub does not show the merge, or does not answer. */
const outage = { kind: 'refused', why: 'pull request #9 is not merged' } as const;

describe('a merge that landed', () => {
  it('with another tree than the verified one is an alarm', () => {
    const world = merging().finish('merge', merged('another-tree'));
    expect(world.run.state).toMatchObject({ kind: 'merged', isProven: false });
  });

  it('is told by its answer, also when the webhook came first', () => {
    const world = merging();
    const holder = world.begin('merge');
    pull(world, 'closed', webhook).settle();
    expect(world.run.state.kind).toBe('merging');
    world.report(holder, merged());
    expect(world.run.state).toMatchObject({ kind: 'merged', by: 'gatepilot' });
    expect(world.findReceipt('merge')?.state.kind).toBe('done');
  });

  it('is told by reading when the webhook came and every holder died', () => {
    const world = merging();
    const first = world.begin('merge');
    pull(world, 'closed', webhook).settle();
    world.kill(first).pass(leaseMs);
    for (let tries = 0; tries < 3; tries += 1) world.die('merge');
    expect(world.run.state).toMatchObject({ kind: 'merging', by: { kind: 'person' } });
    world.finish('prove_merge', merged(undefined, 'person'));
    expect(world.run.state.kind).toBe('merged');
    expect(world.run.state).toMatchObject({ isProven: true });
    expect(world.findReceipt('merge')?.state.kind).toBe('done');
  });

  it('is told by reading when GitHub refused what was merged already', () => {
    const world = merging();
    const holder = world.begin('merge');
    pull(world, 'closed', webhook).settle();
    world.report(holder, { kind: 'refused', why: 'Pull Request is not mergeable' });
    world.finish('prove_merge', merged());
    expect(world.run.state.kind).toBe('merged');
  });

  it('is waited for when GitHub shows it late', () => {
    const world = provingMerge();
    for (let tries = 0; tries < 3; tries += 1)
      world.finish('prove_merge', { kind: 'refused', why: 'pull request #9 is not merged' });
    world.finish('prove_merge', merged(undefined, 'person'));
    expect(world.run.state).toMatchObject({ kind: 'merged', by: 'person' });
  });

  it('stays merged, whatever webhooks come late while GitHub cannot be asked', () => {
    const world = pull(pull(provingMerge(), 'reopened'), 'synchronize').settle();
    expect(world.run.pullRequest?.state).toBe('merged');
    world.finish('prove_merge', { kind: 'refused', why: 'pull request #9 is not merged' });
    expect(world.run.state).toMatchObject({ kind: 'merging', by: { kind: 'person' } });
  });

  it('after the run had failed, was stopped or rested is found out', () => {
    for (const world of [ready(), failedWithPull(), comment(verifyingPush(), '/pilot stop').settle()]) {
      pull(world, 'closed', { ...webhook, headSha: sha('2') }).settle();
      expect(world.run.state).toMatchObject({ kind: 'merging', by: { kind: 'person' } });
      world.finish('prove_merge', merged('another-tree', 'person'));
      expect(world.run.state).toMatchObject({ kind: 'merged', isProven: false, by: 'person' });
    }
  });

  it('is told also when its result comes after the limit', () => {
    const world = merging();
    const holder = world.begin('merge');
    world.pass(hourMs);
    expect([world.run.state.kind, world.findReceipt('merge')?.state.kind]).toEqual(['ready', 'refused']);
    world.report(holder, merged());
    expect(world.run.state).toMatchObject({ kind: 'merged', isProven: true });
  });

  it('is read for as long as an outage lasts', () => {
    const world = provingMerge();
    for (let tries = 0; tries < 12; tries += 1) world.finish('prove_merge', outage);
    expect(world.run.state.kind).toBe('merging');
    world.finish('prove_merge', merged(undefined, 'person'));
    expect(world.run.state).toMatchObject({ kind: 'merged', isProven: true });
  });

  it('and could not be read for a day is read when somebody says resume, and nothing of it is built anew', () => {
    const world = provingMerge();
    for (let tries = 0; world.run.state.kind === 'merging' && tries < 99; tries += 1)
      world.finish('prove_merge', outage);
    expect(world.run.state).toMatchObject({ kind: 'failed', cause: { limit: 'reading what was merged' } });
    expect(world.listWork()).toEqual([]);
    comment(world, '/pilot resume').settle();
    expect(world.findReceipt('resume')?.reply).toBe('Pull request #9 is merged: what landed is read.');
    world.finish('prove_merge', merged(undefined, 'person'));
    expect([world.run.state.kind, world.findReceipt('resume')?.state.kind]).toEqual(['merged', 'done']);
  });
});
