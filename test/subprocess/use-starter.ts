// Has one program started and then either has nothing left to do, or waits to be killed.
import { createProcessStarter } from '../../src/subprocess/process-starter.ts';

const { stdout } = await createProcessStarter().run({
  program: 'sh',
  args: ['-c', 'echo $PPID'],
  env: { PATH: '/usr/bin:/bin' },
  cwd: '/',
  maxBytes: 1_000,
  timeoutMs: 60_000,
});
process.send?.(Number(stdout.toString()));
if (process.argv[2] === 'wait') setInterval(() => undefined, 1_000);
else process.disconnect?.();
