import type { SubjectRecord } from '../model/record.ts';
import { listNeeded, type Run, type Task } from '../model/run.ts';
import { cutOnStructure } from '../sanitise/cut-on-structure.ts';
import { joinSections } from './join-sections.ts';
import { quoteCode, quoteInline, quoteName } from './quote-inline.ts';
import { renderAcceptance, renderItems } from './render-acceptance.ts';
import { renderBatches } from './render-batches.ts';
import { renderBoundaries } from './render-boundaries.ts';
import { renderCause } from './render-cause.ts';
import { renderChecksSection } from './render-checks.ts';
import { renderFixes } from './render-fixes.ts';
import { renderGrade } from './render-grade.ts';
import { renderLearnings } from './render-learnings.ts';
import { renderResolutions } from './render-resolutions.ts';
import { renderReview, renderReviewers } from './render-review.ts';
import { renderSpent } from './render-spent.ts';
import { renderSpentOn } from './render-spent-on.ts';
import { renderTaskState } from './render-task-state.ts';
import { renderVerification } from './render-verification.ts';

export function renderPullTitle(record: SubjectRecord): string {
  return record.title.replace(/\s+/g, ' ').trim().slice(0, 200) || `Work on #${record.number}`;
}

/** However long the story is, how it was verified is there: GitHub takes 65,536 characters. */
const storyChars = 40_000;

/** Tells somebody who was not there: what was asked, what was done by which task, how it was checked, what is missing. */
export function renderPullBody(record: SubjectRecord, run: Run): string {
  const missing = listNeeded(run).filter((task) => task.state.kind !== 'merged');
  const replaced = run.plan ? run.tasks.filter(({ state }) => state.kind === 'replaced') : [];
  const closes = missing.length === 0 ? `Fixes #${record.number}` : `Part of #${record.number}`;
  const batches = renderBatches(run);
  const decisions = renderBoundaries(run);
  const story = [
    `### What was done\n\n${run.tasks
      .filter((task) => task.state.kind === 'merged')
      .map((task) => renderDone(run, task))
      .join('\n')}`,
    missing.length === 0
      ? ''
      : `### What was not done\n\n${missing.map((task) => renderMissing(run, task)).join('\n')}`,
    replaced.length === 0
      ? ''
      : `### What was planned otherwise\n\n${replaced.map((task) => renderMissing(run, task)).join('\n')}`,
    renderResolutions(run),
    renderLosses(run),
    renderAcceptance(run),
    batches === '' ? '' : `### How it went\n\n${batches}`,
    decisions === ''
      ? ''
      : `<details><summary>Every decision between batches, with reasons and cost</summary>\n\n${decisions}\n\n</details>`,
    renderLearnings(run),
    renderSpentOn(run),
  ];
  return joinSections([
    `${closes}, asked for by ${quoteName(run.startedBy.login)}.${renderShare(run, missing)}`,
    run.request === '' ? '' : `> ${quoteInline(run.request, 1000)}`,
    cutOnStructure(joinSections(story), storyChars),
    run.verification ? `### How it was verified\n\n${renderVerification(run.verification)}` : '',
    renderChecksSection(run.verification),
    renderReview(run),
    renderFixes(run),
    `<sub>run ${run.id} on ${quoteCode(run.base.branch)} at \`${run.base.sha.slice(0, 10)}\` · ${renderEffort(run)}${renderSpent(run)} · reviewers: ${renderReviewers(run)}</sub>`,
    renderItems(run),
  ]);
}

/** The whole in one sentence; a run that did everything is told by its list. */
function renderShare(run: Run, missing: readonly Task[]): string {
  if (missing.length === 0) return '';
  const count = (kind: Task['state']['kind']) => missing.filter(({ state }) => state.kind === kind).length;
  const parts = [
    [count('failed'), 'failed'],
    [count('blocked'), 'blocked'],
    [count('skipped'), 'left out'],
    [count('conflicted'), 'contradicting'],
  ] as const;
  const told = parts.filter(([number]) => number > 0).map(([number, word]) => `${number} ${word}`);
  const rest = missing.length - parts.reduce((sum, [number]) => sum + number, 0);
  if (rest > 0) told.push(`${rest} not done`);
  const all = listNeeded(run).length;
  return ` ${all - missing.length} of ${all} tasks are in this branch; ${told.join(', ')}.`;
}

function renderEffort(run: Run): string {
  const attempts = run.tasks.reduce((sum, task) => sum + task.attempts.length, 0);
  if (attempts <= run.tasks.length) return '';
  return `${attempts} attempts · `;
}

/** Whoever reviews it should look there: a later task may have had to change it, or has undone it. */
function renderLosses({ losses = [] }: Run): string {
  if (losses.length === 0) return '';
  const lines = losses.map(({ task, path, lines: gone, of, by }) => {
    const since = by.length > 0 ? `; also changed by ${by.map((key) => quoteCode(key)).join(', ')}` : '';
    return `- ${quoteCode(path)}: ${gone} of the ${of} lines that ${quoteCode(task)} added${since}`;
  });
  return `### What was overwritten\n\nThese lines were added by one task and are not in the result as they were:\n\n${lines.join('\n')}`;
}

function renderDone(run: Run, task: Task): string {
  const stat = task.state.kind === 'merged' ? task.state.contribution.stat : undefined;
  const size = stat
    ? ` (${stat.files} ${stat.files === 1 ? 'file' : 'files'}, +${stat.additions} −${stat.deletions})`
    : '';
  const summary = task.attempts.at(-1)?.summary;
  const said = summary ? `\n  ${quoteInline(summary, 300)}` : '';
  return `- ${quoteCode(task.key)} ${quoteInline(task.title)}${size}${renderTries(task)}${renderGrade(run, task)}${said}`;
}

/** What went wrong before it went well: the reader knows where to look twice. */
function renderTries({ attempts }: Task): string {
  if (attempts.length < 2) return '';
  const cause = attempts.findLast((attempt) => attempt.cause)?.cause;
  const before = cause ? `; before that: ${renderCause(cause).replace(/\.$/, '')}` : '';
  return `, in ${attempts.length} attempts${before}`;
}

function renderMissing(run: Run, task: Task): string {
  return `- ${quoteCode(task.key)} ${quoteInline(task.title)}: ${renderTaskState(run, task)}`;
}
