import type { Cause, CommandReport } from '../model/cause.ts';
import { quoteCode, quoteInline } from './quote-inline.ts';

/** One sentence: what happened, and what to do next. */
export function renderCause(cause: Cause): string {
  switch (cause.kind) {
    case 'plan_unusable':
      return `The plan could not be used (${quoteInline(cause.complaints.join('; '), 300)}); state the work more narrowly and run again.`;
    case 'nothing_admitted':
      return `Only text by people with write permission is read, and there is none here (${cause.withheld} withheld); say what is wanted with \`/pilot run <text>\`.`;
    case 'repository_empty':
      return 'The repository has no commit yet; push one and run again.';
    case 'scope_violation':
      return `It changed files that its task does not own: ${listPaths(cause.paths)}; retry it, or plan it with those paths.`;
    case 'content_refused':
      return `Its result was refused: ${quoteInline(cause.why)}${cause.path ? ` (${quoteCode(cause.path)})` : ''}; retry it, or say in the issue what is wanted instead.`;
    case 'secret_found':
      return `Its result holds ${cause.count} token-shaped ${cause.count === 1 ? 'string' : 'strings'}; nothing of it was pushed: take the secret out of what it read, then retry it.`;
    case 'verify_red':
      return `Verification failed: ${listFailures(cause.failures)}; read the output, then retry it.`;
    case 'no_change':
      return 'The agent ended without changing a file; say more exactly what is wanted, or skip it.';
    case 'agent_gave_up':
      return `The agent gave up: ${quoteInline(cause.why)}; say what it was missing, then retry it.`;
    case 'agent_crashed':
      return `The agent's process ended early: ${quoteInline(cause.detail)}; retry it.`;
    case 'deadline':
      return `The limit "${cause.limit}" of ${seconds(cause.valueMs)} was reached after ${seconds(cause.elapsedMs)}; \`/pilot ${isRunCap(cause.limit) ? 'continue` raises it' : 'resume` goes on with the rest'}.`;
    case 'budget':
      return `The limit "${cause.limit}" of ${cause.value} was reached (${cause.spent} used); ${isRunCap(cause.limit) ? '`/pilot continue` raises it for this run' : 'raise it or narrow the work'}.`;
    case 'sandbox_denied':
      return `No sandbox here can give "${quoteInline(cause.capability)}"; the operator has to mend the worker host.`;
    case 'model_unavailable':
      return `The model could not be reached: ${quoteInline(cause.detail)}; resume when it is back.`;
    case 'model_refused':
      return `The model provider refused to answer: ${quoteInline(cause.detail)}. The operator has to mend the key or the model's name; then run again.`;
    case 'merge_conflict':
      return `It conflicts with what was merged before, in ${listPaths(cause.paths)}; retry it on what is there now.`;
    case 'integration_red':
      return `It passed alone and failed together with the others: ${listFailures(cause.failures)}; retry it on what is there now.`;
    case 'taken_out':
      return `It was merged together with ${quoteCode(cause.with)}, which failed there, and was taken out with it; it runs again.`;
    case 'integration_unrouteable':
      return 'The merged batch failed and its output names no single task, so nobody is guessed at; the batch was rolled back. Read the output, then retry its tasks.';
    case 'dependency_failed':
      return `It depends on ${quoteCode(cause.task)}, which did not succeed; retry that first.`;
    case 'foundation_unsatisfied':
      return 'The foundation that it builds on did not succeed; mend that first.';
    case 'contradiction':
      return `It contradicts ${quoteCode(cause.with)}; say which one is wanted and run again.`;
    case 'pilot_aborted':
      return `The gate pilot ended the run: ${quoteInline(cause.reason, 400)}; retry what you want all the same.`;
    case 'push_rejected':
      return `GitHub refused the push: ${quoteInline(cause.why, 300)}; mend that, then resume.`;
    case 'tasks_failed':
      return `No task succeeded (${cause.failed.map((key) => quoteCode(key)).join(', ')}); the attempts' failures are listed above: read them, then \`/pilot retry\`.`;
    case 'infrastructure':
      return `The work was interrupted by a fault outside of it (${quoteInline(cause.system)}: ${quoteInline(cause.detail)}); ${cause.isLasting ? 'the operator has to mend that, then resume' : 'resume when it is over'}.`;
  }
}

/** Limits of the whole run, which a person may raise. */
function isRunCap(limit: string): boolean {
  return ['budget.run_usd', 'budget.run_tokens', 'budget.run_minutes'].includes(limit);
}

function listPaths(paths: readonly string[]): string {
  const shown = paths.slice(0, 8).map((path) => quoteCode(path));
  const rest = paths.length - shown.length;
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
      return report.exit.code === 0 ? 'passed' : `exited with ${report.exit.code}`;
    case 'signalled':
      return `was ended by ${report.exit.signal}`;
    case 'killed':
      return `was stopped (${report.exit.reason})`;
  }
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}
