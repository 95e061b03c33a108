import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { PilotDecision } from '../../../src/core/pilot/pilot-decision.ts';
import { decision, retryDifferently, skip } from './boundary-support.ts';

const valid = decision({
  failureAnalysis: [{ task: 'a', cause: 'environment', why: 'The runner is missing.' }],
  strategies: [retryDifferently('a')],
  routedContext: [{ to: 'b', fact: 'The runner is vitest.', from: 'a' }],
  skip: [skip('c')],
  learnings: ['Tests run with vitest.'],
  batches: [['b'], ['a']],
});

it('reads a decision', () => {
  expect(PilotDecision.parse(valid)).toEqual(valid);
});

it('can be given to a model as a JSON schema that says what each field means', () => {
  expect(JSON.stringify(z.toJSONSchema(PilotDecision))).toContain('right for infrastructure');
});

describe('scenario 14: what is not in the schema is an error, never a silent no-op', () => {
  it.each([
    ['an unknown action', { ...valid, strategies: [{ task: 'a', action: 'retry_same', reason: 'x' }] }],
    ['an unknown cause', { ...valid, failureAnalysis: [{ task: 'a', cause: 'bad_luck', why: 'x' }] }],
    ['an unknown verdict', { ...valid, verdict: 'proceed' }],
    ['an unknown field', { ...valid, route: [] }],
    ['an unknown field inside', { ...valid, skip: [{ ...skip('a'), force: true }] }],
    ['a map instead of a list', { ...valid, strategies: { a: 'retry' } }],
    ['null instead of a list', { ...valid, routedContext: null }],
    ['a key that is no text', { ...valid, batches: [[1]] }],
    ['a missing field', { ...valid, batches: undefined }],
  ])('%s', (_, input) => {
    expect(PilotDecision.safeParse(input).success).toBe(false);
  });
});
