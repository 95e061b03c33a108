// What became of what was delivered here: the answer to why nothing happened.
import type { Heard, Receipt, SubjectRecord } from '../model/record.ts';
import { quoteCode, quoteInline } from './quote-inline.ts';
import { renderMoment } from './render-moment.ts';

const listedAtMost = 10;

/** `about` is `delivery`, or the id of a delivery or comment; undefined where there is none of that id. */
export function renderDeliveries(record: SubjectRecord, about: string): string | undefined {
  const heard = record.heard ?? [];
  if (about !== 'delivery') {
    const found = heard.find(({ ids }) => ids.some((id) => id.toLowerCase() === about));
    return found && renderOne(record, found);
  }
  if (heard.length === 0) return `Nothing was delivered for this thread yet. ${unheard}`;
  const newest = heard.toReversed().slice(0, listedAtMost);
  return `What was delivered here, the newest first. ${unheard}\n\n${newest.map((one) => `- ${renderOne(record, one)}`).join('\n')}`;
}

export function renderUnknownDelivery(about: string): string {
  return `Nothing with the id ${quoteCode(about)} is remembered here. ${unheard}`;
}

const unheard =
  'What asks nothing of the bot is not kept: edits of comments, comments of bots, and other labels. What never arrived is asked for again within minutes.';

function renderOne({ receipts }: SubjectRecord, { ids, at, what, became, receipt }: Heard): string {
  const end = receipts.find(({ id }) => id === receipt);
  const id = ids.at(-1) ?? '';
  const told = end ? renderEnd(end, became) : quoteInline(became, 300);
  return `${renderMoment(at)}, ${quoteInline(what, 200)} (${quoteCode(id, 100)}): ${told}`;
}

const ends: Record<Receipt['state']['kind'], string> = {
  kept: 'not decided yet',
  started: 'started, and at work',
  done: 'done',
  failed: 'started, and failed',
  refused: 'refused',
};

function renderEnd({ command, state, reply }: Receipt, became: string): string {
  const why = state.kind === 'refused' ? (reply ?? became) : undefined;
  return `${quoteCode(command)} was ${ends[state.kind]}${why === undefined ? '' : `: ${quoteInline(why, 300)}`}`;
}
