// A maintainer lets one part of the gate pass, for exactly what was verified.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateGate } from '../../../src/core/gate/evaluate-gate.ts';
import type { Actor } from '../../../src/core/model/actor.ts';
import type { WorldOfDecisions } from '../../support/world-of-decisions.ts';
import { base, comment, integrated, mona, published, pull, report, sha, verified } from './outcome.ts';
import { heldBack, integrating, ready } from './place.ts';

const otto: Actor = { id: 2, login: 'otto', kind: 'person' };
const config = ['.github/gatepilot.yml'];

function say(world: WorldOfDecisions, body: string, actor = otto): string {
  comment(world, body, { actor }).settle();
  const receipt = world.record.receipts.at(-1);
  return `${receipt?.state.kind}: ${receipt?.reply}`;
}

function override(world: WorldOfDecisions, gate = 'protected-paths', actor = otto, head = sha('1')): string {
  return say(world, `/pilot override ${gate} ${head} It is meant so.`, actor);
}

/** Somebody pushed this over the branch, and it is verified. */
function pushed(head: string, touched: string[], code = 0, world = ready()): WorldOfDecisions {
  pull(world, 'synchronize', { headSha: head }).settle();
  return world.finish('verify', verified(head, code, { touched }));
}

const isOpen = (world: WorldOfDecisions) => evaluateGate(world.run).state.kind === 'open';

describe('what agents built on protected paths', () => {
  it('is not pushed before a maintainer who did not start the run said so', () => {
    const world = heldBack();
    expect(world.run.state).toMatchObject({ kind: 'paused', wants: 'override', back: { phase: 'publishing' } });
    expect(world.outbox.some(({ action }) => action.kind === 'publish_branch')).toBe(false);
    expect(say(world, '/pilot resume', mona)).toMatchInlineSnapshot(
      `"refused: **Waiting for a maintainer:** \`.github/gatepilot.yml\` is a protected path, and nothing of it is pushed before that is approved. The patch is kept as artifact \`patch-id\`. A maintainer who did not start the run says \`/pilot override protected-paths 1111111111111111111111111111111111111111 <reason>\`; \`/pilot deny <reason>\` of a maintainer has it built otherwise, \`/pilot stop\` ends run r1."`,
    );
    expect(override(world, 'protected-paths', mona)).toContain('needs maintain permission');
    world.permissions = { ...world.permissions, mona: 'admin' };
    expect(override(world, 'protected-paths', mona)).toContain('started run r1, and cannot override its gate alone');
    expect(override(world, 'protected-paths', otto, sha('2'))).toContain('the verdict is for head');
    expect(world.run.state.kind).toBe('paused');

    expect(override(world)).toContain('done:');
    world.finish('publish_branch', published());
    expect(world.run.state.kind).toBe('ready');
    expect(evaluateGate(world.run).because).toBe(
      'Overridden: `protected-paths` by @\u200botto; head 1111111111 on base bbbbbbbbbb gives tree tree-11111.',
    );
    expect(evaluateGate(world.run).parts.find(({ gate }) => gate === 'protected paths')?.because).toContain(
      'Overridden by @\u200botto for head 1111111111: It is meant so.',
    );
  });

  it('is held back however often somebody goes on', () => {
    const world = heldBack();
    say(world, '/pilot finish', mona);
    expect(world.run.state).toMatchObject({ kind: 'paused', wants: 'override' });
    say(world, '/pilot stop', mona);
    expect(world.run.state.kind).toBe('stopped');
    say(world, '/pilot resume', mona);
    world.finish('verify', verified(sha('1'), 0, { touched: config }));
    expect(world.run.state).toMatchObject({ kind: 'paused', wants: 'override' });
  });

  it('is known from what was merged, also where an older version verified', () => {
    const world = integrating();
    const [task] = world.run.tasks;
    if (task?.state.kind === 'anchored') task.state.contribution.paths = config;
    world.finish('integrate', integrated(['a'])).finish('verify', verified());
    expect(world.run.state).toMatchObject({ kind: 'paused', wants: 'override' });
  });
});

describe('what people push to protected paths', () => {
  it('closes the gate, and only a maintainer opens it, until the next push', () => {
    const world = pushed(sha('2'), ['.github/workflows/ci.yml']);
    expect(evaluateGate(world.run)).toMatchObject({ state: { conclusion: 'action_required' } });
    expect(say(world, '/pilot merge', mona)).toContain("`.github/workflows/ci.yml` needs a maintainer's approval.");
    expect(override(world, 'protected-paths', otto, sha('2'))).toContain('done:');
    expect(isOpen(world)).toBe(true);
    pushed(sha('3'), ['.github/workflows/ci.yml'], 0, world);
    expect(isOpen(world)).toBe(false);
    // What it was given for does not count any more, and cannot be given again.
    expect(override(world, 'protected-paths', otto, sha('2'))).toContain('refused:');
  });

  it('is not merged on a base that moved after the override', () => {
    const world = pushed(sha('2'), config);
    override(world, 'protected-paths', otto, sha('2'));
    say(world, '/pilot merge', otto);
    expect(world.run.state).toMatchObject({ kind: 'merging', by: { phase: 'merging' } });
    world.finish('merge', { kind: 'base_moved', expected: base, actual: sha('c') });
    const moved = { kind: 'verified', head: sha('2'), base: sha('c'), report: report('t'), touched: config } as const;
    world.finish('verify', { ...moved, touched: [...config] });
    expect(world.run.state.kind).toBe('ready');
    expect(isOpen(world)).toBe(false);
    expect(world.run.mergeRefusal).toMatchObject({
      kind: 'refused',
      why: expect.stringContaining('the gate is not open'),
    });
  });
});

it('is taken only where something was judged and found wanting', () => {
  const red = () => pushed(sha('2'), [], 1);
  const asked: [string, WorldOfDecisions, string, string][] = [
    ['an open gate', ready(), 'protected-paths', sha('1')],
    ['a gate that there is not', ready(), 'protected-path', sha('1')],
    ['a red verdict', red(), 'verification', sha('2')],
    ['the run itself', heldBack(), 'run', sha('1')],
    ['a draft', pull(ready(), 'edited', { isDraft: true }).settle(), 'draft', sha('1')],
    ['a verdict for another branch', pull(ready(), 'edited', { baseBranch: 'x' }).settle(), 'verification', sha('1')],
    ['a head that others have', shared(), 'shared-head', sha('1')],
    ['nothing that ran', pushedUnverified(), 'verification', sha('2')],
    ['a head under review', pull(ready(), 'synchronize', { headSha: sha('2') }).settle(), 'verification', sha('2')],
  ];
  const told = asked.map(([name, world, gate, head]) => `${name} → ${override(world, gate, otto, head)}`);
  expect(told).toMatchInlineSnapshot(`
    [
      "an open gate → refused: \`protected-paths\` is open by itself: No protected path is touched.",
      "a gate that there is not → refused: There is no gate \`protected-path\`. Did you mean \`protected-paths\`? There are \`run\`, \`tasks\`, \`protected-paths\`, \`verification\`, \`draft\`, \`shared-head\`.",
      "a red verdict → done: \`verification\` is overridden for head \`2222222222222222222222222222222222222222\` on base \`bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\`, and for nothing else: a push or a base that moves voids it.",
      "the run itself → refused: \`run\` cannot be overridden: Protected paths are not pushed before a maintainer overrides that.",
      "a draft → refused: \`draft\` cannot be overridden: #9 is a draft; it may be merged when it is ready for review.",
      "a verdict for another branch → refused: \`verification\` cannot be overridden: The verdict is for the base \`main\`; the pull request now goes into \`x\`.",
      "a head that others have → refused: \`shared-head\` cannot be overridden: This head is also in #30 into \`x\`, which nobody verified.",
      "nothing that ran → refused: \`verification\` cannot be overridden: No verify command ran, so nothing is known.",
      "a head under review → refused: Run r1 has no verdict at the moment that an override could be bound to; ask again when it has.",
    ]
  `);
});

it('lets what is red pass, and never what did not run', () => {
  const world = pushed(sha('2'), [], 1);
  world.run.policy.verify = [...world.run.policy.verify, 'npm run lint'];
  expect(override(world, 'verification', otto, sha('2'))).toContain('done:');
  expect(isOpen(world)).toBe(false);
  expect(override(world, 'unrun-commands', otto, sha('2'))).toMatchInlineSnapshot(
    `"refused: \`unrun-commands\` cannot be overridden: \`npm run lint\` did not run after \`npm test\` failed."`,
  );
});

function shared(): WorldOfDecisions {
  return ready()
    .put({ kind: 'head_shared', number: 30, head: sha('1'), base: 'x', turn: '1' })
    .settle();
}

function pushedUnverified(): WorldOfDecisions {
  const world = ready();
  pull(world, 'synchronize', { headSha: sha('2') }).settle();
  return world.finish('verify', { kind: 'verified', head: sha('2'), base, report: { tree: 't', commands: [] } });
}

it('opens for no other key, in no history of pushes, bases and overrides', () => {
  const step = fc.oneof(
    fc.record({
      kind: fc.constant('push' as const),
      digit: fc.constantFrom('1', '2', '3'),
      base: fc.constantFrom('b', 'c'),
    }),
    fc.record({ kind: fc.constant('override' as const), digit: fc.constantFrom('1', '2', '3') }),
    fc.record({ kind: fc.constant('recheck' as const), base: fc.constantFrom('b', 'c') }),
  );
  let opened = 0;
  fc.assert(
    fc.property(fc.array(step, { maxLength: 10 }), (steps) => {
      const world = pushed(sha('2'), config);
      /** Keys that a maintainer was looking at, as head and base. */
      const given = new Set<string>();
      const keyNow = () => `${world.run.verification?.key.head} ${world.run.verification?.key.base}`;
      const verify = (head: string, on: string) => {
        if (!world.outbox.some(({ action }) => action.kind === 'verify')) return;
        const outcome = {
          kind: 'verified',
          head,
          base: sha(on),
          report: report(`${head} ${on}`),
          touched: [...config],
        } as const;
        world.finish('verify', { ...outcome, touched: [...config] });
      };
      for (const one of steps) {
        if (one.kind === 'push') {
          pull(world, 'synchronize', { headSha: sha(one.digit) }).settle();
          verify(sha(one.digit), one.base);
        } else if (one.kind === 'recheck') {
          const deliveryId = `delivery-${world.next()}`;
          const about = { checkName: 'gatepilot/gate', headSha: sha('1'), actor: otto, deliveryId };
          world.put({ kind: 'check_requested', request: { kind: 'rerequested' }, ...about }).settle();
          verify(world.run.pullRequest?.head ?? '', one.base);
        } else {
          const isForNow = world.run.verification?.key.head === sha(one.digit);
          override(world, 'protected-paths', otto, sha(one.digit));
          if (isForNow) given.add(keyNow());
        }
        if (!isOpen(world)) continue;
        opened += 1;
        expect(given).toContain(keyNow());
      }
    }),
    { numRuns: 200 },
  );
  expect(opened).toBeGreaterThan(20);
});
