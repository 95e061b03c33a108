// Containers and gVisor, as far as they are on this machine: opening a provider proves isolation, limits and the gateway, and
// here a worker of either kind works in one. Their whole contract is `npm run sandboxes`, since each start takes a second.
import { afterEach, describe, expect, it } from 'vitest';
import { openStarter, type Starter } from '../sandbox/support/starter.ts';
import { users } from '../sandbox/support/subject.ts';
import { readProviderTools } from '../sandbox/support/tools.ts';

const tools = await readProviderTools();
const providers = [
  { provider: 'gvisor', program: tools.runsc, isolation: 'gvisor' },
  { provider: 'podman', program: tools.podman, isolation: 'container' },
] as const;

describe.each(providers)('$provider', ({ provider, program, isolation }) => {
  let starter: Starter | undefined;
  afterEach(() => starter?.close());

  it.each(users)('runs sandboxes of a worker that is %s, if it is here', async (user) => {
    if (program === undefined) {
      process.stderr.write(`NOT TESTED HERE: ${provider} is not on this machine: see test/sandbox/bring-programs.sh\n`);
      return;
    }
    starter = await openStarter({ provider, user, title: provider }, { env: { WORKER_SECRET: 'of the worker' } });
    const { capabilities, error } = await starter.order({ kind: 'capabilities' });
    expect(error).toBeUndefined();
    expect(capabilities).toMatchObject({
      isolation,
      network: ['deny', 'gateway', 'allowlist'],
      limits: { memory: expect.stringMatching(/hard|soft/), pids: 'hard', cpu: 'soft', output: 'hard' },
      identity: user === 'root' ? 'uid-per-sandbox' : 'user-namespace',
    });
    const script = 'echo kept > file; cat file; cat /proc/*/environ | grep -c WORKER_SECRET; ls /root /var; exit 3';
    const { stdout, end } = await starter.inside(['sh', '-c', script]);
    expect(stdout).toBe('kept\n0\n');
    expect(end).toEqual({ kind: 'exited', code: 3 });
  });
});
