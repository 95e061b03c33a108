import { setTimeout as sleep } from 'node:timers/promises';
import type { AgentEvent, AgentSession, AgentSpec, TurnResult } from '../../engine/port/agent.ts';
import { startWatchdog } from '../watchdog.ts';
import type { PiConnection, PiListener } from './pi-connection.ts';
import type { PiRecord } from './pi-record.ts';
import { createPiTurn, type PiTurn } from './pi-turn.ts';

export interface PiSessionOptions {
  readonly connection: PiConnection;
  readonly id: string;
  readonly resumed: boolean;
  readonly limits: Pick<AgentSpec, 'idleMs' | 'turnMs' | 'maxTurns'>;
  /** How long pi may take to stop by itself before its process is ended. */
  readonly graceMs: number;
}

/** Model requests that an agent gets after it was told to finish. */
const wrapUpTurns = 2;
const wrapUp =
  'You have reached the limit of steps for this task. Finish now: leave the files in a working state and stop.';

export function createPiSession({ connection, id, resumed, limits, graceMs }: PiSessionOptions): AgentSession {
  let running: RunningTurn | undefined;
  return {
    id,
    resumed,
    capabilities: { resume: true, steer: true },
    async prompt(text, onEvent) {
      if (running) throw new Error('this session already has a running turn');
      running = startTurn({ connection, limits, graceMs, text, onEvent });
      try {
        return await running.result;
      } finally {
        running = undefined;
        connection.listen(undefined);
      }
    },
    async steer(text) {
      if (!running) return false;
      const response = await connection.request({ type: 'steer', message: text });
      return response.success;
    },
    async cancel() {
      await running?.stop('cancelled');
    },
    async close() {
      await running?.stop('cancelled');
      await connection.close(graceMs);
    },
  };
}

interface RunningTurn {
  readonly result: Promise<TurnResult>;
  /** Resolves when the turn is over. */
  stop(reason: 'cancelled' | 'max_turns'): Promise<void>;
}

type TurnOptions = Pick<PiSessionOptions, 'connection' | 'limits' | 'graceMs'> & {
  readonly text: string;
  readonly onEvent: (event: AgentEvent) => void;
};

function startTurn({ connection, limits, graceMs, text, onEvent }: TurnOptions): RunningTurn {
  const turn = createPiTurn(onEvent);
  const watchdog = startWatchdog(limits);
  let stopReason: 'cancelled' | 'max_turns' | undefined;

  const halt = async () => {
    // Messages that still wait would start the next turn as soon as this one is broken off.
    void connection.request({ type: 'clear_queue' });
    void connection.request({ type: 'abort' });
    const grace = new AbortController();
    const isOver = await Promise.race([
      Promise.race([turn.settled, connection.ended]).then(() => true),
      sleep(graceMs, false, { signal: grace.signal }).catch(() => true),
    ]);
    grace.abort();
    if (!isOver) await connection.kill();
  };
  const stop = async (reason: 'cancelled' | 'max_turns') => {
    stopReason ??= reason;
    await halt();
  };
  connection.listen(
    countTurns({
      connection,
      turn,
      maxTurns: limits.maxTurns,
      touch: watchdog.touch,
      onOver: () => void stop('max_turns'),
    }),
  );

  const run = async (): Promise<TurnResult> => {
    const rejected = connection
      .request({ type: 'prompt', message: text })
      .then((response) => (response.success ? new Promise<never>(() => {}) : response.error));
    const end = await Promise.race([
      turn.settled.then(() => ({ kind: 'settled' as const })),
      Promise.race([connection.ended, rejected]).then((message) => ({ kind: 'crash' as const, message })),
      watchdog.fired.then((fault) => ({ kind: fault })),
    ]);
    if (end.kind === 'idle' || end.kind === 'timeout') await halt();
    if (stopReason) return { kind: 'stopped_early', reason: stopReason, text: turn.text() };
    if (end.kind === 'settled') return turn.result();
    const message = end.kind === 'crash' ? end.message : renderLate(end.kind, limits);
    return { kind: 'failed', fault: end.kind, message, retryable: true, text: turn.text() };
  };
  return { result: run().finally(watchdog.stop), stop };
}

function renderLate(fault: 'idle' | 'timeout', { idleMs, turnMs }: { idleMs: number; turnMs: number }): string {
  return fault === 'idle' ? `the agent was silent for ${idleMs} ms` : `the turn took more than ${turnMs} ms`;
}

/** Passes records on to the turn, and counts the model's answers against the limit. */
function countTurns(options: {
  readonly connection: PiConnection;
  readonly turn: PiTurn;
  readonly maxTurns: number | undefined;
  readonly touch: () => void;
  readonly onOver: () => void;
}): PiListener {
  const { connection, turn, touch, onOver } = options;
  const maxTurns = options.maxTurns ?? Number.POSITIVE_INFINITY;
  let started = 0;
  const count = ({ type }: PiRecord) => {
    if (type !== 'turn_start') return;
    started += 1;
    if (started === maxTurns) void connection.request({ type: 'steer', message: wrapUp });
    if (started === maxTurns + wrapUpTurns + 1) onOver();
  };
  return {
    onActivity: touch,
    onRecord(record) {
      count(record);
      turn.take(record);
    },
  };
}
