import { setTimeout as sleep } from 'node:timers/promises';
import type { AgentEvent, AgentSession, AgentSpec, TurnResult } from '../../engine/port/agent.ts';
import { renderLate } from '../render-late.ts';
import { startWatchdog } from '../watchdog.ts';
import { wrapUp } from '../wrap-up.ts';
import type { PiConnection, PiListener } from './pi-connection.ts';
import type { PiRecord } from './pi-record.ts';
import { createPiTurn, type PiTurn } from './pi-turn.ts';

export interface PiSessionOptions {
  readonly connection: PiConnection;
  readonly id: string;
  readonly resumed: boolean;
  readonly limits: Pick<AgentSpec, 'idleMs' | 'turnMs' | 'turns'>;
  readonly onRest?: AgentSpec['onRest'];
  /** How long pi may take to stop by itself before its process is ended. */
  readonly graceMs: number;
}

export function createPiSession({ connection, id, resumed, limits, onRest, graceMs }: PiSessionOptions): AgentSession {
  let running: RunningTurn | undefined;
  return {
    id,
    resumed,
    capabilities: { resume: true, steer: true },
    async prompt(text, onEvent) {
      if (running) throw new Error('this session already has a running turn');
      running = startTurn({ connection, limits, onRest, graceMs, text, onEvent });
      try {
        return await running.result;
      } finally {
        running = undefined;
        connection.listen(undefined);
      }
    },
    steer: (text, onRead) => running?.steer(text, onRead) ?? Promise.resolve(false),
    async cancel() {
      await running?.stop('cancelled');
    },
    async close() {
      await running?.stop('cancelled');
      await connection.close(graceMs);
    },
  };
}

type StopReason = 'cancelled' | 'max_turns' | 'context';

interface RunningTurn {
  readonly result: Promise<TurnResult>;
  steer(text: string, onRead?: () => void): Promise<boolean>;
  /** Resolves when the turn is over. */
  stop(reason: StopReason): Promise<void>;
}

type TurnOptions = Pick<PiSessionOptions, 'connection' | 'limits' | 'onRest' | 'graceMs'> & {
  readonly text: string;
  readonly onEvent: (event: AgentEvent) => void;
};

function startTurn({ connection, limits, onRest, graceMs, text, onEvent }: TurnOptions): RunningTurn {
  const turn = createPiTurn(onEvent, () => void stop('context'));
  const watchdog = startWatchdog(limits);
  let stopReason: StopReason | undefined;
  let isOver = false;

  const halt = async () => {
    // Messages that still wait would start the next turn as soon as this one is broken off.
    void connection.request({ type: 'clear_queue' });
    void connection.request({ type: 'abort' });
    const grace = new AbortController();
    const isSettled = await Promise.race([
      Promise.race([turn.settled, connection.ended]).then(() => true),
      sleep(graceMs, false, { signal: grace.signal }).catch(() => true),
    ]);
    grace.abort();
    if (!isSettled) await connection.kill();
  };
  const stop = async (reason: StopReason) => {
    stopReason ??= reason;
    await halt();
  };
  const queue: Queued[] = [];
  const steer = async (message: string, onRead: () => void = () => {}) => {
    const queued = { message, onRead };
    queue.push(queued);
    const { success } = await connection.request({ type: 'steer', message });
    if (!success) takeOut(queue, queued);
    return success;
  };
  connection.listen(
    countTurns({
      connection,
      turn,
      turns: limits.turns,
      touch: watchdog.touch,
      watchRest: watchRest(onRest && ((isUndisturbed) => onRest(() => !isOver && isUndisturbed()))),
      onSaid: (said) => {
        const read = queue.find(({ message }) => message === said);
        if (read) takeOut(queue, read);
        read?.onRead();
      },
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
    if (stopReason === 'context') {
      const message = 'the conversation was larger than the model can read, also after it was summarised once';
      return { kind: 'failed', fault: 'context', message, retryable: false, text: turn.text() };
    }
    if (stopReason) return { kind: 'stopped_early', reason: stopReason, text: turn.text() };
    // It came too late for this turn, and is said anew by whoever wants it said: the next one must not begin with it.
    if (queue.length > 0) await connection.request({ type: 'clear_queue' });
    if (end.kind === 'settled') return turn.result();
    const message = end.kind === 'crash' ? end.message : renderLate(end.kind, limits);
    return { kind: 'failed', fault: end.kind, message, retryable: true, text: turn.text() };
  };
  const end = () => {
    isOver = true;
    watchdog.stop();
  };
  return { result: run().finally(end), steer, stop };
}

interface Queued {
  readonly message: string;
  readonly onRead: () => void;
}

function takeOut(queue: Queued[], queued: Queued): void {
  const at = queue.indexOf(queued);
  if (at >= 0) queue.splice(at, 1);
}

/** Passes records on to the turn, and counts the model's answers against the limit. */
function countTurns(options: {
  readonly connection: PiConnection;
  readonly turn: PiTurn;
  readonly turns: AgentSpec['turns'];
  readonly touch: () => void;
  readonly watchRest: (record: PiRecord) => void;
  /** Told what the agent is told, as it reads it. */
  readonly onSaid: (text: string) => void;
  readonly onOver: () => void;
}): PiListener {
  const { connection, turn, turns, touch, watchRest, onSaid, onOver } = options;
  let started = 0;
  const count = ({ type }: PiRecord) => {
    if (type !== 'turn_start' || !turns) return;
    started += 1;
    if (started === turns.most) {
      void connection.request({ type: 'steer', message: wrapUp });
      turn.note('asked_to_finish', `after ${turns.most} turns`);
    }
    if (started === turns.most + turns.grace + 1) {
      turn.note('cut_off', `${turns.grace} turns later`);
      onOver();
    }
  };
  return {
    onActivity: touch,
    onRecord(record) {
      count(record);
      watchRest(record);
      if (record.type === 'message_end' && record.message.role === 'user')
        onSaid(record.message.content.map(({ text }) => text).join(''));
      turn.take(record);
    },
  };
}

/** Between the tools of one answer and the end of the next pi only waits for its model; what it has got so far is written. */
function watchRest(onRest: AgentSpec['onRest']): (record: PiRecord) => void {
  let rests = 0;
  return ({ type }) => {
    if (type === 'message_end' || type === 'tool_execution_start' || type === 'compaction_end') rests += 1;
    if (type !== 'turn_end' || !onRest) return;
    const since = rests;
    onRest(() => rests === since);
  };
}
