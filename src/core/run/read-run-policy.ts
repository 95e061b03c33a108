import type { RunPolicy } from '../model/run.ts';
import type { Draft } from './draft.ts';

export interface ReadPolicy {
  readonly policy: RunPolicy;
  readonly mistakes: string[];
  readonly slash: string;
  readonly mention: string;
}

/** TEMPORARY until core/policy is there. */
export function readRunPolicy(draft: Draft): ReadPolicy {
  const facts = draft.snapshot.facts.repository;
  const text = facts?.policyText ?? '';
  const commands = [...text.matchAll(/^\s+- (.+)$/gm)].map(([, command]) => command ?? '');
  return {
    policy: {
      hash: draft.snapshot.facts.hash(text),
      verify: commands,
      verifyTimeoutMs: 600_000,
      verifySource: 'policy',
      maxAttempts: 3,
      maxTasks: 12,
      maxSkipRatio: 0.5,
      isPilotEnabled: true,
      attemptMs: 600_000,
      slash: 'pilot',
    },
    mistakes: [],
    slash: 'pilot',
    mention: 'gatepilot',
  };
}
