// What the manual says of `.github/gatepilot.yml` is what happens to a run.
import { describe, expect, it } from 'vitest';
import { parsePolicy } from '../../../src/core/policy/parse-policy.ts';
import { policySections } from '../../../src/core/policy/policy.ts';
import { renderPolicyManual } from '../../../src/core/policy/render-policy-manual.ts';
import { guardedSections } from '../../../src/core/run/read-run-policy.ts';
import { WorldOfDecisions } from '../../support/world-of-decisions.ts';
import { comment } from './outcome.ts';

/** What somebody is told who starts a run with these settings; nothing where it starts. */
function askWith(settings: string, world = new WorldOfDecisions()): string | undefined {
  if (world.facts) world.facts = { ...world.facts, policyText: settings };
  comment(world, '/pilot run').settle();
  return world.record.run ? undefined : world.record.receipts[0]?.reply;
}

const verify = 'verify: { commands: [npm test] }\n';
const manual = renderPolicyManual({ guardedSections });

it('may be written down with their defaults, all of them', () => {
  const { policy } = parsePolicy(verify);
  const { verify: wanted, ...rest } = JSON.parse(JSON.stringify(policy));
  expect(Object.keys(rest)).toContain('labels');
  expect(askWith(JSON.stringify({ verify: wanted, ...rest }))).toBeUndefined();
});

describe('a mistake in the settings', () => {
  const [, list = ''] = /A mistake in\s(.+) that was never right/.exec(manual) ?? [];
  const named = [...list.matchAll(/`(\w+)`/g)].map(([, section]) => section);

  it.each(Object.keys(policySections))('in %s refuses the run exactly where the manual says so', (section) => {
    const text =
      section === 'verify' ? 'verify: { commands: [npm test], wrong: 1 }' : `${verify}${section}: { wrong: 1 }`;
    const reply = askWith(`${text}\n`);
    if (named.includes(section)) expect(reply).toContain(`${section}.wrong`);
    else expect(reply).toBeUndefined();
  });

  it('that keeps what was said before refuses none', () => {
    const world = new WorldOfDecisions();
    if (world.facts) world.facts = { ...world.facts, earlierPolicyTexts: [`${verify}gate: { strict: true }\n`] };
    expect(askWith(`${verify}gate: { strict: maybe }\n`, world)).toBeUndefined();
    expect(world.run.policy.isStrict).toBe(true);
  });

  it('of the whole file refuses the run', () => {
    expect(askWith('verify: [\n')).toContain('has mistakes');
  });
});
