// The settings of the base branch change under a run that may be merged: what is verified from then on is verified by them, and
// what was said by those before counts for nothing.
import { describe, expect, it } from 'vitest';
import { evaluateGate } from '../../../src/core/gate/evaluate-gate.ts';
import type { Actor } from '../../../src/core/model/actor.ts';
import type { VerificationOutcome } from '../../../src/core/model/result.ts';
import { renderHeadline } from '../../../src/core/reply/headline.ts';
import { renderSticky } from '../../../src/core/reply/render-sticky.ts';
import { readGateSettings } from '../../../src/core/run/read-gate-settings.ts';
import type { WorldOfDecisions } from '../../support/world-of-decisions.ts';
import { base, comment, found, press, published, pushBase, reviewed, sha, verified } from './outcome.ts';
import { blocked, judging, merging, ready } from './place.ts';

const otto: Actor = { id: 3, login: 'otto', kind: 'person' };
const quiet = 'verify: { commands: [npm test], baseline: false }\n';
const strict =
  'verify: { commands: [npm test, npm run lint] }\ngate: { protected_paths: ["**"] }\nreview: { enabled: false }\n';

/** As whoever verifies does: what is in force at the base it reads. */
function underBase(
  world: WorldOfDecisions,
  to: string,
  more: Parameters<typeof verified>[2] = {},
): VerificationOutcome {
  const { hash, sandboxes, network } = world.snapshot().facts;
  const read = readGateSettings(world.run, world.facts ?? {}, {
    ...{ hash, network },
    sandboxes: sandboxes.map(({ name }) => name),
  });
  const outcome = { ...verified(sha('1'), 0, { change: `change-of-${sha('1')}`, ...more }), base: to };
  if (outcome.kind !== 'verified' || read.kind === 'same') return outcome;
  if (read.kind !== 'other') return { ...outcome, unclear: [...read.why] };
  const [ran] = outcome.report.commands;
  const commands = read.policy.verify.flatMap((command) => (ran ? { ...ran, command } : []));
  return { ...outcome, report: { ...outcome.report, commands }, policy: read.policy };
}

function setSettings(world: WorldOfDecisions, policyText: string): WorldOfDecisions {
  if (world.facts) world.facts = { ...world.facts, policyText };
  return world;
}

const gate = (world: WorldOfDecisions) => {
  const { state, because } = evaluateGate(world.run);
  return `${state.kind === 'closed' ? state.conclusion : state.kind}: ${because}`;
};
const part = (world: WorldOfDecisions, name: string) => evaluateGate(world.run).parts.find((one) => one.gate === name);

describe('settings that became stricter', () => {
  it('shut the gate of a run that was ready, with the verdict on the base that has them', () => {
    const world = ready();
    const before = world.run.policy;
    expect(gate(world)).toContain('open:');
    pushBase(setSettings(world, strict), sha('d')).settle();
    world.finish('verify', underBase(world, sha('d'), { touched: ['src/error.ts'] }));
    expect(world.run.state.kind).toBe('ready');
    expect(gate(world)).toBe("action_required: `src/error.ts` needs a maintainer's approval.");
    expect(world.run.policy).toMatchObject({ verify: ['npm test', 'npm run lint'], protectedPaths: ['**'] });
    expect(world.run.verification?.key.policy).not.toBe(before.hash);
    const told = `The settings of \`main\` changed after the run started: it is verified with those of ${sha('d').slice(0, 10)}.`;
    expect(part(world, 'settings')).toMatchObject({ state: { kind: 'open' }, because: told });
    expect(renderSticky(world.run, 9)).toContain(told);
  });

  it('leave what agents may do as it was when the run started', () => {
    const world = ready();
    const before = world.run.policy;
    const wide = `${strict}budget: { run_usd: 999 }\nmax_attempts: 9\nsandbox: { network: [example.com], memory_mb: 512 }\nmode: { plan_approval: required }\n`;
    press(setSettings(world, wide), 'recheck').settle().finish('verify', underBase(world, base));
    expect(world.run.policy).toMatchObject({ protectedPaths: ['**'], sandbox: { network: [], memoryMb: 512 } });
    for (const key of ['runMicroUsd', 'maxAttempts', 'planApproval', 'agents', 'models', 'checksBaseline'] as const)
      expect(world.run.policy[key]).toEqual(before[key]);
  });

  it('have a change reviewed that was not, and nothing merged before', () => {
    const world = ready();
    pushBase(setSettings(world, quiet), sha('d')).settle();
    world.finish('verify', underBase(world, sha('d')));
    expect(world.run.state).toMatchObject({ kind: 'reviewing', phase: 'judging' });
    world.finish('review', reviewed(found()));
    expect(gate(world)).toContain('failure: A reviewer found what was confirmed');
  });

  it('refuse the merge that waited for its turn', () => {
    const world = setSettings(merging(), strict);
    world.finish('merge', { kind: 'settings_moved', base });
    expect(world.run.state).toMatchObject({ kind: 'merging', by: { phase: 'verifying' } });
    expect(gate(world)).toContain('waiting: The settings of `main` may be others by now');
    world.finish('verify', underBase(world, base, { touched: ['src/error.ts'] }));
    expect(world.run.state.kind).toBe('ready');
    expect(world.record.receipts.at(-1)?.state.kind).toBe('refused');
    expect(gate(world)).toContain('action_required: `src/error.ts`');
  });
});

it('an override and a dismissal are of the verdict that they were given for, and of none after it', () => {
  const world = comment(blocked(), '/pilot dismiss F-1 It is meant so.', { actor: otto }).settle();
  expect(gate(world)).toContain('open:');
  const others = `${quiet}gate: { protected_paths: [src/**] }\n`;
  press(setSettings(world, others), 'recheck').settle();
  world.finish('verify', underBase(world, base, { touched: ['src/error.ts'] }));
  // What is touched now is wanted reviewed in full, by whoever has not looked yet.
  world.finish('review', reviewed(found()));
  expect(world.run.dismissals).toBeUndefined();
  expect(gate(world)).toContain('failure: A reviewer found what was confirmed');

  const shut = ready();
  press(setSettings(shut, strict), 'recheck')
    .settle()
    .finish('verify', underBase(shut, base, { touched: ['a'] }));
  comment(shut, `/pilot override protected-paths ${sha('1')} It is meant so.`, { actor: otto }).settle();
  expect(gate(shut)).toContain('open: Overridden');
  const more = strict.replace('npm run lint', 'npm run check');
  press(setSettings(shut, more), 'recheck')
    .settle()
    .finish('verify', underBase(shut, base, { touched: ['a'] }));
  press(setSettings(shut, strict), 'recheck')
    .settle()
    .finish('verify', underBase(shut, base, { touched: ['a'] }));
  expect(gate(shut)).toContain('action_required: `a` needs');
});

describe('settings with mistakes', () => {
  it('where guessing would weaken the gate shut it with the reason, and are read again when somebody asks', () => {
    const world = ready();
    pushBase(setSettings(world, 'verify: { commands: [npm test] }\ngate: { protected_paths: 5 }\n'), sha('d')).settle();
    world.finish('verify', underBase(world, sha('d')));
    expect(gate(world)).toContain('action_required: The settings of `main` are others by now and cannot be followed:');
    expect(gate(world)).toContain('found 5, expected a list; it does not apply. When that is mended');
    expect(world.run.policy.protectedPaths).toEqual(['.github/**', '.gatepilot/**']);
    setSettings(world, 'verify: { commands: [npm test] }\nreview: { enabled: false }\n');
    press(world, 'recheck')
      .settle()
      .finish('verify', underBase(world, sha('d')));
    expect(gate(world)).toContain('open:');
    expect(part(world, 'settings')).toBeUndefined();
  });

  it('that were right before are in force as they were then', () => {
    const world = ready();
    const earlier =
      'verify: { commands: [npm test] }\ngate: { protected_paths: [src/**] }\nreview: { enabled: false }\n';
    if (world.facts)
      world.facts = { ...world.facts, policyText: earlier.replace('[src/**]', '5'), earlierPolicyTexts: [earlier] };
    pushBase(world, sha('d'))
      .settle()
      .finish('verify', underBase(world, sha('d')));
    expect(world.run.policy.protectedPaths).toEqual(['src/**']);
    expect(gate(world)).toBe("action_required: `src/error.ts` needs a maintainer's approval.");
  });

  it.each([
    ['sandbox: { provider: gvisor }', 'names a sandbox that is not offered here'],
    ['setup: { image: debian }', 'names an image that is not offered here'],
    ['setup: { network: [example.com] }', 'names hosts that the operator does not permit'],
    ['sandbox: { provider: none }', 'asks for no sandbox at all'],
  ])('that ask for what is not offered open nothing: %s', (text, why) => {
    const world = ready();
    pushBase(
      setSettings(world, `verify: { commands: [npm test] }\nreview: { enabled: false }\n${text}\n`),
      sha('d'),
    ).settle();
    world.finish('verify', underBase(world, sha('d')));
    expect(gate(world)).toContain('action_required: The settings of `main` are others');
    expect(gate(world)).toContain(why);
  });

  it('that name no image any more are followed in the usual sandbox', () => {
    const world = ready();
    world.sandboxes = ['bubblewrap', 'oci:debian'];
    const rest = 'verify: { commands: [npm test] }\nreview: { enabled: false }\n';
    for (const [text, base, provider] of [
      [`${rest}setup: { image: debian }\n`, sha('d'), 'oci:debian'],
      [rest, sha('e'), 'bubblewrap'],
    ] as const) {
      pushBase(setSettings(world, text), base).settle();
      world.finish('verify', underBase(world, base));
      expect(world.run.policy.sandbox.provider).toBe(provider);
    }
  });

  it('that say nothing of how to verify open nothing', () => {
    const world = ready();
    pushBase(setSettings(world, 'review: { enabled: false }\n'), sha('d')).settle();
    world.finish('verify', underBase(world, sha('d')));
    expect(gate(world)).toContain('Nothing here says how to verify a change');
  });
});

describe('where the settings keep a verdict although the base moves', () => {
  const keep = 'gate: { base_moved: keep }\n';
  const keeping = () => judging(keep).finish('review', reviewed()).finish('publish_branch', published());

  it('others than it was made by have it made anew, and the gate is shut until then', () => {
    const world = keeping();
    world.baseHead = sha('d');
    pushBase(setSettings(world, `${quiet}gate: { base_moved: keep, protected_paths: [src/**] }\n`), sha('d')).look();
    expect(gate(world)).toContain('waiting:');
    expect(renderHeadline(world.run)).toContain('**Verifying again**, since `main` has moved.');
    world.settle().finish('verify', underBase(world, sha('d'), { touched: ['src/error.ts'] }));
    expect(world.run.settingsMoved).toBeUndefined();
    world.finish('review', reviewed());
    expect(gate(world)).toContain('action_required: `src/error.ts`');
  });

  it('those that nobody could read have it made anew as well', () => {
    const world = keeping();
    pushBase(world, sha('d')).settle();
    expect(world.listWork()).toEqual(['r1-verify-2']);
    world.finish('verify', underBase(world, sha('d')));
    expect(world.listWork()).toEqual([]);
    expect(gate(world)).toContain('open:');
  });

  it('a verification that began before is followed by one that reads them', () => {
    const world = press(keeping(), 'recheck').settle();
    const verify = world.begin('verify');
    world.baseHead = sha('d');
    pushBase(setSettings(world, `${quiet}gate: { base_moved: keep, protected_paths: [src/**] }\n`), sha('d')).look();
    world.report(verify, verified());
    expect(gate(world)).not.toContain('open:');
    world.settle().finish('verify', underBase(world, sha('d')));
    expect(world.run.policy.protectedPaths).toEqual(['src/**']);
  });
});

it('those of the organisation are found within a day, and nothing is verified where they say the same', () => {
  const world = ready();
  world.pulls[9] = { headSha: sha('1'), baseBranch: 'main', state: 'open', isDraft: false, isOurs: true };
  world.baseHead = base;
  world.pass(25 * 3_600_000);
  expect([world.run.lookedAt !== undefined, ...world.listWork()]).toEqual([true]);
  if (world.facts)
    world.facts = {
      ...world.facts,
      organisation: { repository: 'acme/.github', policyText: 'gate: { protected_paths: ["**"] }' },
    };
  world.pass(25 * 3_600_000);
  expect(world.listWork()).toEqual(['r1-verify-2']);
  expect(renderHeadline(world.run)).toContain('**Verifying again**, since the settings of `main` have changed.');
  expect(gate(world)).toContain('waiting:');
  world.finish('verify', underBase(world, base, { touched: ['src/error.ts'] }));
  expect(gate(world)).toContain('action_required: `src/error.ts`');
});
