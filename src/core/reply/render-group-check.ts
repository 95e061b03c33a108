import { evaluateGroup } from '../gate/evaluate-group.ts';
import type { Verdict } from '../gate/verdict.ts';
import type { GroupRecord } from '../model/group.ts';
import { quoteCode } from './quote-inline.ts';
import { gateName } from './render-check.ts';
import { renderChecks } from './render-checks.ts';
import { renderExposure } from './render-exposure.ts';
import { renderVerdict } from './render-verdict.ts';
import { renderCommands } from './render-verification.ts';
import type { DesiredCheck } from './view.ts';

/**
 * The required check on a commit of the merge queue. It says success or failure, whatever the reason: the queue waits for
 * nothing else, and takes out what failed.
 */
export function renderGroupCheck(record: GroupRecord): DesiredCheck {
  const verdict = evaluateGroup(record);
  const { state, title, because } = tell(record, verdict);
  const summary = [
    because,
    tellExposure(record),
    `This commit is what the merge queue would put on ${quoteCode(record.branch)} next, with #${record.number} in it.`,
    renderVerdict(verdict),
    record.verification ? renderCommands(record.verification.report.commands) : '',
    renderChecks({ baseTests: record.verification?.baseTests }),
  ];
  return {
    name: gateName,
    headSha: record.head,
    externalId: `group:${record.head}:${record.base}`,
    state,
    title: title.length > 120 ? `${title.slice(0, 119)}…` : title,
    summary: summary.filter((part) => part !== '').join('\n\n'),
    actions: [],
    // Where the queue is done with it before it was ever shown, nothing has to be made; and what others with this head
    // wrote since is theirs.
    ...(record.state.kind === 'over' ? { isOnlyForKnown: true } : {}),
  };
}

/** Nothing of a commit is executed that needs no verification. */
function tellExposure({ reading }: GroupRecord): string {
  return reading?.needsVerification ? renderExposure(reading.settings.sandbox) : '';
}

type Told = Pick<DesiredCheck, 'state' | 'title'> & { readonly because: string };

function tell({ state, reading }: GroupRecord, verdict: Verdict): Told {
  const failed = state.kind === 'closed' ? state.because : state.kind === 'over' ? state.failed : undefined;
  if (failed !== undefined) return completed('failure', `Not merged: ${failed}`, failed);
  if (state.kind === 'over' && !state.wasOpen) {
    const because = `The merge queue is done with this commit (${state.why}), and there is no verdict on it that counts.`;
    return completed('cancelled', 'The queue is done with this commit', because);
  }
  if (state.kind === 'over' || verdict.state.kind === 'open')
    return completed(
      'success',
      `${reading?.needsVerification === false ? 'Not verified' : 'Verified'}: the queue may merge`,
      verdict.because,
    );
  return { state: { kind: 'in_progress' }, title: `Not yet: ${verdict.because}`, because: verdict.because };
}

function completed(conclusion: 'success' | 'failure' | 'cancelled', title: string, because: string): Told {
  return { state: { kind: 'completed', conclusion }, title, because };
}
