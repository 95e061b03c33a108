// A process that has something to drain until somebody says that it is done: `… ECHO_MS`.
import { once } from 'node:events';
import { drainOnSignal, hearSignal } from '../../src/process/drain-on-signal.ts';
import { openLog } from '../../src/process/open-log.ts';

const heard = hearSignal({ echoMs: Number(process.argv[2]) });
// Something is at work.
setInterval(() => undefined, 60_000);
process.stdout.write(`${JSON.stringify({ ready: 'drainer' })}\n`);
await drainOnSignal(heard, openLog('info'), async () => void (await once(process.stdin, 'data')));
