export interface Watchdog {
  /** A sign of life. */
  touch(): void;
  stop(): void;
  /** Resolves with what went wrong; stays open when nothing does. */
  readonly fired: Promise<'idle' | 'timeout'>;
}

/** Agents can wait for a silent model for ever and retry a failing one for minutes, so every turn is watched from outside. */
export function startWatchdog({ idleMs, turnMs }: { idleMs: number; turnMs: number }): Watchdog {
  const { promise, resolve } = Promise.withResolvers<'idle' | 'timeout'>();
  const idle = setTimeout(() => resolve('idle'), idleMs);
  const turn = setTimeout(() => resolve('timeout'), turnMs);
  return {
    touch: () => {
      idle.refresh();
    },
    stop: () => {
      clearTimeout(idle);
      clearTimeout(turn);
    },
    fired: promise,
  };
}
