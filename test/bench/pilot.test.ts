// What the benchmark of the pilot must show, and that its page shows exactly that.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readLive } from '../../bench/pilot/live.ts';
import type { Measured } from '../../bench/pilot/measure.ts';
import { toPlan } from '../../bench/pilot/play-world.ts';
import { renderPage } from '../../bench/pilot/render-page.ts';
import { renderPlot } from '../../bench/pilot/render-plot.ts';
import { runBench } from '../../bench/pilot/run-bench.ts';
import { worlds } from '../../bench/pilot/worlds.ts';

let rows: Measured[];
beforeAll(async () => {
  rows = await runBench();
}, 300_000);

function of(world: string, arm: string): Measured {
  const row = rows.find((candidate) => candidate.world === world && candidate.arm === arm);
  if (!row) throw new Error(`nothing was measured of ${world} with ${arm}`);
  return row;
}

const namesOf = (expects: string) => worlds.filter((world) => world.expects === expects).map(({ name }) => name);

describe.each(namesOf('help'))('in the world %s, where a fact is missing, the pilot', (world) => {
  it('wastes fewer attempts than the deterministic plan and rescues at least as many tasks', () => {
    const [pilot, replan] = [of(world, 'pilot'), of(world, 'replan')];
    expect(pilot.wasted).toBeLessThan(replan.wasted);
    expect(pilot.rescued).toBeGreaterThanOrEqual(replan.rescued);
  });

  it('needs less text than the raw logs of everybody, and rescues at least as many tasks', () => {
    const [pilot, raw] = [of(world, 'pilot'), of(world, 'raw logs')];
    expect(pilot.promptChars).toBeLessThan(raw.promptChars);
    expect(pilot.longestPrompt).toBeLessThan(raw.longestPrompt);
    expect(pilot.rescued).toBeGreaterThanOrEqual(raw.rescued);
  });

  it('is better than luck in what it rescues and in what it wastes', () => {
    const [pilot, random] = [of(world, 'pilot'), of(world, 'random')];
    expect(pilot.rescued).toBeGreaterThan(random.rescued);
    expect(pilot.wasted).toBeLessThan(random.wasted);
    expect(random.wrongRoutes).toBeGreaterThan(0);
  });

  it('costs something, which is told', () => {
    const pilot = of(world, 'pilot');
    expect(pilot.pilotCalls).toBeGreaterThan(0);
    expect(pilot.pilotUsd).toBeGreaterThan(0);
    expect(pilot.pilotUsd).toBeLessThan(pilot.usd);
  });
});

it('where the budget is too short to find the fact alone, the pilot rescues strictly more', () => {
  expect(of('short-budget', 'pilot').rescued).toBeGreaterThan(of('short-budget', 'replan').rescued);
});

it.each(worlds.map(({ name }) => name))(
  'in the world %s the pilot skips and routes nothing wrongly, and loses nothing',
  (world) => {
    const [pilot, replan] = [of(world, 'pilot'), of(world, 'replan')];
    expect([pilot.wrongSkips, pilot.wrongRoutes]).toEqual([0, 0]);
    expect(pilot.rescued).toBeGreaterThanOrEqual(replan.rescued);
    expect(pilot.done).toBeGreaterThanOrEqual(replan.done);
    expect(pilot.wasted).toBeLessThanOrEqual(replan.wasted);
  },
);

it.each(namesOf('no call'))('in the world %s nothing fails, and the pilot costs nothing', (world) => {
  const pilot = of(world, 'pilot');
  expect([pilot.pilotCalls, pilot.pilotUsd]).toEqual([0, 0]);
  expect({ ...pilot, arm: '' }).toEqual({ ...of(world, 'replan'), arm: '' });
});

it('a pilot that obeys a log is refused until the run goes on as without one', () => {
  const [pilot, replan] = [of('obeyed-log', 'pilot'), of('obeyed-log', 'replan')];
  expect(pilot.fellBack).toBe(1);
  expect([pilot.done, pilot.wasted, pilot.attempts]).toEqual([replan.done, replan.wasted, replan.attempts]);
});

it('the mixed world is one of twelve tasks in at least four batches with failures of every kind', () => {
  const mixed = worlds.find(({ name }) => name === 'mixed');
  const batches = mixed ? toPlan(mixed).batches : [];
  expect(batches.length).toBeGreaterThanOrEqual(4);
  expect(batches.flat()).toHaveLength(12);
  // Two facts are missing, a process dies, and one task cannot be helped.
  const tasks = mixed?.tasks ?? [];
  expect(new Set(tasks.flatMap(({ needs = [] }) => needs)).size).toBe(2);
  expect([tasks.some(({ crashes }) => crashes), tasks.some(({ isHopeless }) => isHopeless)]).toEqual([true, true]);
  expect(of('mixed', 'pilot').done).toBe(10);
});

it('the page and its plot show these figures: npm run bench -- pilot --write-docs', async () => {
  const docs = join(import.meta.dirname, '../../docs');
  expect(await readFile(join(docs, 'pilot-benchmark.md'), 'utf8')).toBe(renderPage(rows, await readLive()));
  expect(await readFile(join(docs, 'images/pilot-benchmark.svg'), 'utf8')).toBe(renderPlot(rows));
});
