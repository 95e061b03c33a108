// `/pilot vouch` and the label `ok-to-run`: somebody who may write looked at what others wrote here, and agents may read it;
// with the head of a fork, that exact commit may be executed in sandboxes. It holds for exactly what was there then: what is
// younger is not covered, and what is edited or pushed later ends it.
import type { StrangerText } from '../model/vouch.ts';
import { quoteCode } from '../reply/quote-inline.ts';
import { renderStrangers, renderVouched } from '../reply/render-strangers.ts';
import { type Draft, note, settleReceipt } from './draft.ts';

interface Asked {
  readonly receiptId: string;
  readonly login: string;
  /** When it was written, by GitHub's clock, to the second (epoch ms). */
  readonly since: number | undefined;
  readonly thread: number | undefined;
  /** The commit that somebody looked at; of a label the head that it was put on with. */
  readonly head: string | undefined;
  readonly isLabel?: boolean;
  readonly slash: string;
}

export function requestVouch(draft: Draft, asked: Asked): void {
  const { record } = draft;
  const refuse = (reply: string) => settleReceipt(draft, asked.receiptId, 'refused', reply);
  if (asked.thread !== undefined && asked.thread !== record.number)
    return refuse(`Agents read what is written on #${record.number}, and nothing of this thread: vouch for it there.`);
  const head = judgeHead(draft, asked);
  // Whoever names a commit means that one: where it is none to vouch for, nothing is vouched for.
  if (head.kind === 'refused') return refuse(head.reply);
  const texts = vouchForTexts(draft, asked);
  if (head.kind === 'vouched') keepHead(draft, asked.login, head.head);
  const reply = [head.reply, texts.reply].filter((part) => part !== '').join(' ');
  settleReceipt(draft, asked.receiptId, head.kind === 'vouched' || texts.isVouched ? 'done' : 'refused', reply);
}

interface Part {
  readonly isVouched: boolean;
  readonly reply: string;
}

function vouchForTexts(draft: Draft, { login, since: moment }: Asked): Part {
  const { record, snapshot } = draft;
  const { strangers } = snapshot.facts;
  const none = (reply: string): Part => ({ isVouched: false, reply });
  if (!strangers || moment === undefined)
    return none('GitHub did not say what was written here and when, so no text is vouched for. Please try again.');
  // Of what happened within one second nobody knows the order.
  const since = Math.floor(moment / 1_000) * 1_000;
  if (strangers.texts.length === 0)
    return none('Every text here is by people with write permission: agents read it already.');
  const covered = strangers.texts.filter(({ editedAt }) => editedAt < since);
  const younger = strangers.texts.filter((text) => !covered.includes(text));
  if (covered.length === 0)
    return none(`No text is vouched for, since none here is older than that: ${renderStrangers(younger)}.`);
  record.vouch = { by: login, since, texts: covered.map(({ id, author, hash }) => ({ id, author, hash })) };
  note(draft, 'vouched', `@${login} vouches for ${covered.length} texts of others`, {
    texts: covered.map(({ id }) => id),
  });
  return { isVouched: true, reply: renderVouched({ covered, younger, since, run: record.run }) };
}

type HeadPart =
  | { readonly kind: 'none' | 'refused'; readonly reply: string }
  | { readonly kind: 'vouched'; readonly head: string; readonly reply: string };

/** Only for the commit that is the head at this moment, and named: what is pushed in between was looked at by nobody. */
function judgeHead(draft: Draft, { head, isLabel = false, slash }: Asked): HeadPart {
  const { record, snapshot } = draft;
  const refuse = (reply: string): HeadPart => ({ kind: 'refused', reply: `Nothing is vouched for: ${reply}` });
  const { pull } = snapshot.facts;
  if (!record.isPullRequest)
    return head === undefined ? { kind: 'none', reply: '' } : refuse('this is no pull request, and has no commit.');
  if (!pull) return refuse('GitHub did not answer when the pull request was read. Please try again.');
  if (pull.isSameRepository)
    return head === undefined || isLabel
      ? { kind: 'none', reply: '' }
      : refuse('it comes from a branch of this repository, and whoever may push there needs no vouch.');
  if (pull.state !== 'open') return refuse(`pull request #${pull.number} is ${pull.state}.`);
  if (head === undefined) {
    const command = `\`/${slash} vouch ${pull.head}\``;
    return { kind: 'none', reply: `No commit is vouched for; ${command} lets exactly that head be executed.` };
  }
  if (head !== pull.head)
    return refuse(`the head is ${quoteCode(pull.head)} by now, and not ${quoteCode(head)}. Look at what it changes.`);
  return { kind: 'vouched', head, reply: `\`${head}\` may be executed in sandboxes, until something else is pushed.` };
}

function keepHead(draft: Draft, login: string, head: string): void {
  draft.record.vouchedHead = { by: login, head, at: draft.now };
  note(draft, 'vouched', `@${login} vouches for the commit ${head}`, { head });
  draft.urgency = 'now';
}

/** What was edited since, or is gone, is not what somebody looked at. */
export function dropEdited(draft: Draft): void {
  const { record, snapshot } = draft;
  const { strangers } = snapshot.facts;
  const { vouch } = record;
  if (!vouch || !strangers) return;
  const { since } = vouch;
  const isAsItWas = (text: { hash: string }, now: StrangerText | undefined) =>
    now !== undefined && now.hash === text.hash && now.editedAt < since;
  const texts = vouch.texts.filter((text) =>
    isAsItWas(
      text,
      strangers.texts.find(({ id }) => id === text.id),
    ),
  );
  const dropped = vouch.texts.length - texts.length;
  if (dropped === 0) return;
  if (texts.length > 0) record.vouch = { ...vouch, texts };
  else delete record.vouch;
  note(draft, 'vouch_dropped', `${dropped} texts that @${vouch.by} vouched for say something else by now`);
}

/** To be called when the pull request is at another commit than before. */
export function dropPushedOver(draft: Draft, head: string): void {
  const { vouchedHead } = draft.record;
  if (!vouchedHead || vouchedHead.head === head) return;
  delete draft.record.vouchedHead;
  note(draft, 'vouch_dropped', `the commit that @${vouchedHead.by} vouched for is not the head any more: ${head} is`);
}
