// Whole runs over a limit: whoever asks is told when to ask again, and nothing of a run is begun.
import { describe, expect, it } from 'vitest';
import type { Seat } from '../../../src/core/model/decision.ts';
import { repository, WorldOfDecisions } from '../../support/world-of-decisions.ts';
import { comment, label, mona, pull, sha } from './outcome.ts';
import { attempting, merging, paused, ready, stoppedEarly } from './place.ts';

const here = `repository/${repository.host}/${repository.id}`;
const installed = `installation/${repository.host}/${repository.installationId}`;
const policyText = (maxRuns: number) =>
  `verify:\n  commands:\n    - npm test\nreview: { enabled: false }\nmax_runs: ${maxRuns}\n`;

function seatsOf(world: WorldOfDecisions): readonly Seat[] {
  // Whom a push to the base is told to is another matter.
  return (world.look().census ?? []).filter(({ name }) => !name.startsWith('base/'));
}

function told(world: WorldOfDecisions, command: string): string {
  const receipt = world.findReceipt(command);
  return `${receipt?.state.kind}: ${receipt?.reply ?? ''}`;
}

function fresh(taken: string, limits: { perRepository?: number; perInstallation?: number; maxRuns?: number } = {}) {
  const world = new WorldOfDecisions();
  world.taken.add(taken);
  world.runLimits = { perRepository: limits.perRepository, perInstallation: limits.perInstallation };
  if (limits.maxRuns !== undefined)
    world.facts = { ...world.facts, defaultBranch: 'main', policyText: policyText(limits.maxRuns) };
  return world;
}

describe('a request for a run, where all seats are taken,', () => {
  it('is refused with a time to ask again, and no run is made of it', () => {
    const world = comment(fresh(here, { perRepository: 3 }), '/pilot run').settle();
    expect(told(world, 'run')).toMatchInlineSnapshot(
      `"refused: Not now: 3 runs may be at work in this repository at a time, and they are. Please ask again after 1970-01-01 00:26 UTC."`,
    );
    expect(world.record).toMatchObject({ runsStarted: 0 });
    expect(world.record.run).toBeUndefined();
    expect(world.listWork()).toEqual([]);
  });

  it('is told the same where it was a label', () => {
    const world = label(fresh(installed, { perInstallation: 1 })).settle();
    expect(told(world, 'run')).toMatchInlineSnapshot(
      `"refused: Not now: one run may be at work for this installation at a time, and it is. Please ask again after 1970-01-01 00:26 UTC."`,
    );
  });

  it('is told the same where it was the API', () => {
    const world = fresh(here, { maxRuns: 2 });
    world.put({ kind: 'requested', key: 'k', command: 'run', actor: mona });
    const [answer] = world.look().answers ?? [];
    expect(answer?.answer).toMatchInlineSnapshot(`
      {
        "outcome": "refused",
        "text": "Not now: 2 runs may be at work in this repository at a time, and they are. Please ask again after 1970-01-01 00:26 UTC.",
      }
    `);
  });

  it('leaves a run that rests as it was when it was to go on', () => {
    const world = stoppedEarly();
    world.runLimits = { perRepository: 1, perInstallation: undefined };
    world.taken.add(here);
    const before = structuredClone(world.run);
    comment(world, '/pilot resume').settle();
    expect(told(world, 'resume')).toContain('Please ask again after');
    expect(world.run).toEqual(before);
  });

  it('starts when a seat is free again', () => {
    const world = comment(fresh(here, { perRepository: 1 }), '/pilot run').settle();
    world.taken.clear();
    comment(world, '/pilot run').settle();
    expect(world.run.state.kind).toBe('planning');
  });
});

describe('a run', () => {
  it.each([
    [undefined, undefined, undefined],
    [undefined, 4, 4],
    [5, undefined, 5],
    [5, 4, 4],
    [5, 9, 5],
  ])(
    'asks for a seat under the lower of what the operator (%s) and the policy (%s) allow',
    (perRepository, maxRuns, least) => {
      const world = new WorldOfDecisions();
      world.runLimits = { perRepository, perInstallation: 7 };
      if (maxRuns !== undefined)
        world.facts = { defaultBranch: 'main', baseSha: sha('b'), policyText: policyText(maxRuns) };
      const census = comment(world, '/pilot run').look().census;
      expect(census).toEqual([
        least === undefined ? { name: here } : { name: here, limit: least },
        { name: installed, limit: 7 },
      ]);
    },
  );

  it('is counted while it is at work or held, without being asked for a seat again', () => {
    for (const world of [attempting(), paused()]) {
      world.runLimits = { perRepository: 1, perInstallation: 1 };
      expect(seatsOf(world)).toEqual([{ name: here }, { name: installed }]);
    }
  });

  it('is counted no more when it rests', () => {
    for (const world of [ready(), stoppedEarly()]) expect(seatsOf(world)).toEqual([]);
  });

  it('merges without a seat', () => {
    const world = merging();
    world.taken.add(here);
    expect(seatsOf(world)).toEqual([]);
  });

  it('is verified again for a push however many are at work', () => {
    const world = ready();
    world.runLimits = { perRepository: 1, perInstallation: undefined };
    world.taken.add(here);
    pull(world, 'synchronize', { headSha: sha('2') }).settle();
    expect(world.run.state.kind).toBe('reviewing');
    expect(seatsOf(world)).toEqual([{ name: here }, { name: installed }]);
  });
});
