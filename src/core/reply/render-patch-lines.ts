import type { BoundaryPatch, NextAttempt } from '../pilot/boundary-patch.ts';
import { quoteCode, quoteInline } from './quote-inline.ts';

/** What a boundary changed, one line per change, for the record and the people who read it. */
export function renderPatchLines(patch: BoundaryPatch): string[] {
  return [
    ...patch.attempts.filter((attempt) => attempt.kind !== 'first').map(renderAttempt),
    ...patch.facts.flatMap(({ key, facts }) =>
      facts.map(({ fact }) => `told ${quoteCode(key)}: ${quoteInline(fact, 500)}`),
    ),
    ...patch.skips.map((skip) => `skipped ${quoteCode(skip.key)}: ${quoteInline(skip.reason)}`),
    ...patch.blocked.map((block) => `${quoteCode(block.key)} is blocked by ${quoteCode(block.on)}`),
    ...patch.spent.map(({ key, cause }) => `${quoteCode(key)} has used its ${cause.value} attempts`),
    ...patch.failed.map(
      ({ key, reason }) => `${quoteCode(key)} stays failed${reason ? `: ${quoteInline(reason)}` : ''}`,
    ),
    ...(patch.batches.length > 0
      ? [`order now: ${patch.batches.map((batch) => batch.map((key) => quoteCode(key)).join(' + ')).join(' → ')}`]
      : []),
  ];
}

const verbs: Record<NextAttempt['kind'], string> = {
  first: 'starts',
  rerun: 'runs again',
  retry: 'tries again',
  retry_different: 'tries again differently',
};

function renderAttempt(attempt: NextAttempt): string {
  const reason = attempt.reason ? `: ${quoteInline(attempt.reason)}` : '';
  const guidance = attempt.guidance ? ` — guidance: ${quoteInline(attempt.guidance, 500)}` : '';
  return `${quoteCode(attempt.key)} ${verbs[attempt.kind]}${reason}${guidance}`;
}
