// What conflicts in the branch of a run, each under the name by which people say what is to stand there.
import { isDecidable } from '../conflict/is-decided.ts';
import type { Conflicts } from '../model/conflict.ts';
import type { Run } from '../model/run.ts';
import { quoteCode } from './quote-inline.ts';

const shownAtMost = 10;

type Found = Conflicts['found'][number];

export function renderConflictName(number: number): string {
  return `\`conflict://${number}\``;
}

function renderPlace({ number, path, line, hasBase, answer }: Found): string {
  const sides = hasBase ? 'with what was there before' : 'two sides';
  const said = answer ? `, decided: ${answer.is.kind}` : '';
  return `${renderConflictName(number)} in ${quoteCode(path)} line ${line} (${sides}${said})`;
}

export function renderConflictList({ found, unnamed }: Conflicts): string {
  const named = found.slice(0, shownAtMost).map(renderPlace);
  const more = found.length > shownAtMost ? [`${found.length - shownAtMost} more`] : [];
  return [...named, ...more, ...unnamed.slice(0, shownAtMost).map(renderUnnamed)].join('; ');
}

function renderUnnamed({ path, why, line }: Conflicts['unnamed'][number]): string {
  const at = line === undefined ? '' : ` line ${line}`;
  switch (why) {
    case 'too_large':
      return `${quoteCode(path)} is over 10 MB and was not scanned`;
    case 'not_text':
      return `${quoteCode(path)} conflicts as a whole and holds no marks`;
    case 'unclear':
      return `the marks in ${quoteCode(path)}${at} can be read in more than one way`;
    case 'too_many':
      return `${quoteCode(path)}, with more than are listed`;
    case 'unread':
      return quoteCode(path);
  }
}

/** What people can do about it. */
export function renderHowToResolve({ policy, base }: Run, conflicts: Conflicts): string {
  const { slash } = policy;
  const where = conflicts.base === undefined ? 'In conflict' : `In conflict with ${quoteCode(base.branch)}`;
  const list = `${where}: ${renderConflictList(conflicts)}.`;
  if (!isDecidable(conflicts))
    return `${list} Not all of that can be decided from here: resolve it by hand and push; what is pushed is verified.`;
  return `${list} \`/${slash} resolve <number|all> ours|theirs|base|both\` decides, where "ours" is the branch; or resolve it by hand and push.`;
}

/** Somebody decided about something that is not there any more. */
export function renderChanged(run: Run, conflicts: Conflicts): string {
  return `Nothing was changed: what conflicts is not what it was when it was read. Please read it again. ${renderHowToResolve(run, conflicts)}`;
}
