import type { SubjectRecord } from '../model/record.ts';
import type { Run, Task } from '../model/run.ts';
import { quoteCode, quoteInline } from './quote-inline.ts';
import { renderAcceptance } from './render-acceptance.ts';
import { renderBoundaries } from './render-boundaries.ts';
import { renderSpent } from './render-spent.ts';
import { renderTaskState } from './render-task-state.ts';
import { renderVerification } from './render-verification.ts';

export function renderPullTitle(record: SubjectRecord): string {
  return record.title.replace(/\s+/g, ' ').trim().slice(0, 200) || `Work on #${record.number}`;
}

/** Tells somebody who was not there: what was asked, what was done by which task, how it was checked, what is missing. */
export function renderPullBody(record: SubjectRecord, run: Run): string {
  const missing = run.tasks.filter((task) => task.state.kind !== 'merged');
  const closes = missing.length === 0 ? `Fixes #${record.number}` : `Part of #${record.number}`;
  const sections = [
    `${closes}, asked for by @${run.startedBy.login}.`,
    run.request === '' ? '' : `> ${quoteInline(run.request, 1000)}`,
    `### What was done\n\n${run.tasks
      .filter((task) => task.state.kind === 'merged')
      .map(renderDone)
      .join('\n')}`,
    missing.length === 0
      ? ''
      : `### What was not done\n\n${missing.map((task) => renderMissing(run, task)).join('\n')}`,
    renderBoundaries(run),
    renderAcceptance(run),
    run.verification ? `### How it was verified\n\n${renderVerification(run.verification)}` : '',
    `<sub>run ${run.id} on ${quoteCode(run.base.branch)} at \`${run.base.sha.slice(0, 10)}\` · ${renderSpent(run)} · reviewers: none</sub>`,
  ];
  return sections.filter((section) => section !== '').join('\n\n');
}

function renderDone(task: Task): string {
  const stat = task.state.kind === 'merged' ? task.state.contribution.stat : undefined;
  const size = stat
    ? ` (${stat.files} ${stat.files === 1 ? 'file' : 'files'}, +${stat.additions} −${stat.deletions})`
    : '';
  const tries = task.attempts.length > 1 ? `, in ${task.attempts.length} attempts` : '';
  const summary = task.attempts.at(-1)?.summary;
  const said = summary ? `\n  ${quoteInline(summary, 300)}` : '';
  return `- ${quoteCode(task.key)} ${quoteInline(task.title)}${size}${tries}${said}`;
}

function renderMissing(run: Run, task: Task): string {
  return `- ${quoteCode(task.key)} ${quoteInline(task.title)}: ${renderTaskState(run, task)}`;
}
