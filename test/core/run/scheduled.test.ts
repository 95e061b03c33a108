// A moment of a schedule, on its issue: what the default branch says now is started, or why not is told.
import { describe, expect, it } from 'vitest';
import { renderView } from '../../../src/core/reply/render-view.ts';
import { WorldOfDecisions } from '../../support/world-of-decisions.ts';
import { comment } from './outcome.ts';
import { attempting, ready } from './place.ts';

const ourselves = { id: 5, login: 'gatepilot[bot]', kind: 'bot' } as const;
const moment = Date.UTC(2030, 0, 1, 6);
const policyText = (more = '') =>
  `verify: { commands: [npm test] }\nschedule:\n  - { name: nightly, text: Tidy up, every_minutes: 60 }\n${more}`;

function due(world: WorldOfDecisions, at = moment, schedule = 'nightly'): WorldOfDecisions {
  const deliveryId = `schedule/github.test/7/${schedule}/${at}`;
  return world
    .put({ kind: 'scheduled', deliveryId, schedule, at, actor: ourselves, thread: 1, title: 'Scheduled: nightly' })
    .settle();
}

function fresh(text = policyText()): WorldOfDecisions {
  const world = new WorldOfDecisions();
  world.facts = { defaultBranch: 'main', baseSha: 'b'.repeat(40), policyText: text };
  return world;
}

function listTold(world: WorldOfDecisions): string[] {
  const receipts = world.record.receipts.filter(({ source }) => source.kind === 'schedule');
  return receipts.map(({ state, reply }) => `${state.kind}: ${reply ?? ''}`);
}

describe('a moment of a schedule', () => {
  it('starts a run with what the settings ask for, in our name, and ends with it', () => {
    const world = due(fresh());
    expect(world.run).toMatchObject({ request: 'Tidy up', startedBy: ourselves, state: { kind: 'planning' } });
    expect(listTold(world)).toEqual(['started: ']);
  });

  it('names the workflow that the settings name, and says where there is none of that name', () => {
    const world = due(fresh(policyText().replace('every', 'workflow: nowhere, every')));
    expect(listTold(world)).toEqual([
      expect.stringContaining('refused: No workflow `nowhere` can carry out a run here'),
    ]);
  });

  it('is one run, however often it is told', () => {
    const world = due(due(fresh()));
    expect(world.record.runsStarted).toBe(1);
    expect(listTold(world)).toHaveLength(1);
  });

  it('starts nothing once the settings do not name it any more', () => {
    const world = due(fresh('verify: { commands: [npm test] }'));
    expect(world.record.runsStarted).toBe(0);
    expect(listTold(world)).toEqual([
      'refused: `.github/gatepilot.yml` does not name it any more; nothing was started.',
    ]);
  });

  it('starts nothing while GitHub does not say what the settings are', () => {
    const world = fresh();
    world.facts = undefined;
    due(world);
    expect(world.record.runsStarted).toBe(0);
    expect(listTold(world)).toEqual([expect.stringContaining('refused: GitHub did not answer')]);
  });

  it('starts nothing beside a run that works, and nothing where its pull request waits to be merged', () => {
    for (const make of [attempting, ready]) {
      const world = make();
      world.facts = { ...world.facts, defaultBranch: 'main', policyText: policyText() };
      due(world);
      expect(world.record.runsStarted).toBe(1);
      expect(listTold(world)).toEqual([
        expect.stringMatching(/^refused: Run r1 (?:is already working|ended with pull)/),
      ]);
    }
  });

  it('is limited like every run', () => {
    const world = fresh(policyText('max_runs: 1\n'));
    world.taken.add('repository/github.test/7');
    expect(listTold(due(world))).toEqual([expect.stringContaining('refused: Not now: one run may be at work')]);
  });

  it('that is in vain time after time has one comment, which says the last time', () => {
    const world = fresh('verify: { commands: [npm test] }');
    due(due(world), moment + 3_600_000);
    const replies = renderView(world.record).comments.filter(({ body }) => body.startsWith('The schedule'));
    expect(replies).toHaveLength(1);
    expect(replies[0]?.body).toMatchInlineSnapshot(
      `"The schedule \`nightly\` was due at 2030-01-01 07:00 UTC. \`.github/gatepilot.yml\` does not name it any more; nothing was started."`,
    );
  });

  it('gives nobody who comments there any right', () => {
    const world = due(fresh());
    comment(world, '/pilot stop', { actor: ourselves }).settle();
    expect(world.run.state.kind).toBe('planning');
  });
});
