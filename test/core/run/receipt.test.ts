import { describe, expect, it } from 'vitest';
import { WorldOfDecisions } from '../../support/world-of-decisions.ts';
import { comment, label, mallory, mona } from './outcome.ts';
import { attempting, closed, failedEarly, planning, ready, stopping } from './place.ts';

const bot = { id: 5, login: 'other[bot]', kind: 'bot' } as const;

describe('a command', () => {
  it('that starts a run ends with it', () => {
    expect(planning().findReceipt('run')?.state.kind).toBe('started');
    expect(ready().findReceipt('run')?.state.kind).toBe('done');
    expect(failedEarly().findReceipt('run')?.state.kind).toBe('failed');
  });

  it('delivered twice is one', () => {
    const world = new WorldOfDecisions();
    for (let delivery = 0; delivery < 3; delivery += 1) comment(world, '/pilot run', { commentId: 5 });
    world.settle();
    expect(world.record.receipts).toHaveLength(1);
    expect(world.record.runsStarted).toBe(1);
  });

  it('is another one beside a line and in a review, also where they have its number', () => {
    const world = ready();
    const places = [{}, { place: 'line' }, { place: 'review' }] as const;
    for (let delivery = 0; delivery < 2; delivery += 1)
      for (const place of places)
        comment(world, '/pilot status', { commentId: 5, thread: 9, isPullRequest: true, ...place });
    world.settle();
    expect(world.record.receipts.slice(1).map(({ id }) => id)).toEqual([
      'comment/5',
      'comment/line/5',
      'comment/review/5',
    ]);
  });

  it('and a label for the same wish share one run and one end', () => {
    const world = label(planning()).settle();
    expect(world.record.runsStarted).toBe(1);
    comment(world, '/pilot stop').settle();
    expect(world.record.receipts.map(({ command, state }) => `${command} ${state.kind}`)).toEqual([
      'run done',
      'run done',
      'stop done',
    ]);
  });

  it('is answered with what keeps it from being carried out', () => {
    const cases: [string, WorldOfDecisions][] = [
      ['/pilot run', worldWith((facts) => ({ ...facts, policyText: '' }))],
      ['/pilot run', worldWith((facts) => ({ ...facts, policyText: `${facts.policyText}setup: { image: debian }\n` }))],
      ['/pilot run', worldWith(({ defaultBranch }) => ({ defaultBranch }))],
      ['/pilot run', worldWith(() => undefined)],
      ['/pilot run', ready()],
      ['/pilot run', stopping()],
      ['/pilot run do more', attempting()],
      ['/pilot approve', attempting()],
      ['/pilot rnu', attempting()],
      ['/pilot help', closed()],
    ];
    const told = cases.map(([body, world]) => {
      const receipt = comment(world, body).settle().record.receipts.at(-1);
      return `${body} → ${receipt?.state.kind}: ${receipt?.reply?.split('\n')[0]}`;
    });
    expect(told).toMatchInlineSnapshot(`
      [
        "/pilot run → refused: Nothing here says how to verify a change, and nothing unverified is ever pushed. Add \`verify: { commands: ["…"] }\` to \`.github/gatepilot.yml\` on the default branch (or a \`test\` script to \`package.json\`).",
        "/pilot run → refused: \`setup.image\` in \`.github/gatepilot.yml\` names an image that is not offered here (\`debian\`); there is none. The operator offers images in \`GATEPILOT_OCI_IMAGES\`, each under exactly the name that settings use.",
        "/pilot run → refused: The repository is empty: there is nothing to work on yet.",
        "/pilot run → refused: GitHub did not answer when the repository was read. Please try again.",
        "/pilot run → refused: Run r1 ended with pull request #9, which is open: merge or close it first.",
        "/pilot run → refused: Run r1 is being stopped; start again when it has ended.",
        "/pilot run do more → refused: Run r1 is already working here and cannot take a new instruction; stop it first.",
        "/pilot approve → refused: No plan of run r1 waits for an approval.",
        "/pilot rnu → refused: I could not carry that out (line 1, column 8). I found \`rnu\`. Expected: a command, such as run, status or help. Did you mean \`/pilot run\`? See \`/pilot help\`.",
        "/pilot help → done: here is what I can be asked, one command per comment:",
      ]
    `);
  });

  it('needs its authority: readers are told so, strangers get a sign and no conversation', () => {
    const world = new WorldOfDecisions();
    comment(world, '/pilot run', { actor: { id: 2, login: 'rita', kind: 'person' } });
    comment(world, '/pilot run', { actor: mallory });
    comment(world, '/pilot nonsense', { actor: mallory });
    world.settle();
    expect(world.record.run).toBeUndefined();
    expect(world.record.receipts.map(({ state, reply }) => [state.kind, reply])).toEqual([
      ['refused', '`run` needs write permission on this repository; you have read.'],
      ['refused', undefined],
      ['refused', undefined],
    ]);
  });

  it('by a bot, in prose, in code or as a quotation is none', () => {
    const world = new WorldOfDecisions();
    comment(world, '/pilot run', { actor: bot });
    comment(world, 'I would say `/pilot run` here.');
    comment(world, '```\n/pilot run\n```');
    comment(world, '> /pilot run');
    label(world, 'pilot:run', bot);
    label(world, 'bug').settle();
    expect(world.record.receipts).toEqual([]);
    expect(world.record.run).toBeUndefined();
  });
});

describe('a slip in an outage', () => {
  it('is told to whoever is known here, who may have meant to stop', () => {
    const world = attempting();
    world.permissions = {};
    comment(world, '/pilot stpo').settle();
    comment(world, '/pilot stpo', { actor: mallory, association: 'NONE' }).settle();
    const replies = world.record.receipts.slice(-2).map(({ state, reply }) => `${state.kind}: ${reply}`);
    expect(replies).toEqual([
      'refused: I could not carry that out (line 1, column 8). I found `stpo`. Expected: a command, such as run, status or help. Did you mean `/pilot stop`? See `/pilot help`.',
      'refused: undefined',
    ]);
  });
});

describe('receipts', () => {
  it('of strangers do not push out one that waits for its end', () => {
    const world = planning();
    for (let press = 0; press < 120; press += 1) {
      comment(world, '/pilot stop', { actor: mallory }).settle();
      world.finish('present', { kind: 'presented', revision: world.record.presentation.wanted });
    }
    expect(world.findReceipt('run')?.state.kind).toBe('started');
    expect(world.record.receipts.length).toBeLessThanOrEqual(50);
  });

  it('of strangers do not push out an answer that nobody has seen yet', () => {
    const world = comment(attempting(), '/pilot status').settle();
    const commentId = 2_000_000;
    comment(world, '/pilot help', { commentId }).settle();
    for (let press = 0; press < 120; press += 1) comment(world, '/pilot stop', { actor: mallory }).settle();
    expect(world.record.presentation.done).toBe(0);
    expect(world.record.receipts.some(({ id }) => id === `comment/${commentId}`)).toBe(true);
  });

  it('know who asked, where, and when', () => {
    const world = comment(attempting(), '/pilot status', { thread: 9, isPullRequest: true }).settle();
    expect(world.findReceipt('status')).toMatchObject({
      at: world.now,
      actor: mona,
      source: { kind: 'comment', thread: 9 },
    });
  });
});

function worldWith(
  change: (facts: NonNullable<WorldOfDecisions['facts']>) => WorldOfDecisions['facts'],
): WorldOfDecisions {
  const world = new WorldOfDecisions();
  world.facts = world.facts && change(world.facts);
  return world;
}
