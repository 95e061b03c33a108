// `/pilot dismiss`: somebody rejects a finding, with a reason that is shown wherever the finding would be. What keeps the gate shut is
// not rejected by whoever started the run alone.
import type { Actor } from '../model/actor.ts';
import type { Finding } from '../model/finding.ts';
import { type Run, toPhase } from '../model/run.ts';
import { quoteCode, quoteName } from '../reply/quote-inline.ts';
import { renderArchived } from '../reply/render-archived.ts';
import { findDismissal } from '../review/find-dismissal.ts';
import { findNamed, isHolding } from '../review/list-blocking.ts';
import { type Draft, note, settleReceipt } from './draft.ts';

interface Wish {
  readonly receiptId: string;
  readonly actor: Actor;
  readonly finding: string;
  readonly reason: string;
}

const reasonChars = 500;

export function requestDismiss(draft: Draft, wish: Wish): void {
  const { receiptId, actor, reason } = wish;
  const { run } = draft.record;
  const settle = (state: 'done' | 'refused', reply: string) => settleReceipt(draft, receiptId, state, reply);
  if (!run) return settle('refused', renderArchived(draft.record) ?? 'No run was started here yet.');
  if (toPhase(run.state) === 'final')
    return settle('refused', `Run ${run.id} is over for good: there is nothing to dismiss.`);
  if (run.state.kind !== 'ready')
    return settle('refused', `Run ${run.id} offers nothing at the moment; ask again when it has come to its end.`);
  const finding = findNamed(run, wish.finding);
  if (typeof finding === 'string') return settle('refused', finding);
  const known = findDismissal(run, finding);
  const name = quoteCode(finding.id ?? '');
  if (known) return settle('done', `${name} is dismissed by ${quoteName(known.by.login)} already.`);
  const obstacle = findObstacle(draft, run, { ...wish, finding });
  if (obstacle !== undefined) {
    note(draft, 'refused', `@${actor.login} did not dismiss ${finding.id}: ${obstacle}`);
    return settle('refused', obstacle);
  }
  const head = run.verification?.key.head ?? '';
  const by = { by: actor, ...(isByApi(draft, receiptId) ? { isByApi: true } : {}) };
  const given = { finding, head, ...by, reason: reason.slice(0, reasonChars), at: draft.now };
  run.dismissals = [...(run.dismissals ?? []), given];
  note(draft, 'dismissed', `@${actor.login} dismissed ${finding.id} for ${head.slice(0, 10)}`, { finding: finding.id });
  settle('done', `${name} is dismissed for head \`${head}\`: a push that changes its lines voids that.`);
}

function isByApi({ record }: Draft, receiptId: string): boolean {
  return record.receipts.find(({ id }) => id === receiptId)?.source.kind === 'api';
}

function findObstacle(
  draft: Draft,
  run: Run,
  { finding, actor, receiptId }: Omit<Wish, 'finding'> & { readonly finding: Finding },
): string | undefined {
  const name = quoteCode(finding.id ?? '');
  if (finding.status === 'fixed' || finding.status === 'refuted')
    return `${name} is ${finding.status}: there is nothing to dismiss.`;
  if (!isHolding(run, finding)) return undefined;
  // Permission is asked again before the merge, and only GitHub knows it.
  if (isByApi(draft, receiptId))
    return `${name} keeps the gate shut: it is dismissed in a comment, by somebody whose permission GitHub can be asked for.`;
  if (actor.id === run.startedBy.id)
    return `${quoteName(actor.login)} started run ${run.id}, and cannot dismiss alone what keeps its gate shut: somebody else with write permission has to.`;
  return undefined;
}
