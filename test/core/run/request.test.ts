// Requests of the API: the grammar and the effects of comments, with an answer that is kept with the effect.
import { describe, expect, it } from 'vitest';
import type { Decision } from '../../../src/core/model/decision.ts';
import type { NetworkPermit } from '../../../src/core/network/network-permit.ts';
import { renderGateCheck } from '../../../src/core/reply/render-check.ts';
import { renderView } from '../../../src/core/reply/render-view.ts';
import { WorldOfDecisions } from '../../support/world-of-decisions.ts';
import { mona, sha } from './outcome.ts';
import { attempting, paused, planning, ready, stoppedEarly } from './place.ts';

function request(world: WorldOfDecisions, command: string, key = `key-${world.next()}`): Decision['answers'] {
  const answers: NonNullable<Decision['answers']>[number][] = [];
  world.onLook = (_, decision) => answers.push(...(decision.answers ?? []));
  world.put({ kind: 'requested', key, command, actor: mona }).settle();
  return answers;
}

describe('many requests at once', () => {
  it('are all answered by what became of them', () => {
    const world = planning();
    for (let key = 0; key < 60; key += 1)
      world.put({ kind: 'requested', key: `key-${key}`, command: 'status', actor: mona });
    const answers = world.look().answers ?? [];
    expect(new Set(answers.map(({ answer }) => answer.outcome))).toEqual(new Set(['done']));
    expect(answers).toHaveLength(60);
  });
});

describe('a request of the API', () => {
  it('does what the comment would do, and is answered in one sentence', () => {
    const cases: [string, WorldOfDecisions][] = [
      ['stop', attempting()],
      ['pause for lunch', attempting()],
      ['resume', paused()],
      ['resume', stoppedEarly()],
      ['retry failed', ready()],
      ['run', ready()],
      ['run', planning()],
      ['rnu', attempting()],
      ['', attempting()],
      ['stop\n/pilot run', attempting()],
      ['approve', attempting()],
    ];
    const told = cases.map(([command, world]) => {
      const answers = request(world, command);
      return `${JSON.stringify(command)} → ${world.run.state.kind}; ${answers?.map(({ answer }) => `${answer.outcome}: ${answer.text}`)}`;
    });
    expect(told).toMatchInlineSnapshot(`
      [
        ""stop" → stopped; started: Run r1: **Stopping**, asked for by @​mona.",
        ""pause for lunch" → paused; started: Run r1: **Working** on batch 1 of 1. A pause was asked for by @​mona: what is under way may end.",
        ""resume" → executing; done: Run r1 goes on.",
        ""resume" → executing; started: Run r1 goes on with what is not finished.",
        ""retry failed" → ready; refused: Nothing failed here that could be tried again.",
        ""run" → ready; refused: Run r1 ended with pull request #9, which is open: merge or close it first.",
        ""run" → planning; started: Run r1: **Planning** the work.",
        ""rnu" → executing; refused: I could not carry that out (line 1, column 8). I found \`rnu\`. Expected: a command, such as run, status or help. Did you mean \`/pilot run\`? See \`/pilot help\`.",
        """ → executing; refused: I could not carry that out (line 1, column 8). Expected: a command, such as help. See \`/pilot help\`.",
        ""stop\\n/pilot run" → executing; refused: I could not carry that out (line 2, column 8). I found \`run and stop\`. Expected: one of them in a comment of its own. See \`/pilot help\`.",
        ""approve" → executing; refused: No plan of run r1 waits for an approval.",
      ]
    `);
  });

  it('needs no permission on GitHub: whoever reaches the API operates the bot', () => {
    const world = attempting();
    world.permissions = {};
    request(world, 'stop');
    expect(world.run.state.kind).toBe('stopped');
  });

  it('is answered once per key, with the decision that takes it', () => {
    const world = attempting();
    expect(request(world, 'pause', 'k')).toMatchObject([{ key: 'k', answer: { outcome: 'started' } }]);
    expect(request(world, 'pause', 'k')).toEqual([]);
  });

  it('posts nothing of its own on GitHub', () => {
    const world = attempting();
    request(world, 'status');
    request(world, 'rnu');
    const view = renderView(world.record);
    expect(view.comments.filter(({ marker }) => marker.includes(':reply:'))).toEqual([]);
    expect(view.reactions.map(({ commentId }) => commentId)).toHaveLength(1);
    expect(world.record.receipts.at(-1)).toMatchObject({ source: { kind: 'api' }, state: { kind: 'refused' } });
  });
});

describe('a run whose policy lets agents reach hosts', () => {
  const withNetwork = (sandbox: string, network: NetworkPermit) => {
    const world = new WorldOfDecisions();
    world.network = network;
    world.sandboxes = ['bubblewrap', 'none'];
    if (world.facts) world.facts = { ...world.facts, policyText: `${world.facts.policyText}sandbox: ${sandbox}\n` };
    return world;
  };
  const asked = '{ network: [registry.example.com, "*.example.org"] }';

  it.each([
    [
      asked,
      { allow: [], deny: [] },
      /`registry.example.com`, `\*.example.org`\). None is permitted here.*GATEPILOT_NETWORK/,
    ],
    [
      asked,
      { allow: ['*.example.com'], deny: [] },
      /\(`\*.example.org`\). Permitted are hosts within: `\*.example.com`/,
    ],
    [asked, { allow: ['*'], deny: ['registry.example.com'] }, /\(`registry.example.com`\)/],
    ['{ network: [a.example.com], provider: none }', { allow: ['*'], deny: [] }, /without one nothing holds an agent/],
  ])('beyond what can be held is refused: %s within %o', (sandbox, network, said) => {
    const world = withNetwork(sandbox, network);
    expect(request(world, 'run')?.map(({ answer }) => answer)).toEqual([
      { outcome: 'refused', text: expect.stringMatching(said) },
    ]);
    expect(world.record.run).toBeUndefined();
  });

  it('within what the operator permits starts, and keeps the list for its whole life', () => {
    const world = withNetwork(asked, { allow: ['*.example.com', '*.example.org'], deny: ['evil.example.org'] });
    request(world, 'run');
    expect(world.record.run?.policy.sandbox.network).toEqual(['registry.example.com', '*.example.org']);
  });

  it('reaches nothing where it says nothing', () => {
    const world = withNetwork('{ memory_mb: 512 }', { allow: ['*'], deny: [] });
    request(world, 'run');
    expect(world.record.run?.policy.sandbox.network).toEqual([]);
  });
});

describe('a run whose sandbox was not shown to hold what it needs', () => {
  const withSettings = (settings: string, unproven: readonly string[], name = 'bubblewrap') => {
    const world = new WorldOfDecisions();
    world.network = { allow: ['*'], deny: [] };
    world.sandboxes = ['bubblewrap', 'none'];
    world.unproven = { [name]: unproven };
    if (world.facts) world.facts = { ...world.facts, policyText: `${world.facts.policyText}${settings}\n` };
    return world;
  };
  const install = 'setup: { commands: [npm ci], network: [registry.npmjs.org] }';

  it.each([
    [
      'sandbox: { network: [a.example.com] }',
      ['allowlist'],
      /`bubblewrap` cannot give "allowlist" .*`sandbox.network`/,
    ],
    [install, ['allowlist'], /`bubblewrap` cannot give "allowlist" .*`setup.network`/],
    ['', ['gateway', 'allowlist'], /`bubblewrap` cannot give "gateway"/],
    ['', ['deny'], /`bubblewrap` cannot give "deny"/],
    ['', ['memory limit'], /`bubblewrap` cannot give "memory limit"/],
  ])('is refused before anything is paid, naming it: %s without %o', (settings, unproven, said) => {
    const world = withSettings(settings, unproven);
    expect(request(world, 'run')?.map(({ answer }) => answer)).toEqual([
      { outcome: 'refused', text: expect.stringMatching(said) },
    ]);
    expect(world.record.run).toBeUndefined();
    expect(world.outbox.map(({ action }) => action.kind)).not.toContain('plan');
  });

  it.each([
    ['', ['allowlist'], 'bubblewrap'],
    ['setup: { commands: [make deps] }', ['allowlist'], 'bubblewrap'],
    ['', ['gateway'], 'none'],
    ['sandbox: { network: [a.example.com] }', [], 'bubblewrap'],
  ])('starts where it needs nothing of that: %s without %o of %s', (settings, unproven, name) => {
    const world = withSettings(settings, unproven, name);
    request(world, 'run');
    expect(world.record.run).toBeDefined();
  });
});

describe('a run whose policy chooses a sandbox', () => {
  const withSandbox = (provider: string, offered: readonly string[]) => {
    const world = new WorldOfDecisions();
    world.sandboxes = offered;
    if (world.facts)
      world.facts = { ...world.facts, policyText: `${world.facts.policyText}sandbox:\n  provider: ${provider}\n` };
    return world;
  };

  it.each([
    ['none', /asks for no sandbox at all .* the operator does not allow that here.*GATEPILOT_ALLOW_NO_SANDBOX=true/],
    [
      'gvisor',
      /names a sandbox that is not offered here \(`gvisor`\); there is: `bubblewrap`. No other takes its place/,
    ],
  ])('that is not offered (%s) is refused, and nothing takes its place', (provider, said) => {
    const world = withSandbox(provider, ['bubblewrap']);
    expect(request(world, 'run')?.map(({ answer }) => answer)).toEqual([
      { outcome: 'refused', text: expect.stringMatching(said) },
    ]);
    expect(world.record.run).toBeUndefined();
  });

  it('works there, and in the usual one where it leaves the choice to the operator', () => {
    for (const [provider, chosen] of [
      ['auto', 'bubblewrap'],
      ['none', 'none'],
    ] as const) {
      const world = withSandbox(provider, ['bubblewrap', 'none']);
      request(world, 'run');
      expect(world.record.run?.policy.sandbox.provider).toBe(chosen);
    }
  });

  it.each([
    ['auto', ['bubblewrap', 'oci:debian']],
    ['oci', ['bubblewrap', 'oci', 'oci:debian']],
  ])('works in the image that it names where that is offered (%s)', (provider, offered) => {
    const world = withSandbox(`${provider}\nsetup: { image: debian }`, offered);
    request(world, 'run');
    expect(world.record.run?.policy.sandbox.provider).toBe('oci:debian');
  });

  it.each([
    [
      ['bubblewrap', 'oci'],
      /an image that is not offered here \(`debian`\); there is none\. The operator offers images in/,
    ],
    [['oci', 'oci:debian:12'], /an image that is not offered here \(`debian`\); there is: `debian:12`\./],
  ])('is refused where its image is not, and nothing takes its place', (offered, said) => {
    const world = withSandbox('oci\nsetup: { image: debian }', offered);
    expect(request(world, 'run')?.map(({ answer }) => answer)).toEqual([
      { outcome: 'refused', text: expect.stringMatching(said) },
    ]);
    expect(world.record.run).toBeUndefined();
  });

  it('is not told of images where it names another sandbox', () => {
    const [reply] = request(withSandbox('gvisor', ['bubblewrap', 'oci:debian']), 'run') ?? [];
    expect(JSON.stringify(reply)).toContain('there is: `bubblewrap`. No other');
  });

  it('says in the comment and in the check of every run that there is none, and of no other', () => {
    for (const [provider, times] of [
      ['auto', 0],
      ['none', 1],
    ] as const) {
      const world = withSandbox(provider, ['bubblewrap', 'none']);
      request(world, 'run');
      const { run } = world.record;
      if (!run) throw new Error('no run was started');
      const told = (texts: readonly string[]) => texts.filter((text) => text.includes('**Without a sandbox.**')).length;
      expect(told(renderView(world.record).comments.map(({ body }) => body))).toBe(times);
      expect(told([renderGateCheck(world.record, run, { head: sha('9') }).summary])).toBe(times);
    }
  });
});

describe('a run whose policy', () => {
  const withChain = (chain: string) => {
    const world = new WorldOfDecisions();
    world.agents = ['claude', 'pi'];
    if (world.facts)
      world.facts = { ...world.facts, policyText: `${world.facts.policyText}agents:\n  chain: ${chain}\n` };
    return world;
  };

  it('names coding agents that are not offered is refused, and says which there are', () => {
    const world = withChain('[codex, pi, gemini]');
    expect(request(world, 'run')?.map(({ answer }) => answer)).toEqual([
      {
        outcome: 'refused',
        text:
          '`.github/gatepilot.yml` names coding agents that are not offered here (`codex`, `gemini`); there are: `claude`, `pi`. ' +
          'No other takes their place.',
      },
    ]);
    expect(world.record.run).toBeUndefined();
  });

  it('names some that are is worked on by them, and by the usual one where it names none', () => {
    for (const [chain, agents] of [
      ['[pi, claude]', ['pi', 'claude']],
      ['[]', ['claude']],
    ] as const) {
      const world = withChain(chain);
      request(world, 'run');
      expect(world.run.policy.agents).toEqual(agents);
    }
  });

  const withModels = (models: string) => {
    const world = new WorldOfDecisions();
    world.models = ['large', 'small'];
    if (world.facts) world.facts = { ...world.facts, policyText: `${world.facts.policyText}models: ${models}\n` };
    return world;
  };

  it('names models that are not offered, for whatever role, is refused, and says which there are', () => {
    const world = withModels('{ agent: [large, huge], planner: [tiny], reviewer: [huge] }');
    expect(request(world, 'run')?.map(({ answer }) => answer)).toEqual([
      {
        outcome: 'refused',
        text:
          '`.github/gatepilot.yml` names models that are not offered here (`huge`, `tiny`); there are: `large`, `small`. ' +
          'No other takes their place.',
      },
    ]);
    expect(world.record.run).toBeUndefined();
  });

  it('names some that are has each role done by its own, and by the usual one where it names none', () => {
    const world = withModels('{ agent: [small, large], pilot: [small] }');
    request(world, 'run');
    expect(world.record.run?.policy.models).toEqual({
      agent: ['small', 'large'],
      planner: [],
      pilot: ['small'],
      reviewer: [],
    });
  });
});
