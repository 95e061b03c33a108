/**
 * What a gate answers: a tree of reasons that explains itself. `waiting` settles by itself, `closed` needs somebody.
 * There is no neutral answer: GitHub lets a neutral or skipped check pass.
 */
export interface Verdict {
  readonly gate: string;
  readonly state: GateState;
  readonly because: string;
  readonly parts: readonly Verdict[];
}

export type GateState =
  | { readonly kind: 'open' }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'closed'; readonly conclusion: ClosedConclusion };

export type ClosedConclusion = 'failure' | 'action_required' | 'timed_out' | 'cancelled';

export function open(gate: string, because: string): Verdict {
  return { gate, state: { kind: 'open' }, because, parts: [] };
}

export function waiting(gate: string, because: string): Verdict {
  return { gate, state: { kind: 'waiting' }, because, parts: [] };
}

export function closed(gate: string, conclusion: ClosedConclusion, because: string): Verdict {
  return { gate, state: { kind: 'closed', conclusion }, because, parts: [] };
}

/** What is worse decides: a closed part over a waiting one over an open one; among closed ones the first of this order. */
const severity: readonly ClosedConclusion[] = ['cancelled', 'timed_out', 'failure', 'action_required'];

/** Open only when every part is; the sentence is the one of the part that decides. */
export function all(gate: string, parts: readonly Verdict[], whenOpen: string): Verdict {
  for (const conclusion of severity) {
    const part = parts.find(({ state }) => state.kind === 'closed' && state.conclusion === conclusion);
    if (part) return { gate, state: part.state, because: part.because, parts };
  }
  const part = parts.find(({ state }) => state.kind === 'waiting');
  if (part) return { gate, state: part.state, because: part.because, parts };
  return { gate, state: { kind: 'open' }, because: whenOpen, parts };
}
