import type { Cause } from '../model/cause.ts';
import { quoteCode } from './quote-inline.ts';

/** One sentence for whoever meets a cause at its end: what to do next. `slash` is how the bot is spoken to. */
export function renderRemedy(cause: Cause, slash: string): string {
  const say = (verb: string) => `\`/${slash} ${verb}\``;
  switch (cause.kind) {
    case 'plan_unusable':
      return `State the work more narrowly, then ${say('run')}.`;
    case 'nothing_admitted':
      return `Say what is wanted with ${say('run <text>')}, or read it and say ${say('vouch')}, then ${say('run')}.`;
    case 'nothing_red':
      return `Wait until they have ended, then ${say('fix ci')}.`;
    case 'repository_empty':
      return `Push a commit, then ${say('run')}.`;
    case 'scope_violation':
      return `${say('retry')}, or have it planned with those paths.`;
    case 'content_refused':
      return `${say('retry')}, or say in the issue what is wanted instead.`;
    case 'secret_found':
      return `Take the secret out of what the agent reads, then ${say('retry')}.`;
    case 'conflict_marks':
      return `${say('retry')}; where a file is to show such marks, say in the issue that they stand indented.`;
    case 'verify_red':
      return `Read the output, then ${say('retry')}.`;
    case 'baseline_red':
      return `Mend the base and ${say('run')} anew, ${say('resume')} looks once more; or set \`verify.baseline: false\` to have it mended.`;
    case 'no_change':
      return `Say more exactly what is wanted and ${say('retry')}, or ${say('skip')} it.`;
    case 'agent_gave_up':
      return `Say what it was missing, then ${say('retry')}.`;
    case 'unanswered':
      return `Say in the issue what it asked for, then ${say('retry')}.`;
    case 'agent_crashed':
      return `${say('retry')} runs it again.`;
    case 'deadline':
      return isRunCap(cause.limit) ? `${say('continue')} raises it.` : `${say('resume')} goes on with the rest.`;
    case 'budget':
      if (cause.resetsAt !== undefined) return `It goes on by itself; ${say('resume')} looks earlier.`;
      return isRunCap(cause.limit) ? `${say('continue')} raises it for this run.` : 'Raise it, or narrow the work.';
    case 'turn_limit':
      return `Raise \`agents.max_turns\`, or narrow the work; then ${say('run')}.`;
    case 'context_overflow':
      return `Have it planned as smaller tasks with ${say('run <text>')}, or choose a model that reads more.`;
    case 'resource_missing':
      return `See ${say('config')}; mend it, then ${say('retry')}.`;
    case 'hook_refused':
      return `Ask the operator; then ${say('retry')}.`;
    case 'setup':
      return `${renderSetupRemedy(cause)}; then ${say('run')}. If a registry was away, ${say('resume')} tries once more.`;
    case 'sandbox_denied':
      return `The operator has to mend the worker host; then ${say('retry')}.`;
    case 'model_unavailable':
      return `${say('resume')} when it is back.`;
    case 'model_refused':
      return `The operator has to mend the key or the model's name; then ${say('resume')}.`;
    case 'conflict_unresolved':
    case 'merge_conflict':
    case 'integration_red':
      return `${say('retry')} works on what is there now.`;
    case 'taken_out':
      return 'It runs again.';
    case 'integration_unrouteable':
      return `Read the output, then ${say('retry')}.`;
    case 'acceptance_failed':
      return `${say('retry')} tries again; or say in the issue what is really wanted.`;
    case 'acceptance_unusable':
      return `${say('resume')} has it reviewed once more.`;
    case 'denied':
      return `${say('retry')} gives it one more attempt, with that reason.`;
    case 'dependency_failed':
      return `Retry ${quoteCode(cause.task)} first.`;
    case 'foundation_unsatisfied':
      return 'Mend that first.';
    case 'contract_blocked':
      return `Settle what that file should offer, then ${say('retry')}.`;
    case 'contradiction':
      return `Say which one is wanted, then ${say('run')}.`;
    case 'pilot_aborted':
      return `${say('retry')} what you want all the same.`;
    case 'push_rejected':
      return `Mend that, then ${say('resume')}.`;
    case 'tasks_failed':
      return `Read them, then ${say('retry')}.`;
    case 'infrastructure':
      return cause.isLasting
        ? `The operator has to mend that; then ${say('resume')}.`
        : `${say('resume')} when it is over.`;
  }
}

function renderSetupRemedy({ failures, denied }: Extract<Cause, { kind: 'setup' }>): string {
  if (denied.length > 0)
    return 'List what it needs in `setup.network`, within what the operator permits (`GATEPILOT_NETWORK`)';
  const exit = failures[0]?.exit;
  const limit = exit?.kind === 'killed' ? ofLimits.get(exit.reason) : undefined;
  if (limit !== undefined) return `Raise \`${limit}\`, or have it make less`;
  return 'Mend `setup` in `.github/gatepilot.yml`, or what it reads on the base branch, such as a lock file';
}

const ofLimits: ReadonlyMap<string, string> = new Map([
  ['wall', 'setup.timeout_minutes'],
  ['memory', 'sandbox.memory_mb'],
  ['disk', 'sandbox.disk_mb'],
  ['cpu', 'sandbox.cpu_minutes'],
]);

/** Limits of the whole run, which a person may raise. */
function isRunCap(limit: string): boolean {
  return ['budget.run_usd', 'budget.run_tokens', 'budget.run_attempts', 'budget.run_minutes'].includes(limit);
}
