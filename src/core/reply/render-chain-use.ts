import type { ChainUse } from '../model/chain-use.ts';
import { quoteCode, quoteInline } from './quote-inline.ts';

/** Who did it instead of whom, and why. Nothing where it was who was asked for. */
export function renderInstead(use: ChainUse | undefined): string | undefined {
  if (!use || use.used === use.requested) return undefined;
  return `${quoteCode(use.used)} instead of ${quoteCode(use.requested)}, since ${quoteInline(use.why ?? '', 200)}`;
}

/** Of models that were asked a question each: every change once. */
export function listAnsweredInstead(uses: readonly (ChainUse | undefined)[]): string[] {
  const changes = uses.flatMap((use) => renderInstead(use) ?? []);
  return [...new Set(changes)].map((change) => `answered by the model ${change}`);
}
