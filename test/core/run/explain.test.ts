// What `explain` answers: the newest decision between batches with everything that its record knows, one task, the gate.
import { describe, expect, it } from 'vitest';
import type { PilotOutcome } from '../../../src/core/model/result.ts';
import { renderView } from '../../../src/core/reply/render-view.ts';
import type { WorldOfDecisions } from '../../support/world-of-decisions.ts';
import { anchored, comment, failedAttempt, fellBack, integrated, planned, plannedTask, red, some } from './outcome.ts';
import { atBoundary, attempting, planning, ready } from './place.ts';

const exchange = 'e'.repeat(64);

function decided(more: object): PilotOutcome {
  const decision = {
    failureAnalysis: [{ task: 'a', cause: 'spec_ambiguity', why: 'The task names a runner that is not there.' }],
    strategies: [],
    routedContext: [],
    skip: [],
    learnings: [],
    batches: [],
    verdict: 'continue',
    verdictReason: 'Only the runner was wrong.',
    ...more,
  };
  return { kind: 'decided', decision, exchange, seconds: 2.5, spend: some };
}

/** `a` failed twice beside `b`; `c` waits for `b` and `d` for `c`; `e` for `b`. */
function mixed(): WorldOfDecisions {
  const tasks = [
    plannedTask('a'),
    plannedTask('b'),
    plannedTask('c', ['b']),
    plannedTask('d', ['c']),
    plannedTask('e', ['b']),
  ];
  const world = planning().finish('plan', { ...planned(['a', 'b'], ['c', 'e'], ['d']), tasks });
  for (const _ of tasks) {
    const open = world.find('attempt')?.action;
    if (open?.kind !== 'attempt') break;
    world.finish(open.id, open.task === 'b' ? anchored() : failedAttempt(red));
  }
  return world.finish('integrate', integrated(['b']));
}

const guidance = 'Use node --test.';
const fact = 'The runner is node --test.';

function explained(world: WorldOfDecisions, words = ''): { state: string | undefined; reply: string } {
  comment(world, `/pilot explain ${words}`).settle();
  const receipt = world.findReceipt('explain');
  return { state: receipt?.state.kind, reply: receipt?.reply ?? '' };
}

describe('explain', () => {
  const decision = {
    strategies: [{ task: 'a', action: 'retry_different', guidance, reason: 'Only the runner is wrong.' }],
    routedContext: [{ to: 'e', fact, from: 'a' }],
    skip: [{ task: 'c', reason: 'Nobody needs it any more.' }],
    batches: [['a', 'e']],
  };

  it('tells who failed and why, the strategies, the facts, the skips with dependents, the order and the cost', () => {
    const { state, reply } = explained(mixed().finish('pilot', decided(decision)));
    expect(state).toBe('done');
    expect(reply.split('\n').filter((line) => /^[*-]/.test(line))).toEqual([
      '**After batch 1** (not successful: `a`): the pilot decided to continue: Only the runner was wrong. (2.5 s, $0.0050, 1100 tokens)',
      '- `a` did not succeed: Verification failed: `npm test` exited with 1. The pilot sees spec ambiguity: The task names a runner that is not there.',
      '- `a` tries again differently: Only the runner is wrong. — guidance: Use node --test.',
      '- told `e`: The runner is node --test.',
      '- skipped `c`: Nobody needs it any more.',
      '- skipped `d`: It depends on \\`c\\`, which is skipped.',
      '- order now: `a` + `e`',
      `- full record (prompt, replies, decision): artifact \`${exchange}\``,
    ]);
  });

  it('tells why the pilot was not followed', () => {
    const { reply } = explained(mixed().finish('pilot', decided({ ...decision, batches: [] })));
    expect(reply).toContain(
      'fell back to the deterministic plan: \\`a\\` is neither in batches nor skipped: place it.',
    );
    expect(reply).not.toContain(guidance);
    // What the pilot thought is not told as if it counted.
    expect(reply).not.toContain('The pilot sees');
  });

  it('tells of a pilot that ended the run, which nothing else could have gone on with', () => {
    const world = atBoundary().finish('pilot', decided({ verdict: 'abort', verdictReason: 'Nothing is left to do.' }));
    expect(world.run.state).toMatchObject({ kind: 'failed', cause: { kind: 'pilot_aborted' } });
    const { reply } = explained(world);
    expect(reply).toContain('the pilot decided to abort: Nothing is left to do.');
    expect(reply).toContain('- nothing else can run: the run ends here');
  });

  it('of a task tells its failures, what it was told, and the newest decision about it', () => {
    const { reply } = explained(mixed().finish('pilot', decided(decision)), 'A');
    expect(reply).toContain('`a`: working (attempt 3)');
    expect(reply.match(/^- attempt \d: Verification failed/gm)).toHaveLength(2);
    expect(reply).toContain(guidance);
    expect(reply).not.toContain('it was told');
    expect(reply).toContain('**After batch 1**');
  });

  it('of a run without failures says that nothing had to be decided, and of the gate what it says', () => {
    expect(explained(attempting()).reply).toContain('the gate pilot was not asked');
    expect(explained(ready(), 'gate').reply).toContain('- ✅ **gate**:');
  });

  it('of something else names what there is', () => {
    const { state, reply } = explained(attempting(), 'z');
    expect(state).toBe('refused');
    expect(reply).toBe(
      '`z` is no task of run r1, which has `a`, and no delivery that is remembered; there are `gate` and `delivery`.',
    );
  });
});

it('the newest decision stands on the check, and all of them in the sticky comment', () => {
  const world = mixed().finish('pilot', fellBack('the model was away'));
  const [sticky] = renderView(world.record).comments.filter(({ marker }) => marker.includes('sticky'));
  expect(sticky?.body).toContain('fell back to the deterministic plan: the model was away');
  expect(sticky?.body).toContain('- `a` did not succeed: Verification failed:');
});
