// The worker of a test for which a server of that test stands in the place of the internet: everything else is the product's.
import { connect } from 'node:net';
import { z } from 'zod';
import { readEnv } from '../../src/env.ts';
import { drainOnSignal, hearSignal, toAbortSignal } from '../../src/process/drain-on-signal.ts';
import { openFoundation } from '../../src/process/open-foundation.ts';
import { startWorkers } from '../../workers/start-workers.ts';

const Stage = z.object({ names: z.array(z.tuple([z.string(), z.array(z.string())])), port: z.number() });

const { names, port } = Stage.parse(JSON.parse(process.env['TEST_OUTSIDE'] ?? '{}'));
const addresses = new Map(names);
const heard = hearSignal();
const foundation = await openFoundation(readEnv(), ['git', 'bubblewrap']);
const workers = await startWorkers(foundation, toAbortSignal(heard), {
  resolve: async (host) => addresses.get(host) ?? [],
  dial: () => connect({ host: '127.0.0.1', port, allowHalfOpen: true }),
  listOwnAddresses: () => [],
});
process.stdout.write(`${JSON.stringify({ ready: 'worker' })}\n`);
await drainOnSignal(heard, foundation.log, async () => {
  await workers.drain();
  await foundation.close();
});
