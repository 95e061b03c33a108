// Workers that keep their artifacts in different places: the second one does not start, and whoever was killed is waited for.
import { mkdtemp, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { identifyPlace } from '../../src/artifact/identify-place.ts';
import { ArtifactsApart, joinFleet, stayInFleet } from '../../src/engine/join-fleet.ts';
import type { FleetMember, FleetPort } from '../../src/engine/port/fleet.ts';
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

const member = (id: string, artifacts: string): FleetMember => ({ id, host: `machine-${id}`, artifacts });

/** Pauses take no time, and whoever is announced lives until he is taken out. */
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

describe('a worker', () => {
  it('starts beside others that have the same artifacts', async () => {
    await fleet.announce(member('a', 'shared'), 60_000);
    await joinFleet({ fleet, clock: openClock() }, member('b', 'shared'));
    expect((await fleet.list()).map(({ id }) => id).sort()).toEqual(['a', 'b']);
  });

  it('refuses to start while one lives that has others, names both, and is not counted', async () => {
    await fleet.announce(member('a', 'here'), 600_000);
    const refused = joinFleet({ fleet, clock: openClock() }, member('b', 'there'));
    await expect(refused).rejects.toThrow(ArtifactsApart);
    await expect(refused).rejects.toThrow(/machine-a .* machine-b.*GATEPILOT_DATA\/artifacts/);
    expect((await fleet.list()).map(({ id }) => id)).toEqual(['a']);
  });

  it('waits until one that was killed is forgotten', async () => {
    const killed = member('a', 'here');
    await fleet.announce(killed, 600_000);
    const clock = openClock(async (now) => {
      if (now >= 20_000) await fleet.withdraw(killed);
    });
    await joinFleet({ fleet, clock }, member('b', 'there'));
    expect(clock.now()).toBe(20_000);
  });

  it('is forgotten by itself, and says that it lives until it ends', async () => {
    await fleet.announce(member('a', 'here'), 1);
    const stopped = new AbortController();
    const seen: string[][] = [];
    const clock = openClock(async (now) => {
      seen.push((await fleet.list()).map(({ id }) => id));
      if (now >= 30_000) stopped.abort();
    });
    await stayInFleet({ fleet, clock, log: quiet }, member('b', 'here'), stopped.signal);
    expect(seen).toEqual([[], ['b'], ['b']]);
    expect(await fleet.list()).toEqual([]);
  });
});

describe('a place for artifacts', () => {
  it('has one name, whoever asks first and on whatever way', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gp-place-'));
    const names = await Promise.all(Array.from({ length: 8 }, () => identifyPlace(join(folder, 'artifacts'))));
    await symlink(join(folder, 'artifacts'), join(folder, 'mounted'));
    expect(new Set([...names, await identifyPlace(join(folder, 'mounted'))]).size).toBe(1);
    expect(await identifyPlace(join(folder, 'other'))).not.toBe(names[0]);
  });
});
