export function renderLate(fault: 'idle' | 'timeout', { idleMs, turnMs }: { idleMs: number; turnMs: number }): string {
  return fault === 'idle' ? `the agent was silent for ${idleMs} ms` : `the turn took more than ${turnMs} ms`;
}
