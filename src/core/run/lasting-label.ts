// Labels that say something for as long as they are on. Who may write puts them on; whoever takes one off, it holds nothing any more.
// A webhook only says that they are to be looked at: where GitHub could be asked, what is there counts.
import type { LastingWord } from '../command/own-label.ts';
import { nameHoldLabel } from '../gate/evaluate-hold.ts';
import { isLive } from '../model/run.ts';
import { quoteCode } from '../reply/quote-inline.ts';
import { type Draft, note } from './draft.ts';
import { endHold, toHeldState } from './hold.ts';
import { stopRun } from './request-stop.ts';
import { takeMergeBack } from './request-unmerge.ts';

export interface LabelSeen {
  /** Its whole name, in lower case. */
  readonly label: string;
  readonly word: LastingWord;
  readonly thread: number;
  readonly login: string;
  readonly isTakenOff: boolean;
}

export function takeLastingLabel(draft: Draft, seen: LabelSeen): void {
  if (seen.word === 'hold') takeHold(draft, seen);
  else takeNever(draft, seen);
}

function listThreads(draft: Draft, before: readonly number[], { label, thread, isTakenOff }: LabelSeen): number[] {
  const there = draft.snapshot.facts.labels?.[thread];
  const isOn = there ? there.some((name) => name.toLowerCase() === label) : !isTakenOff;
  const others = before.filter((one) => one !== thread);
  return isOn ? [...others, thread] : others;
}

function takeHold(draft: Draft, seen: LabelSeen): void {
  const { record, now } = draft;
  const { held } = record;
  const threads = listThreads(draft, held?.threads ?? [], seen);
  const { label } = seen;
  if (threads.length > 0) record.held = { by: held?.by ?? seen.login, at: held?.at ?? now, label, ...held, threads };
  else delete record.held;
  // Also where no run is: the gate of what people made says so as well.
  if (!held !== !record.held) draft.urgency = 'now';
  if (!held && record.held)
    note(draft, 'hold', `@${seen.login} wants nothing new to start and nothing to be merged here`);
  if (held && !record.held) note(draft, 'release', `@${seen.login} lets things start and be merged here again`);
}

function takeNever(draft: Draft, seen: LabelSeen): void {
  const { record, now } = draft;
  const { ignored } = record;
  const threads = listThreads(draft, ignored?.threads ?? [], seen);
  if (threads.length === 0 && !ignored?.isAsked) delete record.ignored;
  else record.ignored = { by: seen.login, at: now, isAsked: false, label: seen.label, ...ignored, threads };
  if (ignored || !record.ignored) return;
  note(draft, 'ignore', `@${seen.login} wants nothing to start here`);
  if (record.run && isLive(record.run)) stopRun(draft, record.run, seen.login);
}

/** The gate tells people why what they pushed is not looked at. */
export function keepLeftAlone({ record: { run, ignored } }: Draft): void {
  if (!run) return;
  if (ignored) run.leftAloneBy = ignored.by;
  else delete run.leftAloneBy;
}

/** What is held stays so, whatever else is asked for; what was held by the label alone goes on when it is off. */
export function keepHeld(draft: Draft): void {
  const { run, held } = draft.record;
  if (!run) return;
  if (!held) return release(draft);
  run.isHeld = true;
  takeMergeBack(draft, run, `The label ${quoteCode(nameHoldLabel(draft.record))} is on.`);
  const isAsked = run.pausing !== undefined && !run.pausing.cause && run.pausing.lookAt === undefined;
  if (isLive(run) && run.state.kind !== 'paused' && toHeldState(run.state) && !isAsked)
    run.pausing = { by: held.by, isByLabel: true };
}

function release(draft: Draft): void {
  const { run } = draft.record;
  if (!run?.isHeld) return;
  delete run.isHeld;
  // What it kept from being merged by itself may be.
  delete run.triedToMerge;
  if (run.pausing?.isByLabel) delete run.pausing;
  if (run.state.kind === 'paused' && run.state.isByLabel) endHold(draft, run, run.state);
}
