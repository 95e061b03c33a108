// What maintainers let through. An override holds for one part of the gate and for exactly the key that it was given for:
// a push, a base that moved or another policy makes another key.
import type { Override, Run, VerdictKey } from '../model/run.ts';
import { quoteInline, quoteName } from '../reply/quote-inline.ts';
import type { ClosedConclusion, Verdict } from './verdict.ts';

/** What a person may take on: that something was judged and is not as it should be. What did not happen was not judged. */
const overridable: Readonly<Record<string, readonly ClosedConclusion[]>> = {
  'protected paths': ['action_required'],
  tasks: ['failure', 'action_required'],
  verification: ['failure'],
  'conflict marks': ['failure'],
  review: ['failure', 'action_required'],
  'weakened checks': ['action_required'],
  'base tests': ['action_required'],
};

export function isOverridable({ gate, state }: Verdict): boolean {
  return state.kind === 'closed' && (overridable[gate]?.includes(state.conclusion) ?? false);
}

/** As it is written in a command. */
export function toGateName(gate: string): string {
  return gate.replaceAll(' ', '-');
}

/** The newest one that counts for this part of the gate, as it was verified. */
export function findOverride({ overrides = [], verification }: Run, gate: string): Override | undefined {
  const key = verification?.key;
  return key && overrides.findLast((one) => one.gate === toGateName(gate) && isSameKey(one.key, key));
}

/** All that count now. */
export function listOverrides({ overrides = [], verification }: Run): Override[] {
  const key = verification?.key;
  return key ? overrides.filter((one) => isSameKey(one.key, key)) : [];
}

export function applyOverrides(run: Run, parts: readonly Verdict[]): Verdict[] {
  return parts.map((part) => {
    const override = isOverridable(part) ? findOverride(run, part.gate) : undefined;
    return override ? { ...part, state: { kind: 'open' }, because: tell(override, part.because) } : part;
  });
}

function tell({ by, key, reason }: Override, because: string): string {
  return `Overridden by ${quoteName(by.login)} for head ${key.head.slice(0, 10)}: ${quoteInline(reason, 300)} (Without that: ${because})`;
}

function isSameKey(one: VerdictKey, other: VerdictKey): boolean {
  return (
    one.head === other.head &&
    one.base === other.base &&
    one.tree === other.tree &&
    one.policy === other.policy &&
    one.reviewers.join('\n') === other.reviewers.join('\n')
  );
}
