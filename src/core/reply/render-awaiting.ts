import type { Run } from '../model/run.ts';

/** So much of a plan's hash is shown and may be written: enough to name exactly one. */
export const planIdChars = 12;

export function toPlanId(hash: string): string {
  return hash.slice(0, planIdChars);
}

/** That the run waits, for what, and what people can say. */
export function renderAwaiting(run: Run): string {
  const { slash } = run.policy;
  const id = toPlanId(run.plan?.hash ?? '');
  return `**Waiting for an approval** of plan \`${id}\`: \`/${slash} approve ${id}\` carries out exactly this plan, \`/${slash} deny <reason>\` has another one made, \`/${slash} stop\` ends run ${run.id}.`;
}
