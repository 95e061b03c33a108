// Rounds of fixes: an agent works on what stands against a pull request, and nothing of it is pushed that is not better than
// what people see.
import { describe, expect, it } from 'vitest';
import { evaluateGate } from '../../../src/core/gate/evaluate-gate.ts';
import type { Cause } from '../../../src/core/model/cause.ts';
import type { Finding } from '../../../src/core/model/finding.ts';
import type { VerificationOutcome } from '../../../src/core/model/result.ts';
import type { Run } from '../../../src/core/model/run.ts';
import { renderSticky } from '../../../src/core/reply/render-sticky.ts';
import { renderView } from '../../../src/core/reply/render-view.ts';
import type { WorldOfDecisions } from '../../support/world-of-decisions.ts';
import {
  anchored,
  comment,
  failedAttempt,
  found,
  integrated,
  label,
  nothing,
  press,
  published,
  pull,
  pushBase,
  red,
  report,
  reviewed,
  sha,
  treeOf,
  verified,
} from './outcome.ts';
import { judging, ready } from './place.ts';

const zero = found({ what: 'It divides by zero.' });
const race = found({ what: 'It races.', line: 9 });
const style = found({ what: 'It is long.', line: 20, severity: 'minor' });

/** Two findings shut the gate of what is offered, and one does not. */
function offered(more = '', ...findings: Finding[]): WorldOfDecisions {
  const all = findings.length > 0 ? findings : [zero, race, style];
  return judging(more)
    .finish('review', reviewed(...all))
    .finish('publish_branch', published());
}

const gone = (finding: Finding): Finding => ({ ...finding, status: 'fixed', by: 'earlier' });
const still = (finding: Finding): Finding => ({ ...finding, by: 'earlier' });
const open = ({ review }: Run) =>
  review?.result.kind === 'judged'
    ? review.result.findings.filter(({ status }) => status === 'confirmed').map(({ id }) => id)
    : undefined;
const reply = (world: WorldOfDecisions) => {
  const { state, reply: text = '' } = world.record.receipts.at(-1) ?? {};
  return `${state?.kind}: ${text}`;
};

function asked(world = offered(), words = ''): WorldOfDecisions {
  return comment(world, `/pilot fix${words}`).settle();
}

/** The agent of the round built this commit, and it was merged and verified. */
function built(
  world: WorldOfDecisions,
  head = sha('2'),
  verdict: VerificationOutcome = verified(head),
): WorldOfDecisions {
  const task = world.run.ahead[0]?.[0] ?? '';
  return world
    .finish('attempt', anchored(head))
    .finish('integrate', integrated([task], { commit: head, tree: treeOf(head) }))
    .finish('verify', verdict);
}

/** The review of what a round made is over. */
function checked(world: WorldOfDecisions, ...findings: Finding[]): WorldOfDecisions {
  return built(world).finish('review', reviewed(...findings));
}

describe('findings', () => {
  it('have names that stay theirs in every later review, with who reported them first and on which head', () => {
    const world = offered();
    const named = (run: Run) =>
      run.review?.result.kind === 'judged'
        ? run.review.result.findings.map(({ id, what, by, head }) => [id, what, by, head?.[0]])
        : [];
    expect(named(world.run)).toEqual([
      ['F-1', 'It divides by zero.', 'correctness', '1'],
      ['F-2', 'It races.', 'correctness', '1'],
      ['F-3', 'It is long.', 'correctness', '1'],
    ]);
    pull(world, 'synchronize', { headSha: sha('2') })
      .settle()
      .finish('verify', verified(sha('2')));
    world.finish('review', reviewed(still(race), found({ what: 'It leaks.', line: 4 }), gone(zero)));
    expect(named(world.run)).toEqual([
      ['F-2', 'It races.', 'correctness', '1'],
      ['F-4', 'It leaks.', 'correctness', '2'],
      ['F-1', 'It divides by zero.', 'correctness', '1'],
    ]);
    expect(renderSticky(world.run, 9)).toContain('<summary>Fixed (1)</summary>');
  });
});

describe('a round', () => {
  it('works on what keeps the gate shut, on the head that people see, in a sandbox of its own and within what the run may cost', () => {
    const world = asked();
    expect(world.listWork()).toEqual(['r1-attempt-fix-1-1-2']);
    expect(world.find('attempt')?.action).toMatchObject({ base: sha('1'), limits: { microUsd: expect.any(Number) } });
    expect(Object.keys(world.run.reserved ?? {})).toEqual(['r1-attempt-fix-1-1-2']);
    const task = world.run.tasks.at(-1);
    expect(task).toMatchObject({ title: 'Fix F-1, F-2', fixes: 1, ownedPaths: ['a/**', 'src/error.ts'] });
    expect(task?.prompt).toContain('It divides by zero.');
    expect(task?.prompt).not.toContain('It is long.');
    expect(reply(world)).toBe('started: An agent works on `F-1`, `F-2`. What it makes is checked before it is pushed.');
    // What people see is what it was.
    expect(evaluateGate(world.run).state).toEqual({ kind: 'closed', conclusion: 'failure' });
    expect(renderView(world.record).checks[0]?.actions.map(({ label: text }) => text)).toEqual(['Stop']);
  });

  it('pushes nothing before its commit was verified and checked against the list', () => {
    const world = built(asked());
    expect(world.listWork()).toEqual(['r1-review-2']);
    expect(world.find('review')?.action).toMatchObject({ head: sha('2') });
    world.finish('review', reviewed(gone(zero), gone(race)));
    expect(world.find('publish_branch')?.action).toMatchObject({ head: sha('2'), expected: sha('1') });
    world.finish('publish_branch', published(sha('2')));
    expect(world.run.state.kind).toBe('ready');
    expect(evaluateGate(world.run).state.kind).toBe('open');
    expect(world.run.fixes).toMatchObject([{ before: 2, after: 0, end: { kind: 'pushed', head: sha('2') } }]);
    expect(reply(world)).toContain('done: Round 1 of fixes is pushed');
  });

  it('is checked first also where a branch is pushed before its review', () => {
    const world = judging('publish: { push: after_verify }\n').finish('publish_branch', published());
    world.finish('review', reviewed(zero));
    expect(built(asked(world)).listWork()).toEqual(['r1-review-2']);
  });

  it('that leaves less than it found is pushed, and what is left keeps the gate shut', () => {
    const world = checked(asked(), gone(zero), still(race)).finish('publish_branch', published(sha('2')));
    expect(world.run.fixes).toMatchObject([{ before: 2, after: 1, end: { kind: 'pushed' } }]);
    expect(open(world.run)).toEqual(['F-2']);
    expect(evaluateGate(world.run).state.kind).toBe('closed');
    expect(world.listWork()).toEqual([]);
  });

  it.each([
    ['mends nothing', [still(zero), still(race)]],
    ['brings in as much as it mends', [gone(zero), still(race), found({ what: 'It leaks.', line: 4 })]],
  ])('that %s is not pushed: the branch, its verdict and its review are as they were', (_, findings) => {
    const world = checked(asked(), ...findings);
    expect(world.run.fixes?.[0]?.end).toMatchObject({ kind: 'dropped', patch: 'patch' });
    expect(world.find('verify')?.action).toMatchObject({ head: sha('1') });
    world.finish('verify', verified());
    expect(world.run.state.kind).toBe('ready');
    expect(world.listWork()).toEqual([]);
    expect(world.run.integration?.commit).toBe(sha('1'));
    expect(open(world.run)).toEqual(['F-1', 'F-2', 'F-3']);
    expect(reply(world)).toContain('failed: Nothing of round 1 of fixes is pushed');
    expect(renderSticky(world.run, 9)).toContain('**not pushed**: 2 findings stand against it, and it was 2 before.');
    expect(evaluateGate(world.run)).toMatchObject({ state: { conclusion: 'failure' } });
    // What failed is no task of the plan, and nothing of it is tried again by a retry.
    expect(evaluateGate(world.run).parts.find(({ gate }) => gate === 'tasks')?.state.kind).toBe('open');
    comment(world, '/pilot retry').settle();
    expect(reply(world)).toContain('refused: Nothing failed here');
  });

  it('whose commit nobody could check is not pushed', () => {
    const told = { report: 'r', steps: [], seconds: 1, spend: nothing };
    const world = built(asked()).finish('review', { kind: 'unusable', why: '"correctness" gave no list', ...told });
    expect(world.run.fixes?.[0]?.end).toMatchObject({
      kind: 'dropped',
      why: expect.stringContaining('could not be checked'),
    });
    world.finish('verify', verified());
    expect(open(world.run)).toEqual(['F-1', 'F-2', 'F-3']);
  });

  it('that is red on what a merge would give is not pushed, and the run does not fail for it', () => {
    const world = built(asked(), sha('2'), verified(sha('2'), 1));
    expect(world.run.fixes?.[0]?.end).toMatchObject({ kind: 'dropped', why: expect.stringContaining('red') });
    expect(world.finish('verify', verified()).run.state.kind).toBe('ready');
  });

  it('whose agent comes to nothing ends without asking the pilot', () => {
    const world = asked().finish('attempt', failedAttempt(red)).finish('attempt', failedAttempt(red));
    expect(world.run.fixes?.[0]?.end?.kind).toBe('dropped');
    expect(world.finish('verify', verified()).run.state.kind).toBe('ready');
    expect(open(world.run)).toEqual(['F-1', 'F-2', 'F-3']);
    expect(world.run.boundaries).toEqual([]);
  });

  it('works on what is named, also where that keeps nothing shut', () => {
    const world = asked(offered('', style, zero), ' F-1');
    expect(world.run.tasks.at(-1)?.title).toBe('Fix F-1');
    checked(world, gone(style), still(zero)).finish('publish_branch', published(sha('2')));
    expect(world.run.fixes?.[0]).toMatchObject({ before: 2, after: 1, end: { kind: 'pushed' } });
  });

  it('works on what is red where that is what stands against it, without a base that has to be green', () => {
    const world = ready();
    pull(world, 'synchronize', { headSha: sha('2') })
      .settle()
      .finish('verify', verified(sha('2'), 1));
    expect(world.run.state.kind).toBe('ready');
    asked(world);
    expect(world.find('attempt')?.action).toMatchObject({ base: sha('2') });
    expect(world.run.tasks.at(-1)).toMatchObject({ title: 'Mend what is red', ownedPaths: [] });
    expect(world.run.tasks.at(-1)?.prompt).toContain('$ npm test\nFAIL');
    built(world, sha('3')).finish('publish_branch', published(sha('3')));
    expect(evaluateGate(world.run).state.kind).toBe('open');
  });

  it('begins by the button as well, which is there only where there is something to mend', () => {
    const world = offered();
    const labels = (of: WorldOfDecisions) => renderView(of.record).checks[0]?.actions.map(({ label: text }) => text);
    expect(labels(world)).toEqual(['Recheck', 'Fix findings']);
    expect(labels(offered('', style))).toEqual(['Recheck']);
    press(world, 'fix').settle();
    expect(world.listWork()).toEqual(['r1-attempt-fix-1-1-2']);
    press(world, 'fix').settle();
    expect(world.listWork()).toEqual(['r1-attempt-fix-1-1-2']);
    expect(reply(world)).toContain('refused: Run r1 offers nothing at the moment');
  });

  it('that cannot begin says why', () => {
    const refusal = (world: WorldOfDecisions, words = '') => reply(asked(world, words));
    expect(refusal(offered('', style))).toContain('`/pilot fix F-1` has an agent work on that one');
    expect(refusal(offered(), ' F-9')).toContain('There is no finding `F-9`');
    expect(refusal(offered('', found({ status: 'unverified' })), ' F-1')).toContain('`F-1` is unverified');
    expect(refusal(judging())).toContain('has made no pull request');
    const pushedOver = pull(offered(), 'synchronize', { headSha: sha('2') }).settle();
    expect(refusal(pushedOver)).toContain('offers nothing at the moment');
  });

  it('that meets a limit ends with that, and a continue raises it', () => {
    const world = asked(offered('budget: { run_attempts: 1 }\n'));
    expect(world.listWork()).toEqual(['r1-verify-2']);
    world.finish('verify', verified());
    expect(reply(world)).toMatch(/failed: .*run_attempts.*`\/pilot continue` raises it/);
    comment(world, '/pilot continue').settle().finish('verify', verified());
    expect(world.run.state.kind).toBe('ready');
    expect(asked(world).listWork()).toEqual(['r1-attempt-fix-2-1-2']);
  });
});

describe('what crosses a round', () => {
  const pushed = (world: WorldOfDecisions) => pull(world, 'synchronize', { headSha: sha('7') }).settle();

  it('a push of somebody is verified first, and what was built is merged onto it and checked anew', () => {
    const world = asked();
    pushed(world);
    world
      .finish('attempt', anchored(sha('2')))
      .finish('integrate', integrated(['fix-1'], { commit: sha('2'), tree: treeOf(sha('2')) }));
    world.finish('verify', verified(sha('7')));
    expect(world.find('integrate')?.action).toMatchObject({ onto: sha('7') });
    world.finish('integrate', integrated(['fix-1'], { commit: sha('8'), tree: treeOf(sha('8')) }));
    world.finish('verify', verified(sha('8'))).finish('review', reviewed(gone(zero), gone(race)));
    expect(world.find('publish_branch')?.action).toMatchObject({ head: sha('8'), expected: sha('7') });
    world.finish('publish_branch', published(sha('8')));
    expect(evaluateGate(world.run).state.kind).toBe('open');
  });

  it('a push while its commit is checked leaves that check worthless', () => {
    const world = built(asked());
    const holder = world.begin('review');
    pushed(world);
    world.report(holder, reviewed(gone(zero), gone(race)));
    expect(world.find('publish_branch')).toBeUndefined();
    expect(world.find('verify')?.action).toMatchObject({ head: sha('7') });
  });

  it('a push right before it is dropped is what counts then', () => {
    const world = built(asked());
    const holder = world.begin('review');
    world.report(holder, reviewed(still(zero), still(race)));
    pushed(world).finish('verify', verified());
    expect(world.find('verify')?.action).toMatchObject({ head: sha('7') });
    world.finish('verify', verified(sha('7'))).finish('review', reviewed(still(zero), still(race)));
    expect(world.run.state.kind).toBe('ready');
    expect(open(world.run)).toEqual(['F-1', 'F-2']);
  });

  it('a stop ends it at every point, nothing is pushed, and a resume goes on with it', () => {
    const points: Record<string, (world: WorldOfDecisions) => unknown> = {
      'while the agent works': () => undefined,
      'while it is merged': (world) => world.finish('attempt', anchored(sha('2'))),
      'while it is verified': (world) =>
        world
          .finish('attempt', anchored(sha('2')))
          .finish('integrate', integrated(['fix-1'], { commit: sha('2'), tree: treeOf(sha('2')) })),
      'while it is checked': built,
    };
    for (const [name, go] of Object.entries(points)) {
      const world = asked();
      go(world);
      comment(world, '/pilot stop').settle();
      expect(world.run.state.kind, name).toBe('stopped');
      expect(world.record.receipts.find(({ command }) => command === 'fix')?.state.kind, name).toBe('failed');
      comment(world, '/pilot resume').settle();
      for (let step = 0; step < 8 && world.run.state.kind !== 'ready'; step += 1) {
        if (world.find('attempt')) world.finish('attempt', anchored(sha('2')));
        else if (world.find('integrate'))
          world.finish('integrate', integrated(['fix-1'], { commit: sha('2'), tree: treeOf(sha('2')) }));
        else if (world.find('verify')) world.finish('verify', verified(sha('2')));
        else if (world.find('review')) world.finish('review', reviewed(gone(zero), gone(race)));
        else if (world.find('publish_branch')) world.finish('publish_branch', published(sha('2')));
      }
      expect(evaluateGate(world.run).state.kind, name).toBe('open');
      expect(world.run.fixes, name).toMatchObject([{ end: { kind: 'pushed' } }]);
    }
  });

  it('a pause and a label that holds keep it where it is', () => {
    const world = asked();
    const holder = world.begin('attempt');
    comment(world, '/pilot pause')
      .settle()
      .report(holder, anchored(sha('2')));
    expect(world.run.state.kind).toBe('paused');
    comment(world, '/pilot resume').settle();
    expect(world.find('integrate')).toBeDefined();
    const held = label(offered(), 'pilot:hold').settle();
    expect(asked(held).listWork()).toEqual([]);
    expect(reply(held)).toContain('refused: ');
    expect(held.run.state.kind).toBe('ready');
  });

  it('a finish while it works delivers what it makes, where that is better', () => {
    const world = asked();
    const holder = world.begin('attempt');
    comment(world, '/pilot finish')
      .settle()
      .report(holder, anchored(sha('2')));
    world.finish('integrate', integrated(['fix-1'], { commit: sha('2'), tree: treeOf(sha('2')) }));
    world
      .finish('verify', verified(sha('2')))
      .finish('review', reviewed(gone(zero), gone(race)))
      .finish('publish_branch', published(sha('2')));
    expect(world.run.fixes).toMatchObject([{ end: { kind: 'pushed' } }]);
  });

  it('a finish before it works leaves it out, and says so', () => {
    const world = comment(asked(), '/pilot pause').settle();
    comment(world, '/pilot finish').settle();
    for (let step = 0; step < 4 && world.run.state.kind !== 'ready'; step += 1)
      if (world.find('attempt')) world.finish('attempt', { kind: 'stopped', spend: nothing });
      else if (world.find('verify')) world.finish('verify', verified());
    expect(world.run.state.kind).toBe('ready');
    expect(world.run.fixes).toMatchObject([{ end: { kind: 'dropped' } }]);
    expect(open(world.run)).toEqual(['F-1', 'F-2', 'F-3']);
  });

  it('a base that moves meanwhile is what its commit is verified on', () => {
    const world = asked();
    pushBase(world, sha('c')).settle();
    const verdict = { ...verified(sha('2')), base: sha('c') };
    built(world, sha('2'), verdict).finish('review', reviewed(gone(zero), gone(race)));
    world.finish('publish_branch', published(sha('2')));
    expect(world.run.verification?.key).toMatchObject({ head: sha('2'), base: sha('c') });
    expect(evaluateGate(world.run).state.kind).toBe('open');
  });

  it('a pull request that is closed or merged meanwhile ends it', () => {
    const closed = pull(asked(), 'closed').settle();
    expect(closed.run.state.kind).toBe('closed');
    expect(closed.listWork()).toEqual([]);
    expect(renderSticky(closed.run, 9)).toContain('it did not come to its end');
  });

  it('a retry waits for its end', () => {
    const world = comment(asked(), '/pilot retry a').settle();
    expect(reply(world)).toContain('refused: A round of fixes of run r1 is under way');
  });

  it('a thread that is left alone meanwhile has nothing unchecked pushed to it', () => {
    const world = asked();
    world.finish('attempt', anchored(sha('2')));
    comment(world, '/pilot ignore').settle();
    expect(world.find('publish_branch')).toBeUndefined();
    expect(world.run.state.kind).not.toBe('executing');
  });
});

describe('rounds that the settings want', () => {
  const two = 'review: { fix_rounds: 2 }\n';
  const next = (world: WorldOfDecisions, head: string, ...findings: Finding[]) =>
    built(world, head)
      .finish('review', reviewed(...findings))
      .finish('publish_branch', published(head));

  it('are none where nobody says otherwise', () => {
    expect(offered().listWork()).toEqual([]);
  });

  it('begin by themselves, and go on for as long as each leaves less than it found, up to that many', () => {
    const leak = found({ what: 'It leaks.', line: 4 });
    const world = offered(two, zero, race, leak);
    expect(world.listWork()).toEqual(['r1-attempt-fix-1-1-2']);
    next(world, sha('2'), gone(zero), still(race), still(leak));
    expect(world.run.tasks.at(-1)?.key).toBe('fix-2');
    next(world, sha('3'), gone(race), still(leak));
    expect(world.run.state.kind).toBe('ready');
    expect(world.run.fixes).toMatchObject([
      { by: 'gatepilot', before: 3, after: 2 },
      { by: 'gatepilot', before: 2, after: 1 },
    ]);
    expect(world.listWork()).toEqual([]);
  });

  it('end with one that was in vain, until somebody asks', () => {
    const world = checked(offered(two, zero, race), still(zero), still(race)).finish('verify', verified());
    expect(world.run.state.kind).toBe('ready');
    expect(world.listWork()).toEqual([]);
    asked(world);
    next(world, sha('3'), gone(zero), still(race));
    expect(world.run.tasks.at(-1)?.key).toBe('fix-3');
  });

  it('do not begin on what is held or left alone', () => {
    const crossed = (cross: (world: WorldOfDecisions) => WorldOfDecisions) => {
      const world = judging(two).finish('review', reviewed(zero));
      const holder = world.begin('publish_branch');
      return cross(world).settle().report(holder, published());
    };
    expect(crossed((world) => world).run.fixes).toHaveLength(1);
    expect(crossed((world) => label(world, 'pilot:hold')).run.fixes).toBeUndefined();
    expect(crossed((world) => comment(world, '/pilot ignore')).run.fixes).toBeUndefined();
    expect(crossed((world) => comment(world, '/pilot pause')).run.fixes).toBeUndefined();
  });
});

describe('what stands beside the lines', () => {
  const placed = found({ isInChange: true });
  const settled = (world: WorldOfDecisions) =>
    renderView(world.record).remarks?.map(({ marker, body }) => `${marker} ${body.split('\n')[0]}`) ?? [];
  /** The remarks are there, and the record knows. */
  const remarked = () => {
    const world = offered('', placed);
    const { marker } = renderView(world.record).review ?? { marker: '' };
    return world.finish('present', {
      kind: 'presented',
      revision: world.record.presentation.wanted,
      made: [{ key: `review 9 ${marker}`, id: 5 }],
    });
  };
  const told = (world: WorldOfDecisions) => {
    const made = (renderView(world.record).remarks ?? []).map(({ key }) => ({ key, id: 6 }));
    return world.finish('present', { kind: 'presented', revision: world.record.presentation.wanted, made });
  };

  it('says that it is fixed once that is pushed, and not before; and says it once', () => {
    const world = checked(asked(remarked()), gone(placed));
    expect(settled(world)).toEqual([]);
    world.finish('publish_branch', published(sha('2')));
    expect(settled(world)).toEqual(['<!-- gatepilot:remark:r1-F-1 --> **Fixed** in `2222222222`']);
    expect(settled(told(world))).toEqual([]);
  });

  it('says that it was dismissed, and is open again where that ends', () => {
    const otto = { actor: { id: 3, login: 'otto', kind: 'person' } } as const;
    const world = comment(remarked(), '/pilot dismiss F-1 It is meant so.', otto).settle();
    expect(settled(world)).toEqual([
      '<!-- gatepilot:remark:r1-F-1 --> **Dismissed** by @\u200botto for `1111111111`: It is meant so.',
    ]);
    told(world);
    pull(world, 'synchronize', { headSha: sha('2') })
      .settle()
      .finish('verify', verified(sha('2'), 0, { voided: ['F-1'] }));
    expect(settled(world)[0]).toContain('`F-1` **major**, confirmed: It divides by zero.');
  });

  it('is left as it is where GitHub took no remark, and where the pull request is over', () => {
    const world = offered('', placed);
    const { marker } = renderView(world.record).review ?? { marker: '' };
    world.finish('present', {
      kind: 'presented',
      revision: world.record.presentation.wanted,
      made: [{ key: `review 9 ${marker}`, id: 0 }],
    });
    expect(world.run.review?.isRemarked).toBe(true);
    expect(world.run.remarks).toBeUndefined();
    const over = checked(asked(remarked()), gone(placed)).finish('publish_branch', published(sha('2')));
    expect(settled(pull(over, 'closed').settle())).toEqual([]);
  });
});

describe.each([
  ['comments', 'review comments'],
  ['ci', 'failed checks of others'],
] as const)('a round that works on %s', (of, called) => {
  const begun = (world: WorldOfDecisions) => asked(world, ` ${of}`);

  it('begins where nothing was found as well, and is pushed where what it made is verified and no worse', () => {
    const world = begun(ready());
    expect(reply(world)).toContain(`An agent works on ${called}.`);
    expect(world.run.tasks.at(-1)).toMatchObject({ fixes: 1, ownedPaths: [] });
    built(world);
    expect(world.find('publish_branch')).toBeDefined();
    const own = begun(offered());
    checked(own, still(zero), still(race));
    own.finish('publish_branch', published(sha('2')));
    expect(own.run.fixes?.at(-1)).toMatchObject({ of, before: 2, after: 2, end: { kind: 'pushed' } });
    expect(renderSticky(own.run, 9)).toContain(`on ${called} at`);
  });

  it.each([
    ['is red', (world: WorldOfDecisions) => built(world, sha('2'), verified(sha('2'), 1))],
    ['has more against it', (world: WorldOfDecisions) => checked(world, still(zero), still(race), found({ line: 40 }))],
    ['changes nothing', (world: WorldOfDecisions) => world.finish('attempt', noChange).finish('attempt', noChange)],
  ])('leaves the branch as it was where what it made %s', (_, goes) => {
    const world = goes(begun(offered()));
    expect(world.run.fixes?.at(-1)?.end).toMatchObject({ kind: 'dropped' });
    expect(world.find('publish_branch')).toBeUndefined();
  });

  it('is over at once, and says why, where there is nothing of that to work on', () => {
    const cause: Cause =
      of === 'ci'
        ? { kind: 'nothing_red', head: sha('1') }
        : { kind: 'nothing_admitted', withheld: 1, withheldFrom: [{ author: 'eve', texts: 1, chars: 9 }] };
    const world = begun(offered()).finish('attempt', { kind: 'failed', cause, summary: '', spend: nothing });
    expect(world.find('attempt')).toBeUndefined();
    expect(world.run.fixes?.at(-1)?.end).toMatchObject({ kind: 'dropped' });
    expect(reply(world)).toContain(of === 'ci' ? 'No check of another program' : 'eve');
  });

  it('waits where what would be merged is red by our own commands', () => {
    const world = ready();
    if (world.run.verification) world.run.verification.report = report('t', 1);
    expect(reply(begun(world))).toContain('refused: What would be merged is red');
  });

  it('shows people what of it reached the agent and what did not', () => {
    const world = begun(ready());
    const withheldFrom = [{ author: 'eve', texts: 1, chars: 9 }];
    const input = { admitted: 2, withheld: 1, stripped: 0, withheldFrom };
    world.finish('attempt', { ...anchored(sha('2')), input } as ReturnType<typeof anchored>);
    expect(world.run.fixes?.at(-1)?.input).toEqual(input);
    expect(renderSticky(world.run, 9)).toMatch(/texts read: 2, withheld: 1 \(.*eve/);
  });
});

const noChange = failedAttempt({ kind: 'no_change', said: 'Nothing to do.' });
