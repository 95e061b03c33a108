import { setTimeout as sleep } from 'node:timers/promises';
import type { AgentEvent, AgentSession, AgentSpec, TurnResult } from '../../engine/port/agent.ts';
import { classifyModelFault } from '../model-fault.ts';
import { renderLate } from '../render-late.ts';
import { startWatchdog } from '../watchdog.ts';
import { wrapUp } from '../wrap-up.ts';
import { type AcpAnswer, type AcpConnection, authRequired } from './acp-connection.ts';
import type { AcpProfile } from './acp-profile.ts';
import { type AcpTurn, createAcpTurn } from './acp-turn.ts';

export interface AcpSessionOptions {
  readonly connection: AcpConnection;
  readonly profile: AcpProfile;
  readonly id: string;
  readonly resumed: boolean;
  readonly canResume: boolean;
  /** Of the agent's own, as it last told them: it does so before it is asked for anything. */
  readonly commands: ReadonlySet<string>;
  readonly limits: Pick<AgentSpec, 'idleMs' | 'turnMs' | 'turns'>;
  /** How long the agent may take to stop by itself before its process is ended. */
  readonly graceMs: number;
}

export function createAcpSession(options: AcpSessionOptions): AgentSession {
  const { connection, id, resumed, canResume, graceMs } = options;
  let running: RunningTurn | undefined;
  return {
    id,
    resumed,
    capabilities: { resume: canResume, steer: true },
    async prompt(text, onEvent) {
      if (running) throw new Error('this session already has a running turn');
      running = startTurn({ ...options, text, onEvent });
      try {
        return await running.result;
      } finally {
        running = undefined;
        connection.listen(undefined);
      }
    },
    steer: (text, onRead) => Promise.resolve(running?.steer(text, onRead) ?? false),
    async cancel() {
      await running?.stop('cancelled');
    },
    async close() {
      await running?.stop('cancelled');
      await connection.close(graceMs);
    },
  };
}

type StopReason = 'cancelled' | 'max_turns';

interface RunningTurn {
  readonly result: Promise<TurnResult>;
  steer(text: string, onRead?: () => void): boolean;
  /** Resolves when the turn is over. */
  stop(reason: StopReason): Promise<void>;
}

interface TurnOptions extends AcpSessionOptions {
  readonly text: string;
  readonly onEvent: (event: AgentEvent) => void;
}

const goOn = 'Go on with the task where you were.';

function startTurn(options: TurnOptions): RunningTurn {
  const { connection, profile, id, commands, limits, graceMs, text, onEvent } = options;
  const watchdog = startWatchdog(limits);
  let stopReason: StopReason | undefined;
  let isOver = false;
  let isToldToFinish = false;
  let joined: Promise<AcpAnswer>[] = [];
  let interruptions: { readonly message: string; readonly onRead: () => void }[] = [];

  const ask = (prompt: string) =>
    connection.request('session/prompt', { sessionId: id, prompt: [{ type: 'text', text: prompt }] });
  const askAnew = (prompt: string) => {
    turn.forget();
    return ask(prompt);
  };
  const steer = (message: string, onRead: () => void = () => {}) => {
    if (isOver || stopReason) return false;
    if (profile.steer === 'joins') {
      joined.push(ask(message));
      onRead();
    } else {
      interruptions.push({ message, onRead });
      connection.cancel(id);
    }
    return true;
  };
  const { most, grace } = limits.turns ?? { most: Number.POSITIVE_INFINITY, grace: 0 };
  // Not while the last answer is given: it may be the end of the task, and breaking it off would be the end of it.
  const onToolsEnded = (count: number) => {
    if (isToldToFinish || count < most) return;
    isToldToFinish = true;
    turn.note('asked_to_finish', `after ${most} turns`);
    steer(wrapUp);
  };
  const onAnswer = (count: number) => {
    // In case that a tool has no end.
    if (count > most) onToolsEnded(count);
    if (count === most + grace + 1) {
      turn.note('cut_off', `${grace} turns later`);
      void stop('max_turns');
    }
  };
  const turn = createAcpTurn({ onEvent, onAnswer, onToolsEnded, profile });
  connection.listen({
    onActivity: watchdog.touch,
    onUpdate: (update) => {
      if (update.sessionId === id) turn.take(update.body);
    },
  });

  /** One prompt with everything that was said while it was worked on. */
  const askPatiently = async (prompt: string): Promise<AcpAnswer> => {
    let answer = await askAnew(prompt);
    while (!stopReason && (joined.length > 0 || interruptions.length > 0)) {
      // It came to its end before it was told to.
      if (isEnd(answer)) interruptions = interruptions.filter(({ message }) => message !== wrapUp);
      if (interruptions.length > 0) {
        const message = interruptions.map((one) => one.message).join('\n\n');
        for (const { onRead } of interruptions.splice(0)) onRead();
        answer = await askAnew(message);
      } else {
        const [next = answer, ...rest] = joined;
        joined = rest;
        answer = await next;
      }
    }
    return answer;
  };
  const work = async (): Promise<TurnResult> => {
    const answer = await askPatiently(text);
    const first = judge(answer, turn);
    if (first.kind !== 'failed' || first.fault !== 'context' || stopReason) return first;
    // Once: a conversation that is too large again would be so without end, each time at the price of all of it.
    turn.note('overflow', 'the conversation is larger than the model can read');
    const compact = profile.compact;
    if (compact === undefined || !commands.has(compact)) {
      turn.note('recovery_failed', 'this agent cannot summarise it');
      return first;
    }
    const summary = judge(await askAnew(`/${compact}`), turn, true);
    if (summary.kind !== 'done' || turn.hasFailedTool() || stopReason) {
      turn.note('recovery_failed', 'it could not be summarised');
      return first;
    }
    turn.note('compacted', 'for overflow');
    turn.note('retried', 'once');
    const second = judge(await askPatiently(goOn), turn);
    if (second.kind === 'failed' && second.fault === 'context') turn.note('recovery_failed', 'it was summarised once');
    return second;
  };
  const worked = work();

  const halt = async () => {
    connection.cancel(id);
    const grace = new AbortController();
    const isSettled = await Promise.race([
      Promise.race([worked, connection.ended]).then(() => true),
      sleep(graceMs, false, { signal: grace.signal }).catch(() => true),
    ]);
    grace.abort();
    // A process that survives says so when the session is closed, to one who waits for it.
    if (!isSettled) await connection.kill().catch(() => {});
  };
  const stop = async (reason: StopReason) => {
    stopReason ??= reason;
    await halt();
  };
  const run = async (): Promise<TurnResult> => {
    const end = await Promise.race([worked, watchdog.fired]);
    if (end === 'idle' || end === 'timeout') await halt();
    isOver = true;
    if (stopReason) return { kind: 'stopped_early', reason: stopReason, text: turn.text() };
    if (end !== 'idle' && end !== 'timeout') return end;
    return { kind: 'failed', fault: end, message: renderLate(end, limits), retryable: true, text: turn.text() };
  };
  return { result: run().finally(watchdog.stop), steer, stop };
}

/** How a prompt ended by the agent's own account, as far as that can be believed. */
function judge(answer: AcpAnswer, turn: AcpTurn, isSilentWell = false): TurnResult {
  const text = turn.text();
  const failed = (message: string, fault: 'crash' | 'unknown'): TurnResult => ({
    kind: 'failed',
    fault,
    message,
    retryable: true,
    text,
  });
  if (answer.kind === 'ended') return failed(answer.message, 'crash');
  if (answer.kind === 'refused') {
    if (answer.code === authRequired)
      return { kind: 'failed', fault: 'auth', message: answer.message, retryable: false, text };
    return { kind: 'failed', ...classifyModelFault(answer.message), message: answer.message, text };
  }
  const reason = readStopReason(answer.value);
  switch (reason) {
    case 'end_turn': {
      const message = turn.failure();
      if (message !== undefined) return { kind: 'failed', ...classifyModelFault(message), message, text };
      if (turn.isMute() && !isSilentWell) return failed('the agent ended its turn without a word', 'unknown');
      return { kind: 'done', text };
    }
    case 'max_tokens':
    case 'refusal':
      return { kind: 'stopped_early', reason, text };
    case 'max_turn_requests':
      return { kind: 'stopped_early', reason: 'max_turns', text };
    case 'cancelled':
      return failed('the agent broke off by itself', 'crash');
    default:
      return failed('the agent stopped for a reason that is not known', 'unknown');
  }
}

function isEnd(answer: AcpAnswer): boolean {
  return answer.kind === 'result' && readStopReason(answer.value) === 'end_turn';
}

function readStopReason(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'stopReason' in value ? value.stopReason : undefined;
}
