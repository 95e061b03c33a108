// An agent that tells in no words which we know that its money was used up is no agent that crashed.
import { describe, expect, it } from 'vitest';
import { blameBudget } from '../../src/engine/blame-model.ts';
import type { AgentFault, TurnResult } from '../../src/engine/port/agent.ts';
import type { ModelUsage } from '../../src/engine/port/model.ts';
import { toSpend } from '../../src/engine/to-spend.ts';

const failed = (fault: AgentFault): TurnResult => ({
  kind: 'failed',
  fault,
  message: 'exit code 1',
  retryable: true,
  text: '',
});
const usage = (more: Partial<ModelUsage>) =>
  toSpend({
    ...{ requests: 1, inputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens: 0 },
    ...{ costMicrodollars: 0, exact: true, ...more },
  });
const limits = { tokens: 1_000, microUsd: 5_000 };

describe('a turn that failed', () => {
  it.each([
    ['money', { costMicrodollars: 5_000 }],
    ['tokens', { inputTokens: 400, cacheReadTokens: 300, cacheWriteTokens: 200, outputTokens: 100 }],
  ])('after all its %s was used came to its limit, and is not tried again as it is', (_, more) => {
    for (const fault of ['crash', 'unknown'] as const)
      expect(blameBudget(failed(fault), usage(more), limits)).toMatchObject({ fault: 'budget', retryable: false });
  });

  it('is what it says where something was left, or it says more', () => {
    const left = usage({ costMicrodollars: 4_999, inputTokens: 999 });
    expect(blameBudget(failed('crash'), left, limits)).toEqual(failed('crash'));
    expect(blameBudget(failed('idle'), usage({ costMicrodollars: 5_000 }), limits)).toEqual(failed('idle'));
    const unpriced = usage({ costMicrodollars: undefined });
    expect(blameBudget(failed('crash'), unpriced, { tokens: 1_000 })).toEqual(failed('crash'));
    expect(blameBudget({ kind: 'done', text: '' } as TurnResult, usage({ inputTokens: 1_000 }), limits).kind).toBe(
      'done',
    );
  });
});
