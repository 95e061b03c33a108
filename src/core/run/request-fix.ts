// `/pilot fix` and the button "Fix findings": an agent works on what was confirmed and keeps the gate shut, on what is named, on
// what is red, where that is what stands against the pull request, or on what others say of it.
import type { Finding } from '../model/finding.ts';
import type { FixMatter } from '../model/fix-round.ts';
import { listUndelivered, type Run } from '../model/run.ts';
import { quoteCode, quoteName } from '../reply/quote-inline.ts';
import { renderArchived } from '../reply/render-archived.ts';
import { renderTargets } from '../reply/render-fixes.ts';
import { findDismissal } from '../review/find-dismissal.ts';
import { findOpenRound } from '../review/find-open-round.ts';
import { findNamed, isRed, listBlocking, listFound } from '../review/list-blocking.ts';
import { isHeadKnown } from './branch.ts';
import { askForSeat } from './census.ts';
import { type Draft, settleReceipt } from './draft.ts';
import { startRound } from './start-round.ts';

interface Asked {
  readonly receiptId: string;
  readonly login: string;
  /** As they were named, such as `F-3`; none is everything that keeps the gate shut. */
  readonly findings: readonly string[];
  readonly of?: FixMatter | undefined;
}

export function requestFix(draft: Draft, { receiptId, login, findings: names, of }: Asked): void {
  const { run } = draft.record;
  const refuse = (reply: string) => settleReceipt(draft, receiptId, 'refused', reply);
  if (!run) return refuse(renderArchived(draft.record) ?? 'No run was started here yet: there is nothing to mend.');
  const obstacle = findObstacle(run);
  if (obstacle !== undefined) return refuse(obstacle);
  const findings = of ? refuseRed(run) : chooseFindings(run, names);
  if (typeof findings === 'string') return refuse(findings);
  const seat = askForSeat(draft, run.policy.maxRuns);
  if (seat !== undefined) return refuse(seat);
  const what = renderTargets({ targets: findings.flatMap(({ id }) => id ?? []), of });
  settleReceipt(
    draft,
    receiptId,
    'started',
    `An agent works on ${what}. What it makes is checked before it is pushed.`,
  );
  startRound(draft, run, { findings, of, by: `@${login}`, receiptId });
}

/** Whether a round of fixes would have something to work on by itself: then there is a button. */
export function isFixable(run: Run): boolean {
  return findObstacle(run) === undefined && typeof chooseFindings(run, []) !== 'string';
}

function findObstacle(run: Run): string | undefined {
  const { pullRequest, state, policy, verification } = run;
  const { slash } = policy;
  if (!pullRequest) return `Run ${run.id} has made no pull request: there is nothing to mend.`;
  if (pullRequest.state !== 'open')
    return `Pull request #${pullRequest.number} is ${pullRequest.state}: nothing in it is mended any more.`;
  if (findOpenRound(run) && state.kind !== 'ready' && state.kind !== 'executing' && state.kind !== 'reviewing')
    return `A round of fixes is not over yet: \`/${slash} resume\` goes on with it.`;
  if (state.kind !== 'ready')
    return `Run ${run.id} offers nothing at the moment; ask again when it has come to its end.`;
  if (pullRequest.baseBranch !== run.base.branch)
    return `Pull request #${pullRequest.number} goes into ${quoteCode(pullRequest.baseBranch)} now, and run ${run.id} was made for ${quoteCode(run.base.branch)}.`;
  if (!isHeadKnown(run) || verification?.key.head !== pullRequest.head)
    return `Head \`${pullRequest.head}\` is not verified yet: press "Recheck" on the check first.`;
  if (listUndelivered(run).length > 0)
    return `Not all that run ${run.id} has merged is delivered yet: \`/${slash} resume\` goes on with that first.`;
  return undefined;
}

/** A sentence where there is nothing of that to work on; an empty list where it is what is red. */
function chooseFindings(run: Run, names: readonly string[]): readonly Finding[] | string {
  if (names.length > 0) return chooseNamed(run, names);
  if (isRed(run)) return [];
  const blocking = listBlocking(run);
  if (blocking.length > 0) return blocking;
  const confirmed = listConfirmed(run);
  const [first] = confirmed;
  return first
    ? `Nothing that was confirmed keeps the gate shut; \`/${run.policy.slash} fix ${first.id}\` has an agent work on that one all the same.`
    : 'Nothing was confirmed that an agent could mend.';
}

/** What others say of it is worked on afterwards. */
function refuseRed(run: Run): readonly Finding[] | string {
  return isRed(run) ? `What would be merged is red: \`/${run.policy.slash} fix\` has an agent work on that first.` : [];
}

function listConfirmed(run: Run): Finding[] {
  return listFound(run).filter((finding) => finding.status === 'confirmed' && !findDismissal(run, finding));
}

function chooseNamed(run: Run, names: readonly string[]): readonly Finding[] | string {
  if (isRed(run))
    return `What would be merged is red, and nothing is known of its findings: \`/${run.policy.slash} fix\` has an agent work on that first.`;
  const chosen: Finding[] = [];
  for (const name of names) {
    const finding = findNamed(run, name);
    if (typeof finding === 'string') return finding;
    const dismissal = findDismissal(run, finding);
    if (dismissal) return `${quoteCode(name)} was dismissed by ${quoteName(dismissal.by.login)}.`;
    if (finding.status !== 'confirmed')
      return `${quoteCode(name)} is ${finding.status}: agents work on what was confirmed.`;
    chosen.push(finding);
  }
  return chosen;
}
