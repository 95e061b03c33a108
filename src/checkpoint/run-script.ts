import type { ProcessEnd, Sandbox } from '../engine/port/sandbox.ts';
import { collectOutput } from '../subprocess/bounded-output.ts';
import { closedGitEnvironment } from '../subprocess/closed-git-environment.ts';
import { endMark } from './pack-script.ts';

export type ScriptEnd =
  | { readonly kind: 'done'; readonly output: Buffer }
  /** There was more output than allowed. */
  | { readonly kind: 'too_much' }
  | { readonly kind: 'failed'; readonly why: string };

const maxErrorBytes = 16 * 1024;

/** Runs one script over the workspace. How it ends is a value: what is in there may be the reason for all of it. */
export async function runScript(
  sandbox: Sandbox,
  call: {
    readonly script: string;
    readonly args: readonly string[];
    readonly input: Uint8Array;
    readonly maxBytes: number;
  },
  signal: AbortSignal,
): Promise<ScriptEnd> {
  const kill = () => void sandbox.kill();
  signal.addEventListener('abort', kill, { once: true });
  try {
    if (signal.aborted) return { kind: 'failed', why: 'it was broken off' };
    const child = sandbox.spawn(['sh', '-c', call.script, 'checkpoint', ...call.args], {
      cwd: '/workspace',
      env: closedGitEnvironment,
    });
    let ended: Promise<void> | undefined;
    const stdout = collectOutput(child.stdout, call.maxBytes + endMark.length, () => {
      ended = child.kill();
    });
    const stderr = collectOutput(child.stderr, maxErrorBytes);
    // A script that fails stops reading; its exit code tells.
    child.stdin.on('error', () => undefined);
    child.stdin.end(call.input);
    const [end] = await Promise.all([child.end, closed(child.stdout), closed(child.stderr)]);
    await ended;
    if (stdout.isCut()) return { kind: 'too_much' };
    return judge(end, stdout.read(), stderr.read().toString('utf8'));
  } finally {
    signal.removeEventListener('abort', kill);
  }
}

function judge(end: ProcessEnd, output: Buffer, complaint: string): ScriptEnd {
  if (end.kind === 'killed') return { kind: 'failed', why: `its limit: ${end.reason}` };
  if (end.kind === 'signalled') return { kind: 'failed', why: `it was ended by ${end.signal}` };
  if (end.code !== 0) return { kind: 'failed', why: complaint.trim().slice(-300) || `it ended with ${end.code}` };
  const content = output.subarray(0, -endMark.length);
  if (output.toString('latin1', content.length) !== endMark) return { kind: 'failed', why: 'output was dropped' };
  return { kind: 'done', output: content };
}

function closed(stream: NodeJS.ReadableStream): Promise<void> {
  return new Promise((resolve) => {
    stream.once('end', resolve);
    stream.once('close', resolve);
  });
}
