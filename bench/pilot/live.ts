// The same worlds with a real model as the pilot. Agents stay scripted: what is measured is whether its decisions help.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { Env } from '../../src/env.ts';
import { startGateway } from '../../src/llm/gateway/start-gateway.ts';
import { createModel } from '../../src/llm/structured-call.ts';
import { type Measured, MeasuredRow } from './measure.ts';
import { playWorld } from './play-world.ts';
import { worlds } from './worlds.ts';

const Live = z.object({ model: z.string(), day: z.string(), rows: z.array(MeasuredRow) });
export type Live = z.infer<typeof Live>;

const file = join(import.meta.dirname, 'live-results.json');

/** What somebody measured last; undefined when nobody has. */
export async function readLive(): Promise<Live | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : Live.parse(JSON.parse(text));
}

export async function keepLive(live: Live): Promise<void> {
  await writeFile(file, `${JSON.stringify(live, null, 2)}\n`);
}

export async function measureLive(model: Env['model'], now: Date): Promise<Live> {
  const { provider, baseUrl, apiKey, name, prices } = model;
  const folder = await mkdtemp(join(tmpdir(), 'gp-bench-'));
  const gateway = await startGateway({
    upstream: { provider, baseUrl, apiKey },
    folder,
    onUsage: () => undefined,
    prices,
  });
  try {
    const rows: Measured[] = [];
    for (const world of worlds) {
      const port = createModel({ gateway, models: [name] });
      rows.push(await playWorld(world, { name: 'pilot', model: port, isPilotEnabled: true }));
    }
    return { model: name, day: now.toISOString().slice(0, 10), rows };
  } finally {
    await gateway.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
