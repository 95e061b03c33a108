// Chaos in small: real processes are killed, deliveries and answers break, and nothing is lost, doubled or stuck. The
// big one is `npm run chaos`.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { planChaos } from '../../src/demo/chaos/plan/plan-chaos.ts';
import { playChaos } from '../../src/demo/chaos/play-chaos.ts';
import { quiet } from '../support/quiet.ts';
import { findTools } from '../support/redis.ts';

it('34 56 57: four kills, a broken GitHub and lost deliveries in five runs leave nothing lost, doubled or stuck', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gp-chaos-'));
  const lines: string[] = [];
  try {
    const { findings, leftovers, unsettled, kills, ...result } = await playChaos({
      plan: planChaos({ seed: 7, runs: 5, kills: 4, isShort: true }),
      folder,
      tools: await findTools(['git', 'redis', 'bubblewrap']),
      // About 40 seconds where it has two cores for itself.
      limitMs: 420_000,
      interrupted: new AbortController().signal,
      log: quiet,
      print: (line) => lines.push(line),
      onLog: () => {},
    });
    expect([...findings, ...leftovers, ...unsettled], lines.join('\n')).toEqual([]);
    expect(kills.map(({ service }) => service.split(' ')[0]).sort()).toEqual(['redis', 'web', 'worker', 'worker']);
    expect(result.runsStarted).toBeGreaterThanOrEqual(5);
    expect(result.exchanges).toBeGreaterThan(100);
    expect(result.faults.dropped).toBeGreaterThan(0);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}, 480_000);
