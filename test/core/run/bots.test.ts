// Other bots are heard where the settings name them, for little, and never for long without a person.
import { describe, expect, it } from 'vitest';
import { WorldOfDecisions } from '../../support/world-of-decisions.ts';
import { comment } from './outcome.ts';
import { attempting, ready } from './place.ts';

const bot = { id: 5, login: 'renovate[bot]', kind: 'bot' } as const;
const named =
  'verify: { commands: [npm test], baseline: false }\nreview: { enabled: false }\ncommand: { bots: [renovate] }\n';

function naming(world: WorldOfDecisions): WorldOfDecisions {
  if (world.facts) world.facts = { ...world.facts, policyText: named };
  return world;
}

const say = (world: WorldOfDecisions, text: string) => comment(world, text, { actor: bot }).settle();

describe('a bot that the settings name', () => {
  it('starts a run like anybody', () => {
    const world = say(naming(new WorldOfDecisions()), '/pilot run Update what is old.');
    expect(world.record.run).toMatchObject({ startedBy: bot, request: 'Update what is old.' });
  });

  it('is never ourselves, whatever the settings name', () => {
    const world = naming(new WorldOfDecisions());
    world.slug = 'renovate';
    say(world, '/pilot run');
    expect(world.record.receipts).toEqual([]);
    expect(world.record.run).toBeUndefined();
  });

  it('stops one', () => {
    expect(say(naming(attempting()), '/pilot stop').record.run?.state.kind).toBe('stopped');
  });

  it.each([
    '/pilot merge',
    '/pilot approve',
    `/pilot override tests ${'1'.repeat(40)} It is fine.`,
    '/pilot budget 100',
  ])('may not say "%s", which is for persons, and gets a sign and no words', (text) => {
    const world = naming(ready());
    const before = structuredClone(world.record.run);
    say(world, text);
    expect(world.record.run).toEqual(before);
    expect(world.record.receipts.at(-1)).toMatchObject({ state: { kind: 'refused' } });
    expect(world.record.receipts.at(-1)?.reply).toBeUndefined();
    expect(world.log.join('\n')).toContain('is for persons');
  });

  it('gets no words for what is no command either, which it might answer', () => {
    const world = say(naming(new WorldOfDecisions()), '/pilot rnu');
    expect(world.record.receipts).toMatchObject([{ command: 'mistake', state: { kind: 'refused' } }]);
    expect(world.record.receipts[0]?.reply).toBeUndefined();
  });

  it('is not heard any more after five commands in an hour, until a person says something', () => {
    const world = naming(ready());
    for (let turn = 0; turn < 7; turn += 1) say(world, '/pilot status');
    const ends = world.record.receipts.filter(({ actor }) => actor.kind === 'bot').map(({ state }) => state.kind);
    expect(ends).toEqual(['done', 'done', 'done', 'done', 'done', 'refused', 'refused']);
    expect(world.log.join('\n')).toContain('no person said anything in between');
    comment(world, '/pilot status').settle();
    say(world, '/pilot status');
    expect(world.record.receipts.at(-1)?.state.kind).toBe('done');
  });

  it('is heard again an hour later', () => {
    const world = naming(ready());
    for (let turn = 0; turn < 6; turn += 1) say(world, '/pilot status');
    world.pass(3_600_001);
    say(world, '/pilot status');
    expect(world.record.receipts.at(-1)?.state.kind).toBe('done');
  });
});

describe('any other bot', () => {
  it('is not heard, whatever its name is like', () => {
    const world = naming(new WorldOfDecisions());
    comment(world, '/pilot run', { actor: { ...bot, login: 'renovate-bot[bot]' } }).settle();
    expect(world.record.receipts).toEqual([]);
  });

  it('is not heard while the settings cannot be read', () => {
    const world = naming(attempting());
    world.facts = undefined;
    say(world, '/pilot stop');
    expect(world.record.run?.state.kind).toBe('executing');
  });
});
