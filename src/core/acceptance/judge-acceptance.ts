// From the reviewer's claims and what was found about their evidence to one result for each item. An item that nobody
// spoke of is missing; one whose evidence does not hold has failed, whatever was claimed.
import type { AcceptanceResult } from '../model/acceptance.ts';
import type { AcceptanceItem } from '../model/plan-outcome.ts';
import type { AcceptanceClaim } from './acceptance-verdict.ts';

/** What was found when the evidence of a claim was looked at. */
export type Finding =
  | { readonly kind: 'holds'; readonly shown: string; readonly log?: string }
  /** `isUnseen`: nobody could look at it, so that it shows nothing in either way. */
  | { readonly kind: 'fails'; readonly why: string; readonly log?: string; readonly isUnseen?: boolean };

interface Judged {
  readonly claim: AcceptanceClaim;
  /** Undefined where nothing was claimed that could be looked at. */
  readonly finding: Finding | undefined;
}

const charsAtMost = 500;

export function judgeItems(
  task: string,
  items: readonly AcceptanceItem[],
  judged: readonly Judged[],
): AcceptanceResult[] {
  return items.map((item) => {
    const own = judged.filter(({ claim }) => claim.task === task && claim.item === item.id);
    return { ...item, ...judgeItem(own) };
  });
}

function judgeItem(own: readonly Judged[]): Pick<AcceptanceResult, 'status' | 'evidence' | 'log'> {
  // Two entries that disagree are settled by the worse one.
  const results = own.map(judgeClaim);
  return (
    results.find(({ status }) => status === 'failed') ??
    results[0] ?? { status: 'missing', evidence: 'The reviewer said nothing about it.' }
  );
}

function judgeClaim({ claim, finding }: Judged): Pick<AcceptanceResult, 'status' | 'evidence' | 'log'> {
  const log = finding?.log === undefined ? {} : { log: finding.log };
  const cut = (text: string) => text.slice(0, charsAtMost);
  if (claim.status === 'not_met') return { status: 'failed', evidence: cut(claim.why), ...log };
  if (!finding) return { status: 'failed', evidence: 'It was called met without any evidence.' };
  if (finding.kind === 'fails')
    return { status: 'failed', evidence: cut(`Its evidence does not hold: ${finding.why}.`), ...log };
  return { status: 'met', evidence: cut(finding.shown), ...log };
}

/** The items that keep a task from being accepted. */
export function listUnmet(items: readonly AcceptanceItem[], results: readonly AcceptanceResult[]): AcceptanceResult[] {
  return items.flatMap((item) => {
    if (item.level !== 'must') return [];
    const result = results.find(({ id }) => id === item.id);
    if (!result) return [{ ...item, status: 'missing' as const, evidence: 'The reviewer said nothing about it.' }];
    return result.status === 'met' ? [] : [result];
  });
}
