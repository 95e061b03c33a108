// What happens to an agent's session besides its work: the limit of its turns, and what is told of it afterwards.
import type { Cause } from '../core/model/cause.ts';
import type { RunPolicy } from '../core/model/run.ts';
import { phasesAtMost, type SessionPhase } from '../core/model/session-phase.ts';
import type { AgentEvent, AgentSpec, TurnResult } from './port/agent.ts';

export interface FollowedSession {
  readonly onEvent: (event: AgentEvent) => void;
  /** In order, once the turn is over. */
  conclude(turn: TurnResult): SessionPhase[];
}

/** `show` sees every event as well. */
export function followSession(show: (event: AgentEvent) => void): FollowedSession {
  const phases: SessionPhase[] = [];
  return {
    onEvent(event) {
      if (event.kind === 'phase' && phases.length < phasesAtMost) phases.push(event.phase);
      show(event);
    },
    conclude(turn) {
      // Where nothing could be summarised, the agent says nothing of it.
      if (turn.kind === 'failed' && turn.fault === 'context' && phases.length === 0) phases.push('overflow');
      if (turn.kind === 'done' && phases.at(-1) === 'asked_to_finish') phases.push('finished_in_time');
      return phases;
    },
  };
}

export function toTurns({ maxTurns, graceTurns }: RunPolicy): AgentSpec['turns'] {
  return maxTurns === undefined ? undefined : { most: maxTurns, grace: graceTurns };
}

export type TurnLimit = Extract<Cause, { kind: 'turn_limit' }>;

/** The cause of a turn that was cut off at its limit, and of no other. */
export function toTurnLimit({ maxTurns = 0, graceTurns }: RunPolicy, turn: TurnResult): TurnLimit | undefined {
  const isCut = turn.kind === 'stopped_early' && turn.reason === 'max_turns';
  return isCut ? { kind: 'turn_limit', maxTurns, graceTurns, failures: [] } : undefined;
}
