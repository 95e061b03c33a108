// Driver for anything with a command line: the prompt comes on stdin and in a file, what the command prints is its text,
// exit code 0 means done. Every turn is a process of its own that remembers nothing of the one before.
import { randomUUID } from 'node:crypto';
import { finished } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AgentDriver, AgentEvent, AgentSession, AgentSpec, TurnResult } from '../../engine/port/agent.ts';
import type { ProcessEnd, SandboxProcess } from '../../engine/port/sandbox.ts';
import { limitEvents } from '../limit-events.ts';
import { renderProcessEnd, withErrors } from '../process-end.ts';
import { cleanText, keepTail } from '../text-tail.ts';
import { startWatchdog } from '../watchdog.ts';

export interface CommandDriverOptions {
  readonly name: string;
  /** Inside, started in the workspace. */
  readonly argv: readonly string[];
  readonly mounts?: AgentDriver['mounts'];
  readonly env?: Readonly<Record<string, string>>;
  /** Inside path where the prompt is kept; told to the command as GATEPILOT_PROMPT_FILE. Never in the workspace. */
  readonly promptFile?: string;
}

/**
 * Keeps the prompt from stdin in the file that it is named after, for no other user, and becomes the command, which gets the
 * prompt as well. What the command makes has the usual mode: it would be committed without.
 */
const keepPrompt = '(umask 077 && cat > "$0") && exec "$@" < "$0"';
const maxTextLength = 64_000;
/** Output that has already arrived is read out; nothing more can come. */
const drainMs = 2_000;

export function createCommandDriver(options: CommandDriverOptions): AgentDriver {
  const { name, argv, mounts = [], env = {}, promptFile = '/tmp/gatepilot-prompt.md' } = options;
  return {
    name,
    mounts,
    env,
    start(spec) {
      const launch = () =>
        spec.spawn(['sh', '-c', keepPrompt, promptFile, ...argv], {
          env: {
            GATEPILOT_PROMPT_FILE: promptFile,
            GATEPILOT_MODEL_URL: spec.model.baseUrl,
            GATEPILOT_MODEL_TOKEN: spec.model.token,
            GATEPILOT_MODEL_NAME: spec.model.name,
            GATEPILOT_MODEL_PROVIDER: spec.model.provider,
          },
        });
      return Promise.resolve(createCommandSession(launch, spec));
    },
  };
}

function createCommandSession(
  launch: () => SandboxProcess,
  limits: Pick<AgentSpec, 'idleMs' | 'turnMs'>,
): AgentSession {
  let running: { process: SandboxProcess; isCancelled: boolean } | undefined;
  const cancel = async () => {
    if (!running) return;
    running.isCancelled = true;
    await running.process.kill();
  };
  return {
    id: randomUUID(),
    resumed: false,
    capabilities: { resume: false, steer: false },
    steer: () => Promise.resolve(false),
    cancel,
    close: cancel,
    async prompt(text, onEvent) {
      if (running) throw new Error('this session already has a running turn');
      const turn = { process: launch(), isCancelled: false };
      running = turn;
      try {
        const result = await runCommand({ process: turn.process, prompt: text, onEvent, limits });
        return turn.isCancelled ? { kind: 'stopped_early', reason: 'cancelled', text: result.text } : result;
      } finally {
        running = undefined;
      }
    },
  };
}

async function runCommand(turn: {
  readonly process: SandboxProcess;
  readonly prompt: string;
  readonly onEvent: (event: AgentEvent) => void;
  readonly limits: Pick<AgentSpec, 'idleMs' | 'turnMs'>;
}): Promise<TurnResult> {
  const { process, prompt, limits } = turn;
  const onEvent = limitEvents(turn.onEvent);
  const watchdog = startWatchdog(limits);
  const readErrors = keepTail(process.stderr, 400);
  let text = '';
  process.stdout.setEncoding('utf8');
  process.stdout.on('data', (chunk: string) => {
    watchdog.touch();
    text = (text + chunk).slice(-maxTextLength);
    onEvent({ kind: 'text', text: chunk });
  });
  const printed = finished(process.stdout).catch(() => undefined);
  process.stderr.on('data', watchdog.touch);
  process.stdin.on('error', () => {});
  process.stdin.end(prompt);

  const end = await Promise.race([process.end.catch(toStartFault), watchdog.fired.then((limit) => ({ kind: limit }))]);
  watchdog.stop();
  // Also what the command left running goes with it, and then nobody holds its output open any more.
  await process.kill();
  await Promise.race([printed, sleep(drainMs, undefined, { ref: false })]);
  return { ...judge(end, readErrors), text };
}

type CommandEnd =
  | ProcessEnd
  | { readonly kind: 'idle' | 'timeout' }
  | { readonly kind: 'not_started'; readonly why: string };
type Untold<Result> = Result extends { readonly text: string } ? Omit<Result, 'text'> : never;

function judge(end: CommandEnd, readErrors: () => string): Untold<TurnResult> {
  switch (end.kind) {
    case 'idle':
    case 'timeout':
      return {
        kind: 'failed',
        fault: end.kind,
        message: `the command was ended after its ${end.kind} limit`,
        retryable: true,
      };
    case 'not_started':
      return { kind: 'failed', fault: 'crash', message: `the command could not be run: ${end.why}`, retryable: true };
    default: {
      if (end.kind === 'exited' && end.code === 0) return { kind: 'done' };
      const message = withErrors(`the command ${renderProcessEnd(end)}`, readErrors());
      return { kind: 'failed', fault: 'crash', message, retryable: false };
    }
  }
}

function toStartFault(error: unknown): CommandEnd {
  return { kind: 'not_started', why: cleanText(String(error), 400) };
}
