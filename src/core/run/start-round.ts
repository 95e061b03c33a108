// How a round of fixes begins: because somebody asks for it, or because the settings want it.
import { findOverride } from '../gate/apply-overrides.ts';
import type { Finding } from '../model/finding.ts';
import type { FixMatter, FixRound } from '../model/fix-round.ts';
import type { Run } from '../model/run.ts';
import { renderTargets } from '../reply/render-fixes.ts';
import { toFixTask } from '../review/fix-task.ts';
import { listBlocking } from '../review/list-blocking.ts';
import { adoptHead, toBranchHead } from './branch.ts';
import { cancelWork, type Draft, enter, note } from './draft.ts';
import { countAgainst } from './fix-round.ts';
import { forgetTroubles } from './trouble.ts';

const roundsKept = 20;

export interface Wanted {
  readonly findings: readonly Finding[];
  /** What others say, instead of findings. */
  readonly of?: FixMatter | undefined;
  readonly by: string;
  readonly receiptId?: string;
}

/** `findings`: none where it is what the verify commands, or others, said. */
export function startRound(draft: Draft, run: Run, { findings, of, by, receiptId }: Wanted): void {
  const head = run.pullRequest?.head;
  if (head === undefined) return;
  const number = (run.fixes?.at(-1)?.number ?? 0) + 1;
  const red = findings.length === 0 && !of ? run.verification?.report : undefined;
  const task = toFixTask(run, { number, findings, of, ...(red ? { red } : {}) });
  const targets = findings.flatMap(({ id }) => id ?? []);
  const round: FixRound = {
    number,
    at: draft.now,
    by,
    task: task.key,
    targets,
    ...(of ? { of } : {}),
    head,
    before: countAgainst(run, targets),
    ...(receiptId === undefined ? {} : { receiptId }),
    ...(run.review ? { review: run.review } : {}),
    ...(run.dismissals ? { dismissals: run.dismissals } : {}),
  };
  cancelWork(draft);
  forgetTroubles(run);
  delete run.mergeRefusal;
  delete run.broughtIn;
  // It is built on what people see.
  if (head !== toBranchHead(run)) adoptHead(run, head);
  run.fixes = [...(run.fixes ?? []), round].slice(-roundsKept);
  run.tasks.push(task);
  run.ahead = [[task.key]];
  note(draft, 'fix', `round ${number}, asked for by ${by}, works on ${renderTargets(round)} at ${head.slice(0, 10)}`, {
    targets,
  });
  enter(draft, run, { kind: 'executing', since: draft.now, phase: 'attempting' });
}

/** The settings want it: for as long as the round before it left less than it found. */
export function fixByItself(draft: Draft, run: Run): void {
  const most = run.policy.review?.fixRounds ?? 0;
  const { fixes = [] } = run;
  // What others said is no finding, and leaves as many as there were.
  const before = fixes.findLast(({ of }) => of === undefined);
  const ofItself = fixes.filter(({ by }) => by === itself).length;
  const findings = listBlocking(run);
  if (findings.length === 0 || ofItself >= most) return;
  if (draft.record.ignored || draft.record.held || draft.pausedBy !== undefined) return;
  if (before && !isShrinking(before)) return;
  if (run.pullRequest?.state !== 'open' || run.pullRequest.head !== run.verification?.key.head) return;
  // A maintainer let it through as it is, or said that it is meant so.
  if (findOverride(run, 'review') || run.baseMoved) return;
  startRound(draft, run, { findings, by: itself });
}

export const itself = 'gatepilot';

function isShrinking({ end, before, after = before }: FixRound): boolean {
  return end?.kind === 'pushed' && after < before;
}
