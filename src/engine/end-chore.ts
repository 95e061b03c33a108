import { Replaced } from './budget-writes.ts';
import type { Held } from './carry-out.ts';
import { ExternalError } from './external-error.ts';
import type { LogPort } from './port/log.ts';

type ChoreFailure =
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'failed'; readonly why: string; readonly until?: number };

/** Nobody asked for it on a thread where an answer could stand: how it ended is in the log of the process. */
export async function endChore<Outcome extends { readonly kind: string }>(
  { log }: { readonly log: LogPort },
  { subject, action }: Held<'propose_settings'> | Held<'propose_notes'> | Held<'look_at_pulls'>,
  work: () => Promise<Outcome>,
): Promise<Outcome | ChoreFailure> {
  const outcome = await work().catch(toChoreFailure);
  const { kind, why } = { why: undefined, ...outcome };
  const what = action.kind === 'look_at_pulls' ? 'a look at the open pull requests' : 'a proposal to a repository';
  log.info({ chores: subject, actionId: action.id, outcome: kind, why }, what);
  return outcome;
}

/** No permission, an archived repository and a rule that forbids it are answers; everything else passes. */
function toChoreFailure(error: unknown): ChoreFailure {
  if (error instanceof Replaced) return { kind: 'failed', why: 'somebody else took it over' };
  if (!(error instanceof ExternalError)) throw error;
  const { message: why, retry } = error;
  if (retry === 'never') return { kind: 'refused', why };
  return { kind: 'failed', why, ...(typeof retry === 'object' ? { until: retry.at } : {}) };
}
