// What a pilot decided before is told to it with what came of it, so that it does not advise the same in vain.
import { expect, it } from 'vitest';
import { renderPilotPrompt } from '../../../src/core/pilot/render-pilot-prompt.ts';
import { toPilotContext } from '../../../src/core/run/to-pilot-context.ts';
import type { WorldOfDecisions } from '../../support/world-of-decisions.ts';
import { anchored, failedAttempt, givenUp, integrated, red, report, sha } from '../run/outcome.ts';
import { attempting } from '../run/place.ts';
import { retry } from './boundary-support.ts';
import { sectionBody } from './context-support.ts';

const failed = failedAttempt(red);

/** `a` failed and `b` was taken out of the merge; both go on, `a` succeeds, and then `b` is what makes the merge red. */
function atSecondBoundary(): WorldOfDecisions {
  return attempting(['a', 'b'], ['c'])
    .finish('r1-attempt-a-1-1', failed)
    .finish('r1-attempt-b-1-2', anchored(sha('2')))
    .finish('attempt', failed)
    .finish('integrate', integrated([], { rolledBack: [{ key: 'b', cause: { kind: 'taken_out', with: 'a' } }] }))
    .finish('pilot', givenUp({ strategies: [retry('a')], batches: [['a', 'b'], ['c']], verdict: 'continue' }))
    .finish('attempt', anchored())
    .finish('integrate', integrated(['a'], { failed: [{ key: 'b', cause: redTogether }] }));
}

const redTogether = { kind: 'integration_red' as const, paths: ['b/x.ts'], failures: report('tree', 1).commands };

it('tells how each task that had failed or was rolled back stands now, with the kind of its newest cause', () => {
  const { run } = atSecondBoundary();
  const { prompt } = renderPilotPrompt(toPilotContext(run, '', new Map()));
  expect(sectionBody(prompt, 'Earlier boundaries')).toMatch(
    /^- batch 1: continue: .* → .* \| now: a merged \(newest cause verify_red\), b failed \(newest cause integration_red\)$/,
  );
});
