// Stands for a worker: a process of its own, run as root or as an ordinary user, that starts sandboxes on order.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import type { Sandbox, SandboxProcess, SandboxProvider } from '../../../src/engine/port/sandbox.ts';
import { openProvider, type ProviderName, type ProviderTools } from './open-provider.ts';
import type { Answer, Order } from './order.ts';

const [name = '', stateFolder = '', found = ''] = process.argv.slice(2);
/** Kept alive for the life of this process. */
const left: Sandbox[] = [];
let provider: SandboxProvider | undefined;

for await (const line of createInterface({ input: process.stdin })) {
  // Both ends of the pipe are this test's own.
  const { number, order } = JSON.parse(line) as { number: number; order: Order };
  void carryOut(order)
    .catch((error: unknown): Partial<Answer> => ({ error: error instanceof Error ? error.message : String(error) }))
    .then((answer) => process.stdout.write(`${JSON.stringify({ number, answer })}\n`));
}
process.exit(0);

async function carryOut(order: Order): Promise<Partial<Answer>> {
  if (order.kind === 'outside') return await runOutside(order.argv, order.cwd);
  // All of it comes from the test itself.
  provider ??= await openProvider(name as ProviderName | 'none', JSON.parse(found) as ProviderTools, stateFolder);
  if (order.kind === 'capabilities') return { capabilities: provider.capabilities };
  const sandbox = await provider.create(order.spec);
  if (order.kind === 'leave') {
    left.push(sandbox);
    const [chunk] = await once(sandbox.spawn(order.argv).stdout, 'data');
    return { stdout: String(chunk) };
  }
  try {
    if (order.kind === 'inside') return await finish(sandbox.spawn(order.argv, order), order.stdin);
    const answers = [];
    for (const argv of order.commands) answers.push(await finish(sandbox.spawn(argv)));
    return { answers };
  } finally {
    await sandbox.dispose();
  }
}

async function finish(child: SandboxProcess, input = '') {
  child.stdin.end(input);
  const [stdout, stderr, end] = await Promise.all([text(child.stdout), text(child.stderr), child.end]);
  return { stdout, stderr, end };
}

async function runOutside([first = '', ...args]: readonly string[], cwd: string): Promise<Partial<Answer>> {
  // As any program of this worker would be: with its variables and its open files, and this Node in the place of "node".
  const inherited: number[] = existsSync('/proc/self/fd/40') ? [40] : [];
  const child = spawn(first === 'node' ? process.execPath : first, args, {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe', ...inherited.flatMap((fd) => [...new Array(fd - 3).fill('ignore'), fd])],
  });
  const exit = once(child, 'exit');
  const [stdout, stderr, [code, signal]] = await Promise.all([text(child.stdout), text(child.stderr), exit]);
  return { stdout, stderr, end: signal ? { kind: 'signalled', signal } : { kind: 'exited', code } };
}
