// What the gate says of pull requests here that are not those of the newest run, as their checks say it.
import { evaluateObserved, type OtherPulls } from '../gate/evaluate-observed.ts';
import { evaluateOutlived } from '../gate/evaluate-outlived.ts';
import type { SubjectRecord } from '../model/record.ts';
import { renderVerdict } from './render-verdict.ts';

/** `otherPulls` is undefined where the settings could not be read. */
export function renderOtherGates(record: SubjectRecord, otherPulls: OtherPulls | undefined): string {
  const outlived = (record.outlived ?? []).map((one) => renderVerdict(evaluateOutlived(one)));
  return [renderOwn(record, otherPulls), ...outlived].filter((part) => part !== '').join('\n');
}

/** The thread's own pull request, where people opened it. */
function renderOwn(record: SubjectRecord, otherPulls: OtherPulls | undefined): string {
  const { pull, run } = record;
  if (!pull || pull.number === run?.pullRequest?.number) return '';
  if (pull.state !== 'open') return `Pull request #${pull.number} is ${pull.state}.`;
  const sharers = (pull.sharers ?? []).map(({ number }) => `#${number}`).join(', ');
  return [
    renderVerdict(evaluateObserved({ ...record, pull }, otherPulls)),
    // What is said of those is not known here, and one check says all of it.
    ...(sharers === '' ? [] : [`- The check counts for ${sharers} as well, and hangs on what holds there.`]),
  ].join('\n');
}
