import { type Cause, type CommandReport, monthLimit, secretsCountedAtMost } from '../model/cause.ts';
import { cutFailureWindows } from '../pilot/cut-failure-windows.ts';
import { quoteCode, quoteInline, quoteName } from './quote-inline.ts';
import { renderMoment } from './render-moment.ts';

/** One sentence: what happened. What to do about it is `renderRemedy`. */
export function renderCause(cause: Cause): string {
  switch (cause.kind) {
    case 'plan_unusable':
      return `The plan could not be used (${quoteInline(cause.complaints.join('; '), 300)}).`;
    case 'nothing_admitted':
      return `Only text by people with write permission is read, or that such people vouched for, and there is none here (${cause.withheld} withheld${renderFrom(cause)}).`;
    case 'nothing_red':
      return `No check of another program says that it failed on \`${cause.head.slice(0, 10)}\`.`;
    case 'repository_empty':
      return 'The repository has no commit yet.';
    case 'scope_violation':
      return `It changed files that its task does not own: ${listPaths(cause.paths)}.`;
    case 'content_refused':
      return `Its result was refused: ${quoteInline(cause.why)}${cause.path ? ` (${quoteCode(cause.path)})` : ''}.`;
    case 'secret_found':
      return `Its result holds ${cause.count < secretsCountedAtMost ? '' : 'at least '}${cause.count} token-shaped ${cause.count === 1 ? 'string' : 'strings'}; nothing of it was pushed.`;
    case 'conflict_marks':
      return `It left marks of a merge conflict in ${listPaths(cause.paths)}.`;
    case 'verify_red':
      return `Verification failed: ${listFailures(cause.failures)}.`;
    case 'baseline_red':
      return `The base \`${cause.commit.slice(0, 10)}\` is red before any agent has touched it: ${listFailures(cause.failures)}.`;
    case 'no_change':
      return 'The agent ended without changing a file.';
    case 'agent_gave_up':
      return `The agent gave up: ${quoteInline(cause.why)}.`;
    case 'unanswered':
      return `Its agent asked people something (${quoteCode(cause.question)}), and nobody answered in time.`;
    case 'agent_crashed':
      return `The agent's process ended early: ${quoteInline(cause.detail)}.`;
    case 'deadline':
      return `The limit "${cause.limit}" of ${seconds(cause.valueMs)} was reached after ${seconds(cause.elapsedMs)}.`;
    case 'budget':
      return cause.resetsAt === undefined
        ? `The limit "${cause.limit}" of ${cause.value} was reached (${cause.spent} used).`
        : `The limit "${cause.limit}" of $${cause.value.toFixed(2)} leaves too little for ${cause.limit === monthLimit ? 'this month' : 'today'}: $${cause.spent.toFixed(4)} is spent or set aside for work under way. It begins anew at ${renderMoment(cause.resetsAt)}.`;
    case 'turn_limit': {
      const red = cause.failures.length === 0 ? '' : ` Verification of that failed: ${listFailures(cause.failures)}.`;
      return `The agent was asked to finish after ${cause.maxTurns} turns (\`agents.max_turns\`) and was ended ${cause.graceTurns} later; what it had built until then was judged as it was.${red}`;
    }
    case 'context_overflow':
      return `The agent's conversation was larger than the model can read${cause.isRecoveryTried ? ', also after it was summarised once' : ''}.`;
    case 'resource_missing':
      return `${quoteCode(cause.name)} cannot be used: ${quoteInline(cause.why)}`;
    case 'hook_refused':
      return `The operator's program ${quoteCode(cause.hook)} said no: ${quoteInline(cause.why, 300)}.`;
    case 'setup':
      return renderSetup(cause);
    case 'sandbox_denied':
      return `No sandbox here can give "${quoteInline(cause.capability)}"${renderWhy(cause.why)}.`;
    case 'model_unavailable':
      return `The model could not be reached: ${quoteInline(cause.detail)}.`;
    case 'model_refused':
      return `The model provider refused to answer: ${quoteInline(cause.detail)}.`;
    case 'merge_conflict':
      return `It conflicts with what was merged before, in ${listPaths(cause.paths)}.`;
    case 'conflict_unresolved':
      return `Its conflict could not be repaired: ${renderUnresolved(cause)}.`;
    case 'integration_red':
      return cause.isOnlyChange
        ? `It failed together with what was merged before it: ${listFailures(cause.failures)}. The output names no file of it, but what was merged before passed without it, and nothing else has changed since.`
        : `It passed alone and failed together with the others: ${listFailures(cause.failures)}.`;
    case 'taken_out':
      return `It was merged together with ${quoteCode(cause.with)}, which failed there, and was taken out with it.`;
    case 'integration_unrouteable':
      return 'The merged batch failed and its output names no single task, so nobody is guessed at; the batch was rolled back.';
    case 'acceptance_failed':
      return `It passed its tests and is not accepted: ${renderItems(cause.items)}.`;
    case 'acceptance_unusable':
      return `The reviewer gave no answer that could be judged (${quoteInline(cause.why, 300)}); nothing is merged unseen.`;
    case 'denied':
      return `What it changed in ${listPaths(cause.paths)} was not let through by ${quoteName(cause.by)}: "${quoteInline(cause.reason, 400)}".`;
    case 'dependency_failed':
      return `It depends on ${quoteCode(cause.task)}, which did not succeed.`;
    case 'foundation_unsatisfied':
      return 'The foundation that it builds on did not succeed.';
    case 'contract_blocked':
      return `It needs ${quoteCode(cause.path)}, which belongs to ${quoteCode(cause.owner)}, to change, and amending that did not suffice.`;
    case 'contradiction':
      return `It contradicts ${quoteCode(cause.with)}.`;
    case 'pilot_aborted':
      return `The gate pilot ended the run: ${quoteInline(cause.reason, 400)}.`;
    case 'push_rejected':
      return `GitHub refused the push: ${quoteInline(cause.why, 300)}.`;
    case 'tasks_failed':
      return `No task succeeded (${cause.failed.map((key) => quoteCode(key)).join(', ')}); the attempts' failures are listed above.`;
    case 'infrastructure':
      return `The work was interrupted by a fault outside of it (${quoteInline(cause.system)}: ${quoteInline(cause.detail)}).`;
  }
}

/** Absent where an older version kept it. */
function renderWhy(why: string | undefined): string {
  return why === undefined ? '' : `: ${quoteInline(why.replace(/[.\s]+$/, ''), 300)}`;
}

/** With the output, since no attempt shows it. */
function renderSetup({ failures, denied }: Extract<Cause, { kind: 'setup' }>): string {
  const asked =
    denied.length === 0
      ? ''
      : ` It asked for hosts that are not listed: ${denied.map((host) => quoteCode(host)).join(', ')}.`;
  const said = failures.map(({ output }) => cutFailureWindows(output, 600)).join('\n');
  const shown = said.trim() === '' ? '' : ` It said: "${quoteInline(said, 600)}".`;
  return `Dependencies could not be set up from the base branch: ${listFailures(failures)}.${asked}${shown}`;
}

function renderUnresolved({ why, paths }: Extract<Cause, { kind: 'conflict_unresolved' }>): string {
  switch (why) {
    case 'not_text':
      return `${listPaths(paths)} cannot be merged line by line`;
    case 'marker_left':
      return `marks of the conflict were left in ${listPaths(paths)}`;
    case 'head_moved':
      return 'the repair made commits of its own in place of changing files';
    case 'outside_scope':
      return `the repair also changed ${listPaths(paths)}, which the conflict does not touch`;
    case 'too_many_files':
      return `the repair changed ${paths.length} files besides those in conflict (${listPaths(paths)}), which a person has to look at`;
  }
}

function listPaths(paths: readonly string[]): string {
  const shown = paths.slice(0, 8).map((path) => quoteCode(path));
  const rest = paths.length - shown.length;
  return rest > 0 ? `${shown.join(', ')} and ${rest} more` : shown.join(', ');
}

const itemsShown = 3;

function renderItems(items: Extract<Cause, { kind: 'acceptance_failed' }>['items']): string {
  const shown = items
    .slice(0, itemsShown)
    .map(({ text, why }) => `"${quoteInline(text, 200)}" (${quoteInline(why, 200)})`);
  const rest = items.length - shown.length;
  return rest > 0 ? `${shown.join(', ')} and ${rest} more` : shown.join(', ');
}

function listFailures(failures: readonly CommandReport[]): string {
  return (
    failures.map((failure) => `${quoteCode(failure.command)} ${renderExit(failure)}`).join(', ') || 'no command passed'
  );
}

export function renderExit(report: CommandReport): string {
  switch (report.exit.kind) {
    case 'exited':
      return report.exit.code === 0
        ? 'passed'
        : `exited with ${report.exit.code}${ofShell.get(report.exit.code) ?? ''}`;
    case 'signalled':
      return `was ended by ${report.exit.signal}`;
    case 'killed':
      return ofSandbox.get(report.exit.reason) ?? `was stopped (${report.exit.reason})`;
  }
}

/** What a shell means by its own codes. */
const ofShell: ReadonlyMap<number, string> = new Map([
  [126, ': a file that it runs is no program'],
  [127, ': a program that it needs is not there'],
]);

const ofSandbox: ReadonlyMap<string, string> = new Map([
  ['wall', 'ran out of time'],
  ['memory', 'used more memory than it may'],
  ['disk', 'wrote more than it may'],
  ['cpu', 'computed for longer than it may'],
]);

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}

function renderFrom({ withheldFrom = [] }: Extract<Cause, { kind: 'nothing_admitted' }>): string {
  return withheldFrom.length === 0 ? '' : `: by ${withheldFrom.map(({ author }) => quoteName(author)).join(', ')}`;
}
