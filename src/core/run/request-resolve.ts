// `/pilot resolve`: people say what is to stand in place of what conflicts in the branch of a run. Once it is said of everything,
// one commit of the host has it, which is verified and pushed as that of a rebase.
import { isDecidable, isDecided } from '../conflict/is-decided.ts';
import type { ConflictAnswer, Conflicts } from '../model/conflict.ts';
import type { Run } from '../model/run.ts';
import { renderArchived } from '../reply/render-archived.ts';
import { renderChanged, renderConflictName, renderHowToResolve } from '../reply/render-conflicts.ts';
import { adoptHead, toBranchHead } from './branch.ts';
import { cancelWork, type Draft, enter, note, settleReceipt } from './draft.ts';
import { findObstacle } from './request-rebase.ts';
import { forgetTroubles } from './trouble.ts';

interface Wish {
  readonly receiptId: string;
  readonly login: string;
  readonly which: number | 'all' | undefined;
  readonly answer: ConflictAnswer | undefined;
}

/** What answers may hold together: they are kept in the record until they are carried out. */
const charsAtMost = 60_000;

export function requestResolve(draft: Draft, { receiptId, login, which, answer }: Wish): void {
  const { run } = draft.record;
  const settle = (state: 'done' | 'refused', reply: string) => settleReceipt(draft, receiptId, state, reply);
  const pull = run?.pullRequest;
  if (!run || !pull)
    return settle(
      'refused',
      renderArchived(draft.record) ?? 'No run made a pull request here: nothing conflicts in it.',
    );
  const obstacle = findObstacle(run, pull);
  if (obstacle !== undefined) return settle('refused', obstacle);
  const { conflicts } = run;
  if (!conflicts || conflicts.head !== pull.head || conflicts.found.length + conflicts.unnamed.length === 0)
    return settle('refused', `Nothing conflicts in \`${pull.head}\`, as far as it was looked at.`);
  if (which === undefined || !answer) return settle('done', renderHowToResolve(run, conflicts));
  const refusal = findRefusal(run, conflicts, { which, answer });
  if (refusal !== undefined) return settle('refused', refusal);
  const meant = which === 'all' ? conflicts.found : conflicts.found.filter(({ number }) => number === which);
  for (const one of meant) one.answer = { by: login, is: answer };
  const names = meant.map(({ number }) => `conflict://${number}`).join(', ');
  note(draft, 'resolve', `@${login} decided about ${names}: ${answer.kind}`);
  if (!isDecided(conflicts)) return settle('done', renderLeft(run, conflicts));
  begin(draft, run, receiptId);
}

function findRefusal(
  run: Run,
  conflicts: Conflicts,
  { which, answer }: { readonly which: number | 'all'; readonly answer: ConflictAnswer },
): string | undefined {
  if (!isDecidable(conflicts)) return renderHowToResolve(run, conflicts);
  const meant = conflicts.found.filter(({ number }) => which === 'all' || number === which);
  if (meant.length === 0) return renderChanged(run, conflicts);
  const without = meant.find(({ hasBase }) => !hasBase);
  if (answer.kind === 'base' && without)
    return `${renderConflictName(without.number)} does not say what was there before: there are "ours" and "theirs", "both", or a text.`;
  if (answer.kind !== 'text') return undefined;
  const others = conflicts.found.filter((one) => one.number !== which);
  const chars = [answer, ...others.map((one) => one.answer?.is)].reduce((sum, one) => sum + countChars(one), 0);
  return chars > charsAtMost
    ? `All texts together are over ${charsAtMost} characters: resolve it by hand and push.`
    : undefined;
}

function countChars(answer: ConflictAnswer | undefined): number {
  return answer?.kind === 'text' ? answer.lines.reduce((sum, line) => sum + line.length + 1, 0) : 0;
}

function renderLeft(run: Run, { found, ...conflicts }: Conflicts): string {
  const left = found.filter(({ answer }) => answer === undefined);
  const count = `${found.length - left.length} of ${found.length} are decided; nothing is changed before all are.`;
  return `${count} ${renderHowToResolve(run, { ...conflicts, found: left })}`;
}

function begin(draft: Draft, run: Run, receiptId: string): void {
  const { head = '' } = run.pullRequest ?? {};
  settleReceipt(draft, receiptId, 'started');
  cancelWork(draft);
  forgetTroubles(run);
  delete run.mergeRefusal;
  delete run.broughtIn;
  // What people pushed and what was verified since is what it is resolved in.
  if (head !== toBranchHead(run)) adoptHead(run, head);
  enter(draft, run, { kind: 'reviewing', since: draft.now, phase: 'resolving' });
}
