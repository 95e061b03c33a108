// `/pilot budget`: what this run may cost, whatever the settings say; what all runs of a day may cost stays as it is.
import { toPhase } from '../model/run.ts';
import { renderArchived } from '../reply/render-archived.ts';
import { pricesMissing } from '../reply/render-money.ts';
import { moneyLimit } from './budget.ts';
import { isMoneyCounted } from './day-money.ts';
import { type Draft, note, settleReceipt } from './draft.ts';

export function requestBudget(
  draft: Draft,
  { receiptId, login, microUsd }: { receiptId: string; login: string; microUsd: number },
): void {
  const { run } = draft.record;
  const refuse = (reply: string) => settleReceipt(draft, receiptId, 'refused', reply);
  if (!run) return refuse(renderArchived(draft.record) ?? 'No run was started here yet.');
  if (!isMoneyCounted(draft)) return refuse(`No amount of money can limit a run here: ${pricesMissing}.`);
  if (toPhase(run.state) === 'final') return refuse(`Run ${run.id} is over for good: it costs nothing any more.`);
  const reserved = Object.values(run.reserved ?? {}).reduce((sum, part) => sum + part.microUsd, 0);
  const least = run.spend.microUsd + reserved;
  if (microUsd < least) return refuse(`Run ${run.id} has spent or reserved ${toDollars(least)} already.`);
  const raised = { tokens: 0, ms: 0, attempts: 0, ...run.raised, microUsd: microUsd - run.policy.runMicroUsd };
  run.raised = raised;
  run.isBudgetSet = true;
  note(draft, 'budget_set', `@${login} set what run ${run.id} may cost to ${toDollars(microUsd)}`);
  const more =
    toPhase(run.state) === 'resting' ? ` \`/${run.policy.slash} continue\` goes on where that had stopped it.` : '';
  settleReceipt(
    draft,
    receiptId,
    'done',
    `\`${moneyLimit}\` of run ${run.id} is now ${toDollars(microUsd)}; ${toDollars(run.spend.microUsd)} of that is spent.${more}`,
  );
}

function toDollars(microUsd: number): string {
  return `$${(microUsd / 1e6).toFixed(2)}`;
}
