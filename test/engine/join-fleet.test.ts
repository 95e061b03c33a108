// Workers that keep their artifacts in different places: the second one does not start, and whoever was killed is waited for.
import { mkdtemp, readdir, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { identifyPlace } from '../../src/artifact/identify-place.ts';
import { ExternalError } from '../../src/engine/external-error.ts';
import { ArtifactsApart, joinFleet, stayInFleet } from '../../src/engine/join-fleet.ts';
import type { FleetPort } from '../../src/engine/port/fleet.ts';
import { createFleet } from '../../src/store/create-fleet.ts';
import { quiet } from '../support/quiet.ts';
import { startTestRedis, type TestRedis } from '../support/redis.ts';

let redis: TestRedis;
let prefix = 0;
let fleet: FleetPort;
beforeAll(async () => {
  redis = await startTestRedis();
});
afterAll(() => redis.stop());
beforeEach(() => {
  prefix += 1;
  fleet = createFleet(redis.connect(), { prefix: `{fleet-${prefix}}` });
});

const held = (place: string, host = `machine-${place}`) => ({ place, host });

/** Pauses take no time. */
function openClock(onPause: (now: number) => Promise<void> = async () => undefined) {
  let now = 0;
  return {
    now: () => now,
    sleep: async (ms: number) => {
      now += ms;
      await onPause(now);
    },
  };
}

const log = quiet;

describe('a worker', () => {
  it('starts beside others that have the same artifacts', async () => {
    await fleet.holdPlace(held('shared', 'a'), 60_000);
    await joinFleet({ fleet, clock: openClock(), log }, held('shared', 'b'));
  });

  it('refuses to start while one lives that has others, and names both', async () => {
    await fleet.holdPlace(held('here'), 600_000);
    const refused = joinFleet({ fleet, clock: openClock(), log }, held('there'));
    await expect(refused).rejects.toThrow(ArtifactsApart);
    await expect(refused).rejects.toThrow(/machine-here .* machine-there.*GATEPILOT_DATA\/artifacts/);
    // Whoever was refused holds up nobody.
    expect(await fleet.holdPlace(held('here'), 600_000)).toBeUndefined();
  });

  it('that starts together with one that has others is refused, or the other one is', async () => {
    const places = ['one', 'two', 'one', 'two', 'one'];
    const answers = await Promise.all(places.map((place) => fleet.holdPlace(held(place), 600_000)));
    const joined = places.filter((_, index) => answers[index] === undefined);
    expect(new Set(joined).size).toBe(1);
    expect(joined.length).toBe(places.filter((place) => place === joined[0]).length);
  });

  it('waits until one that was killed is forgotten', async () => {
    await fleet.holdPlace(held('here'), 300);
    const clock = openClock(async () => void (await sleep(20)));
    await joinFleet({ fleet, clock, log }, held('there'));
    expect(clock.now()).toBeGreaterThan(0);
  });

  it('waits for a Redis that is away, and for nothing once its process is told to end', async () => {
    let calls = 0;
    const away: FleetPort = {
      holdPlace: async (...args) => {
        calls += 1;
        if (calls < 100) throw new ExternalError({ system: 'redis', message: 'Redis is away', retry: 'soon' });
        return await fleet.holdPlace(...args);
      },
    };
    await joinFleet({ fleet: away, clock: openClock(), log }, held('here'));
    expect(calls).toBe(100);
    const ended = new AbortController();
    const clock = openClock(async (now) => {
      if (now >= 3_000) ended.abort();
    });
    await joinFleet({ fleet, clock, log }, held('there'), ended.signal);
    expect(clock.now()).toBe(3_000);
  });

  it('says where its artifacts are for as long as it lives', async () => {
    await fleet.holdPlace(held('here'), 1_000);
    const stopped = new AbortController();
    const clock = openClock(async (now) => {
      if (now >= 20_000) stopped.abort();
    });
    await stayInFleet({ fleet, clock, log }, held('here'), stopped.signal);
    await sleep(1_100);
    expect(await fleet.holdPlace(held('there'), 1_000)).toBe('machine-here');
  });
});

describe('a place for artifacts', () => {
  it('has one name, whoever asks first and on whatever way', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gp-place-'));
    const names = await Promise.all(Array.from({ length: 8 }, () => identifyPlace(join(folder, 'artifacts'))));
    await symlink(join(folder, 'artifacts'), join(folder, 'mounted'));
    expect(new Set([...names, await identifyPlace(join(folder, 'mounted'))]).size).toBe(1);
    expect(await identifyPlace(join(folder, 'other'))).not.toBe(names[0]);
    expect(await readdir(join(folder, 'artifacts'))).toEqual(['place']);
  });
});
