// `/pilot override`: a maintainer lets one part of the gate pass, for exactly what was verified, with a reason that is
// listed in the verdict.
import { findNearestName } from '../command/nearest-name.ts';
import { findOverride, isOverridable, toGateName } from '../gate/apply-overrides.ts';
import { judgeVerified } from '../gate/evaluate-gate.ts';
import { isWaitingForOverride } from '../gate/is-held-back.ts';
import type { Actor } from '../model/actor.ts';
import { type Run, toPhase } from '../model/run.ts';
import { quoteCode, quoteName } from '../reply/quote-inline.ts';
import { renderArchived } from '../reply/render-archived.ts';
import { isReviewWanted } from '../review/review-need.ts';
import { type Draft, enter, note, settleReceipt } from './draft.ts';

interface Wish {
  readonly receiptId: string;
  readonly actor: Actor;
  readonly gate: string;
  readonly head: string;
  readonly reason: string;
}

const reasonChars = 500;
const overridesKept = 20;

export function requestOverride(draft: Draft, wish: Wish): void {
  const { receiptId, actor, gate, head, reason } = wish;
  const { run, receipts } = draft.record;
  const settle = (state: 'done' | 'refused', reply: string) => settleReceipt(draft, receiptId, state, reply);
  if (!run) return settle('refused', renderArchived(draft.record) ?? 'No run was started here yet.');
  // Its permission is asked again before the merge, and only GitHub knows it.
  if (receipts.find(({ id }) => id === receiptId)?.source.kind === 'api')
    return settle(
      'refused',
      'An override is given in a comment, by somebody whose permission GitHub can be asked for.',
    );
  const obstacle = findObstacle(run, wish);
  if (obstacle !== undefined) {
    note(draft, 'refused', `@${actor.login} did not override ${gate}: ${obstacle}`);
    return settle('refused', obstacle);
  }
  const key = run.verification?.key;
  if (!key) return;
  const known = findOverride(run, gate);
  if (known)
    return settle('done', `${quoteCode(gate)} is overridden by ${quoteName(known.by.login)} for this head already.`);
  const given = { gate, key, by: actor, reason: reason.slice(0, reasonChars), at: draft.now };
  run.overrides = [...(run.overrides ?? []), given].slice(-overridesKept);
  note(draft, 'overridden', `@${actor.login} overrode ${gate} for ${head.slice(0, 10)}`, { gate, key });
  // What is let through as it is was not reviewed before. A run that waited for this goes on where it was.
  if (run.state.kind !== 'paused' && isReviewWanted(run))
    enter(draft, run, { kind: 'reviewing', since: draft.now, phase: 'judging' });
  settle(
    'done',
    `${quoteCode(gate)} is overridden for head \`${head}\` on base \`${key.base}\`, and for nothing else: a push or a base that moves voids it.`,
  );
}

function findObstacle(run: Run, { actor, gate, head }: Wish): string | undefined {
  const { verification, pullRequest, state } = run;
  const isWaiting = isWaitingForOverride(run);
  if (toPhase(state) === 'final') return `Run ${run.id} is over for good: there is nothing to override.`;
  if (!verification || (state.kind !== 'ready' && !isWaiting))
    return `Run ${run.id} has no verdict at the moment that an override could be bound to; ask again when it has.`;
  const { key } = verification;
  // What waits for this is not pushed: people see the head before it until then.
  const isOther = pullRequest !== undefined && pullRequest.head !== key.head && !isWaiting;
  if (head !== key.head || isOther)
    return `Nothing was overridden: the verdict is for head \`${key.head}\`${isOther ? `, and the head is now \`${pullRequest.head}\`` : ''}.`;
  const parts = judgeVerified(run);
  const part = parts.find((one) => toGateName(one.gate) === gate);
  if (!part)
    return renderUnknown(
      gate,
      parts.map((one) => toGateName(one.gate)),
    );
  if (part.state.kind === 'open') return `${quoteCode(gate)} is open by itself: ${part.because}`;
  if (!isOverridable(part)) return `${quoteCode(gate)} cannot be overridden: ${part.because}`;
  if (actor.id === run.startedBy.id)
    return `${quoteName(actor.login)} started run ${run.id}, and cannot override its gate alone: another maintainer has to.`;
  return undefined;
}

function renderUnknown(gate: string, names: readonly string[]): string {
  const nearest = findNearestName(gate, names);
  const meant = nearest === undefined ? '' : ` Did you mean ${quoteCode(nearest)}?`;
  return `There is no gate ${quoteCode(gate)}.${meant} There are ${names.map((name) => quoteCode(name)).join(', ')}.`;
}
