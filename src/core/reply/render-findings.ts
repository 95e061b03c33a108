// What a run that only reads has found, as people see it. Findings are words of a model about text of strangers: every
// piece of them is made inert.
import type { Finding } from '../model/finding.ts';
import type { Run, TaskState } from '../model/run.ts';
import { fence } from '../sanitise/fence.ts';
import { redact } from '../sanitise/redact.ts';
import { joinSections } from './join-sections.ts';
import { quoteCode } from './quote-inline.ts';
import { renderFindingList } from './render-finding-list.ts';

type Reported = Extract<TaskState, { kind: 'reported' }>;

function findReport(run: Run): { readonly state: Reported; readonly words: string } | undefined {
  for (const { state, attempts } of run.tasks)
    if (state.kind === 'reported') return { state, words: attempts.at(-1)?.summary ?? '' };
  return undefined;
}

export function renderReported(run: Run): string {
  const state = findReport(run)?.state;
  const of = run.reads?.pull
    ? `pull request #${run.reads.pull.number} at \`${run.reads.head}\`, on ${quoteCode(run.reads.pull.branch)} at \`${run.reads.pull.base}\``
    : `\`${run.reads?.head}\``;
  // Who reads it should know that nothing was tried out.
  const byText = run.reads?.isTextOnly
    ? ' It comes from a fork that nobody vouched for: it was read, and nothing of it was executed.'
    : '';
  const depth = state?.depth ? ` How much was looked at: ${state.depth.depth}, since ${state.depth.why}.` : '';
  const scope = `It is about ${of} and nothing that came after.${byText}${depth}`;
  if (!state?.isListed) return `**Reported.** ${scope}`;
  const count = (status: Finding['status']) => state.findings.filter((finding) => finding.status === status).length;
  const gaps = renderGaps(state);
  if (state.findings.length === 0)
    return gaps === ''
      ? `**Reported: nothing was found.** ${scope}`
      : `**Reported, but not everything that was said could be read:** ${gaps} ${scope}`;
  const counts = `${count('confirmed')} confirmed, ${count('unverified')} unverified, ${count('refuted')} refuted`;
  const missing = gaps === '' ? '' : ` Not everything that was said could be read: ${gaps}`;
  return `**Reported ${state.findings.length + state.omitted} findings:** ${counts}.${missing} ${scope}`;
}

/** What may have been found besides, and nobody here could read. */
function renderGaps({ unread, unheard }: Reported): string {
  const steps = unheard.map((step) => quoteCode(step)).join(', ');
  const silent = `${steps} gave no list of findings, or ${unheard.length === 1 ? 'was' : 'were'} ended before the end`;
  const entries = unread === 1 ? 'one entry of a list was no finding' : `${unread} entries of lists were no findings`;
  const parts = [...(unheard.length > 0 ? [silent] : []), ...(unread > 0 ? [entries] : [])];
  return parts.length === 0 ? '' : `${parts.join('; ')}. The report, which an export of the run holds, has the words.`;
}

export function renderFindings(run: Run): string {
  const report = findReport(run);
  if (!report) return '';
  const { state, words } = report;
  if (!state.isListed) {
    const told = words.trim() === '' ? '(no words)' : words;
    return `### Report\n\nIt is no list that could be read, so that nothing of it was checked. How it ends:\n\n${fence(redact(told).text)}`;
  }
  if (state.findings.length === 0) return '';
  return joinSections(['### Findings', ...renderFindingList(state)]);
}
