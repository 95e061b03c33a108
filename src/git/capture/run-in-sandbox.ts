import { ExternalError } from '../../engine/external-error.ts';
import type { ProcessEnd, Sandbox } from '../../engine/port/sandbox.ts';
import { collectOutput } from '../../subprocess/bounded-output.ts';
import { captureEnvironment, endMark } from './sandbox-script.ts';

export type SandboxOutput =
  | { readonly kind: 'done'; readonly stdout: Buffer; readonly stderr: string }
  /** There was more output than allowed; the process was ended. */
  | { readonly kind: 'too_much' }
  | { readonly kind: 'failed'; readonly stderr: string };

const maxErrorBytes = 64 * 1024;

/** Runs one script over the workspace. A sandbox that did not let it finish is a fault of the sandbox, not a result. */
export async function runInSandbox(
  sandbox: Sandbox,
  call: { script: string; args?: readonly string[]; input?: Buffer; maxBytes: number },
): Promise<SandboxOutput> {
  const argv = ['sh', '-c', call.script, 'capture', ...(call.args ?? [])];
  const child = sandbox.spawn(argv, { cwd: '/workspace', env: captureEnvironment });
  let ended: Promise<void> | undefined;
  const stdout = collectOutput(child.stdout, call.maxBytes + endMark.length, () => {
    ended = child.kill();
  });
  const stderr = collectOutput(child.stderr, maxErrorBytes);
  // A script that fails stops reading; its exit code tells why.
  child.stdin.on('error', () => undefined);
  child.stdin.end(call.input ?? '');
  const [end] = await Promise.all([child.end, closed(child.stdout), closed(child.stderr)]);
  await ended;

  const complaint = stderr.read().toString('utf8');
  if (stdout.isCut()) return { kind: 'too_much' };
  if (end.kind !== 'exited') throw interrupted(end);
  if (end.code !== 0) return { kind: 'failed', stderr: complaint };
  const output = stdout.read();
  const contentBytes = output.length - endMark.length;
  if (contentBytes < 0 || output.toString('latin1', contentBytes) !== endMark) throw incomplete();
  return { kind: 'done', stdout: output.subarray(0, contentBytes), stderr: complaint };
}

function closed(stream: NodeJS.ReadableStream): Promise<void> {
  return new Promise((resolve) => {
    stream.once('end', resolve);
    stream.once('close', resolve);
  });
}

function interrupted(end: Exclude<ProcessEnd, { kind: 'exited' }>): ExternalError {
  const why = end.kind === 'killed' ? `its limit: ${end.reason}` : `signal ${end.signal}`;
  return new ExternalError({ system: 'sandbox', retry: 'soon', message: `reading a workspace was ended by ${why}` });
}

function incomplete(): ExternalError {
  const message = 'the sandbox dropped output while a workspace was read: its outputBytes is too small';
  return new ExternalError({ system: 'sandbox', retry: 'never', message });
}
