import { html } from 'hono/html';
import type { PullSnapshot } from '../state/snapshot.ts';
import { type CheckLine, type CheckTone, checkState } from './check-list.ts';
import type { Html } from './html.ts';
import { type IconName, icon } from './icon.ts';

/** One row of the merge box. */
export function renderMergeRow(tone: CheckTone | 'merged', name: IconName, text: { title: Html; note?: Html }): Html {
  return html`<div class="merge-row">
    <span class="tone-icon tone-icon-${tone}">${icon(name)}</span>
    <div class="grow"><strong>${text.title}</strong>${text.note === undefined ? '' : html`<div class="quiet">${text.note}</div>`}</div>
  </div>`;
}

/** The newest verdict of each reviewer counts. */
export function renderReviewRow(pull: PullSnapshot): Html {
  const verdicts = new Map(
    pull.reviews
      .filter((review) => ['APPROVED', 'CHANGES_REQUESTED', 'DISMISSED'].includes(review.state))
      .map((review) => [review.author, review.state]),
  );
  const reviewers = (state: string) => [...verdicts].filter(([, given]) => given === state).map(([author]) => author);
  const rejecting = reviewers('CHANGES_REQUESTED');
  const approving = reviewers('APPROVED');
  if (rejecting.length > 0) {
    return renderMergeRow('bad', 'failure', { title: html`Changes requested`, note: html`by ${rejecting.join(', ')}` });
  }
  return approving.length > 0
    ? renderMergeRow('good', 'success', { title: html`Approved`, note: html`by ${approving.join(', ')}` })
    : renderMergeRow('neutral', 'eye', { title: html`No review yet` });
}

const headlines: readonly { tone: CheckTone; icon: IconName; title: string; word: string }[] = [
  { tone: 'bad', icon: 'failure', title: 'Some checks were not successful', word: 'failing' },
  { tone: 'attention', icon: 'attention', title: 'Some checks need attention', word: 'waiting for somebody' },
  { tone: 'waiting', icon: 'waiting', title: 'Some checks have not completed yet', word: 'pending' },
  { tone: 'neutral', icon: 'neutral', title: 'Checks have completed', word: 'neutral or cancelled' },
  { tone: 'good', icon: 'success', title: 'All checks have passed', word: 'successful' },
];

/** The worst outcome is the headline. */
export function renderChecksRow(lines: readonly CheckLine[]): Html {
  const tones = lines.map((line) => checkState(line.run).tone);
  const present = headlines.filter((headline) => tones.includes(headline.tone));
  const [worst] = present;
  if (worst === undefined) return renderMergeRow('neutral', 'neutral', { title: html`No checks on this commit` });
  const counts = present.map(({ tone, word }) => `${tones.filter((other) => other === tone).length} ${word}`);
  return renderMergeRow(worst.tone, worst.icon, { title: html`${worst.title}`, note: html`${counts.join(', ')}` });
}
