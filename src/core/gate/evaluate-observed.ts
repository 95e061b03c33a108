// The gate of a pull request that no run made. What it answers is the repository's choice, never ours.
import type { FindingSeverity } from '../model/finding.ts';
import type { PullReview } from '../model/pull-review.ts';
import type { SubjectRecord } from '../model/record.ts';
import { isLive, type PullRequest, type Run, toPhase } from '../model/run.ts';
import { isMistakeOf } from '../policy/is-mistake-of.ts';
import { parseSettings, type SettingsTexts } from '../policy/parse-settings.ts';
import { quoteCode, quoteInline, quoteName } from '../reply/quote-inline.ts';
import { renderCause } from '../reply/render-cause.ts';
import { isBlocking, isForPeople } from '../review/list-blocking.ts';
import { isPullReview } from '../review/to-pull-review.ts';
import { type HeldBy, nameHoldLabel, shutByLabel } from './evaluate-hold.ts';
import { shownInPart } from './evaluate-review.ts';
import { closed, open, type Verdict, waiting } from './verdict.ts';

/** What the settings of the default branch say of such pull requests; unknown where they cannot be understood. */
export type OtherPulls =
  | { readonly kind: 'observe'; readonly slash: string }
  | {
      readonly kind: 'review';
      /** Severities of confirmed findings that shut the gate. */
      readonly blocking: readonly FindingSeverity[];
      /** Nobody reads one before it is ready for review. */
      readonly leavesDrafts?: true;
      readonly slash: string;
    }
  | { readonly kind: 'unknown' };

export function readOtherPulls(texts: SettingsTexts): OtherPulls {
  const { policy, mistakes } = parseSettings(texts);
  const isMistaken = (key: string) => mistakes.some((mistake) => isMistakeOf(mistake, [key]));
  if (isMistaken('gate.other_prs')) return { kind: 'unknown' };
  if (policy.gate.other_prs === 'observe') return { kind: 'observe', slash: policy.command.slash };
  // Which findings shut it is said there.
  if (isMistaken('review.blocking')) return { kind: 'unknown' };
  const { blocking, drafts } = policy.review;
  return { kind: 'review', blocking, slash: policy.command.slash, ...(drafts ? {} : { leavesDrafts: true }) };
}

/** The pull request as it is now, and what is known of reviews of it. */
export interface Observed extends Pick<SubjectRecord, 'held' | 'run' | 'pullReview'> {
  readonly pull: Pick<PullRequest, 'head' | 'baseBranch' | 'isDraft' | 'sharers'>;
  /** Another pull request that no run made has this head, and somebody holds it. */
  readonly heldSharer?: HeldBy;
}

/** `otherPulls` is undefined where the settings could not be read at this moment. */
export function evaluateObserved(observed: Observed, otherPulls: OtherPulls | undefined): Verdict {
  // Whatever the settings let pass, somebody who may write wants this one not to be merged.
  if (observed.held) return shutByLabel({ label: nameHoldLabel(observed) });
  if (observed.heldSharer !== undefined) return shutByLabel(observed.heldSharer);
  if (observed.pull.isDraft) return waiting('draft', renderDraft(otherPulls));
  switch (otherPulls?.kind) {
    case undefined:
      return waiting('settings', 'The settings of this repository could not be read; they are read again.');
    case 'observe':
      return open('settings', 'No run made this pull request, and the settings let such pull requests pass.');
    case 'review':
      return evaluatePullReview(observed, otherPulls);
    case 'unknown':
      return closed(
        'settings',
        'action_required',
        'What `.github/gatepilot.yml` on the default branch says of pull requests that no run made cannot be understood.',
      );
  }
}

function renderDraft(otherPulls: OtherPulls | undefined): string {
  const isLeft = otherPulls?.kind === 'review' && otherPulls.leavesDrafts;
  const left = ' The settings (`review.drafts`) have it reviewed only then.';
  return `This is a draft; it may be merged when it is ready for review.${isLeft ? left : ''}`;
}

type Wanted = Extract<OtherPulls, { kind: 'review' }>;

const gate = 'review';

/** A newer review takes the place of the one before it as soon as it starts, however it ends. */
function evaluatePullReview({ pull, run, pullReview }: Observed, wanted: Wanted): Verdict {
  const command = quoteCode(`/${wanted.slash} review`);
  if (run && isPullReview(run) && (isLive(run) || (!pullReview && run.state.kind !== 'reported')))
    return evaluateUnreported(pull, run, command);
  if (!pullReview)
    return closed(
      gate,
      'action_required',
      `It is not reviewed yet, and the settings want that of pull requests that no run made: ${command} asks for it.`,
    );
  return findStale(pull, pullReview, command) ?? evaluateReport(pull, pullReview, { wanted, command });
}

interface Looked {
  readonly head: string;
  readonly branch: string;
}

/** What was looked at is not what would be merged. */
function findStale(pull: Observed['pull'], { head, branch }: Looked, command: string): Verdict | undefined {
  if (head !== pull.head)
    return closed(
      gate,
      'action_required',
      `The review is of ${toShort(head)}, and the head is ${toShort(pull.head)} by now: ${command} asks for another.`,
    );
  if (branch !== pull.baseBranch)
    return closed(
      gate,
      'action_required',
      `The review is of what would be merged into ${quoteCode(branch)}, and it goes into ${quoteCode(pull.baseBranch)} by now: ${command} asks for another.`,
    );
  return undefined;
}

/** Of a review that has not reported. */
function evaluateUnreported(pull: Observed['pull'], run: Run, command: string): Verdict {
  const { reads, state, id } = run;
  const stale = reads?.pull && findStale(pull, { head: reads.head, branch: reads.pull.branch }, command);
  if (stale) return stale;
  if (isLive(run))
    return toPhase(state) === 'held'
      ? closed(gate, 'action_required', `The review, run ${id}, is held and waits for somebody.`)
      : waiting(gate, `The review, run ${id}, is under way.`);
  if (state.kind === 'failed')
    return closed(
      gate,
      'timed_out',
      `The review did not happen: ${renderCause(state.cause)} ${command} asks for another.`,
    );
  const by = state.kind === 'stopped' ? ` by ${quoteName(state.by)}` : '';
  return closed(gate, 'action_required', `The review was stopped${by}: ${command} asks for another.`);
}

/** Of exactly this head and its base branch. */
function evaluateReport(
  pull: Observed['pull'],
  review: PullReview,
  { wanted, command }: { readonly wanted: Wanted; readonly command: string },
): Verdict {
  const blocking = review.findings.filter((finding) => isBlocking(finding, wanted));
  const [first] = blocking;
  if (first) return closed(gate, 'failure', `The review found ${tellAll(blocking)}`);
  if (review.gap !== undefined)
    return closed(
      gate,
      'action_required',
      `The review does not say everything: ${review.gap}. ${command} asks for another.`,
    );
  const asked = review.findings.find(isForPeople);
  if (asked) return closed(gate, 'action_required', `A reviewer wants a person to decide: ${quoteInline(asked.what)}`);
  const [sharer] = pull.sharers ?? [];
  if (sharer)
    return closed(
      'shared head',
      'action_required',
      `This head is also in #${sharer.number} into ${quoteCode(sharer.base)}, and one check would count for both: close one of them, or give it a commit of its own.`,
    );
  return open(gate, tellOpen(review));
}

const headlinesAtMost = 5;

function tellAll(blocking: PullReview['findings']): string {
  const told = blocking.slice(0, headlinesAtMost).map(({ what, path }) => `${quoteInline(what)} (${quoteCode(path)})`);
  const more = blocking.length > told.length ? [`${blocking.length - told.length} more`] : [];
  const count = blocking.length === 1 ? 'one thing that was' : `${blocking.length} things that were`;
  return `${count} confirmed: ${[...told, ...more].join('; ')}`;
}

/** Whoever merges by it is told what it is not. */
function tellOpen({ run, head, branch, base, isTextOnly, isPartial, depth }: PullReview): string {
  const parts = [
    `Reviewed only, and nothing was verified: no run made this pull request. Reviewers of run ${run} found nothing that blocks in ${toShort(head)}, on ${quoteCode(branch)} at ${toShort(base)}.`,
    depth ? `How much was looked at: ${depth.depth}, since ${depth.why}.` : '',
    isPartial ? shownInPart : '',
    isTextOnly ? 'It was read as text, and nothing of it was executed.' : '',
  ];
  return parts.filter((part) => part !== '').join(' ');
}

function toShort(commit: string): string {
  return `\`${commit.slice(0, 10)}\``;
}
