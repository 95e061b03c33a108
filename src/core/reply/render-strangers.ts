// What people without write permission wrote, as people are told of it: who, how much, and whether agents may read it.
import type { InputReport, StrippedKind } from '../model/input-report.ts';
import { isLive, type Run } from '../model/run.ts';
import { isVouched, type StrangerText, type Vouch } from '../model/vouch.ts';
import { quoteName } from './quote-inline.ts';
import { renderMoment } from './render-moment.ts';

const listedAtMost = 20;
/** Whatever changed so shortly before may be something that nobody looked at. */
const recentMs = 10 * 60_000;

interface Vouched {
  readonly covered: readonly StrangerText[];
  readonly younger: readonly StrangerText[];
  readonly since: number;
  readonly run: Run | undefined;
}

export function renderVouched({ covered, younger, since, run }: Vouched): string {
  const recent = covered.filter(({ editedAt }) => editedAt > since - recentMs);
  return [
    `Agents may read this, for as long as it says exactly what it says now: ${renderStrangers(covered)}.`,
    recent.length === 0
      ? ''
      : `Written or edited in the ten minutes before, so look at it once more: ${renderStrangers(recent)}.`,
    younger.length === 0 ? '' : `Not covered, since it is no older than that: ${renderStrangers(younger)}.`,
    run && isLive(run) ? `Run ${run.id} was started before; the next one reads it.` : '',
  ]
    .filter((part) => part !== '')
    .join(' ');
}

export function renderStrangers(texts: readonly StrangerText[]): string {
  const listed = texts
    .slice(0, listedAtMost)
    .map(({ id, author, chars }) => `${renderPlace(id)} by ${quoteName(author)} (${chars} characters)`);
  const more = texts.length - listed.length;
  return [...listed, ...(more > 0 ? [`${more} more`] : [])].join(', ');
}

function renderPlace(id: string): string {
  return id === 'thread' ? 'the text at the top' : `[a comment](#issuecomment-${id})`;
}

/** For whoever asks why something was not read; empty where everything here is by people who may write. */
export function renderStanding(texts: readonly StrangerText[], vouch: Vouch | undefined, slash: string): string {
  if (texts.length === 0) return '';
  const read = texts.filter((text) => isVouched(vouch, text));
  const withheld = texts.filter((text) => !read.includes(text));
  return [
    'What people without write permission wrote here:\n',
    read.length > 0 && vouch
      ? `- may be read, since ${quoteName(vouch.by)} vouched for it (${renderMoment(vouch.since)}): ${renderStrangers(read)}`
      : '',
    withheld.length > 0
      ? `- withheld until somebody with write permission vouches for it (\`/${slash} vouch\`): ${renderStrangers(withheld)}`
      : '',
  ]
    .filter((line) => line !== '')
    .join('\n');
}

/** In one line, under what a run tells. */
export function renderInput({
  admitted,
  withheld,
  stripped,
  withheldFrom = [],
  vouched,
  strippedKinds = [],
}: InputReport): string {
  const from = withheldFrom.map(({ author, texts, chars }) => `${quoteName(author)}: ${texts}, ${chars} characters`);
  const kinds = strippedKinds.map(({ kind, count }) => `${count} ${strippedNames[kind]}`);
  return [
    `texts read: ${admitted}${vouched ? ` (${vouched.texts} vouched for by ${quoteName(vouched.by)})` : ''}`,
    `withheld: ${withheld}${from.length > 0 ? ` (${from.join(', ')})` : ''}`,
    `hidden pieces taken out: ${stripped}${kinds.length > 0 ? ` (${kinds.join(', ')})` : ''}`,
  ].join(', ');
}

/** What each kind is to people. */
export const strippedNames: Readonly<Record<StrippedKind, string>> = {
  html_comment: 'HTML comments',
  link_definition: 'link definitions',
  zero_width: 'zero-width characters',
  bidi: 'direction marks',
  tag: 'tag characters',
  variation_selector: 'variation selectors',
  control: 'control characters',
};
