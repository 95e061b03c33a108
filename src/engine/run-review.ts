// Has what a merge would change reviewed: readers in sandboxes over exactly the tree that would be merged, and somebody who
// checks what they claim. What is confirmed is looked at here once more, so that nothing blocks because somebody says so.
import { join } from 'node:path';
import { type Event, toEventId } from '../core/model/event.ts';
import type { Finding } from '../core/model/finding.ts';
import type { ReviewOutcome } from '../core/model/review.ts';
import type { Run } from '../core/model/run.ts';
import { nothingSpent } from '../core/model/spend.ts';
import type { StepReport } from '../core/model/step-report.ts';
import { cutHead } from '../core/pilot/cut-text.ts';
import { toTaskPacket } from '../core/prompt/task-packet.ts';
import { markInChange } from '../core/review/changed-lines.ts';
import { type Collected, collectFindings } from '../core/review/collect-findings.ts';
import { listEarlier } from '../core/review/open-findings.ts';
import { parseFindings } from '../core/review/parse-findings.ts';
import { checkStep, hasClaims, renderClaims, toReviewWorkflow } from '../core/review/review-workflow.ts';
import { toRunReviewTask } from '../core/review/run-review-task.ts';
import { sortFindings } from '../core/review/sort-findings.ts';
import { listAnswers } from '../core/run/keep-answers.ts';
import { redact } from '../core/sanitise/redact.ts';
import { lookAtWorkspace } from './capture-workspace.ts';
import type { Held } from './carry-out.ts';
import { checkEarlier } from './check-earlier.ts';
import { confirmFindings } from './confirm-findings.ts';
import { ensureCommit, findBundle } from './ensure-commit.ts';
import { loadCatalog } from './load-catalog.ts';
import { mergeToLook } from './merge-forward.ts';
import { openPlace } from './open-place.ts';
import type { RepositoryRef, TreeDiff } from './port/git.ts';
import { isShownInPart, toReviewedChange } from './review.ts';
import { type KnownAnswer, runSteps, type StepsEnd } from './run-steps.ts';
import { openPurse } from './step-purse.ts';
import { toFailure } from './to-failure.ts';
import type { SandboxPlace, WorkPorts } from './work-ports.ts';

interface ReviewScene {
  readonly run: Run;
  readonly repository: RepositoryRef;
  /** What would be on the base branch after the merge. */
  readonly commit: string;
  readonly workspace: string;
  readonly changed: TreeDiff['changed'];
  readonly patch: string;
  /** Readers are shown a part of it. */
  readonly isPartial: boolean;
}

export async function runReview(ports: WorkPorts, held: Held<'review'>): Promise<ReviewOutcome> {
  const { record, action, signal } = held;
  const { run } = record;
  if (!run || run.id !== action.runId || signal.aborted) return { kind: 'stopped', spend: nothingSpent };
  const startedAt = ports.clock.now();
  const place = await ports.openWorkPlace(`${action.id}-${held.token}`);
  try {
    const { repository, commit } = await ensureMerged(ports, held, run);
    const workspace = join(place.folder, 'workspace');
    await ports.git.checkout(repository, commit, workspace);
    const { changed, patch } = await ports.git.diff(repository, action.base, commit);
    const scene = { run, repository, commit, workspace, changed, patch, isPartial: isShownInPart({ changed, patch }) };
    const { policy, base } = run;
    const prepared = await openPlace(ports, { policy, base, repository: record.repository, signal });
    if (!prepared) return { kind: 'stopped', spend: nothingSpent };
    const ran = await read(ports, held, { ...scene, place: prepared });
    const { spend } = held.spent;
    if (signal.aborted || ran.end.kind === 'stopped') return { kind: 'stopped', spend };
    if (ran.end.kind === 'failed') return { kind: 'failed', cause: ran.end.cause, spend };
    return await conclude(ports, held, { ...scene, ran, startedAt });
  } catch (error) {
    const { spend } = held.spent;
    return signal.aborted ? { kind: 'stopped', spend } : { kind: 'failed', cause: toFailure(error), spend };
  } finally {
    await place.dispose();
  }
}

async function ensureMerged(
  ports: WorkPorts,
  { record, action }: Held<'review'>,
  run: Run,
): Promise<Pick<ReviewScene, 'repository' | 'commit'>> {
  const { head, base } = action;
  const repository = await ensureCommit(ports, record.repository, { commit: head, bundle: findBundle(run, head) });
  await ensureCommit(ports, record.repository, { commit: base });
  // What says how readers work is at the run's base, which neither of the two need contain.
  await ensureCommit(ports, record.repository, { commit: run.base.sha });
  const merged = await mergeToLook(ports, { repository, head, base });
  if (merged.kind === 'conflict') throw new Error(`${head} and ${base} were verified together and conflict`);
  return { repository, commit: merged.commit };
}

async function read(
  ports: WorkPorts,
  held: Held<'review'>,
  scene: ReviewScene & { readonly place: SandboxPlace },
): Promise<StepsEnd> {
  const { run, repository, commit } = scene;
  const { action } = held;
  const catalog = await loadCatalog(ports, repository, run.base.sha);
  const earlier = listEarlier(run).claimed;
  const workflow = toReviewWorkflow(action.plan, earlier, await readSince(ports, held, scene, earlier));
  const about = { number: action.number, base: action.base, startedAt: ports.clock.now() };
  const task = toRunReviewTask(run, about);
  const reads = toReviewedChange({ head: commit, base: action.base, changed: scene.changed, patch: scene.patch });
  // What earlier attempts are said to have shown is the builders' word.
  const packet = toTaskPacket({ ...run, learnings: [] }, task, { workflow, limits: action.limits, reads });
  if (!packet) throw new Error('a review says what it is about');
  return await runSteps(ports, {
    ...scene,
    run: { ...run, reads: { head: commit } },
    held,
    task,
    catalog,
    workflow,
    packet,
    purse: openPurse(action.limits, ports.options.attemptTokens),
    until: ports.clock.now() + run.policy.attemptMs,
    concurrency: workflow.concurrency,
    // The one who checks sees claims, and nothing of the way to them.
    toOutput: renderClaims,
    isNeeded: ({ id }, answers) =>
      id !== checkStep || earlier.length > 0 || answers.some(({ text }) => hasClaims(text)),
    known: await readKnown(ports, scene),
    onDone: (end) => keepAnswer(ports, held, end),
    base: commit,
    look: (base) => lookAtWorkspace(ports, { ...scene, held, base }),
  });
}

/** What readers of this very change answered before whoever asked them died, or something failed. */
async function readKnown(
  ports: WorkPorts,
  { run, repository }: ReviewScene,
): Promise<ReadonlyMap<string, KnownAnswer>> {
  const known = new Map<string, KnownAnswer>();
  for (const report of listAnswers(run)) {
    const content = report.output === undefined ? undefined : await ports.artifacts.read(repository.key, report.output);
    if (content) known.set(report.id, { report, text: Buffer.from(content).toString('utf8') });
  }
  return known;
}

/** Who checks is asked anew: what he would check may be another list by then. An answer without a list is none. */
async function keepAnswer(
  ports: WorkPorts,
  { subject, record, action, token }: Held<'review'>,
  { report, text, cutShort }: { report: StepReport; text: string; cutShort?: unknown },
): Promise<void> {
  const change = record.run?.verification?.change;
  if (report.id === checkStep || cutShort !== undefined || change === undefined || !parseFindings(text)) return;
  const event: Event = { kind: 'reader_answered', runId: action.runId, action: action.id, token, change, report };
  // It is only paid for once more where it cannot be kept.
  await ports.store.append(subject, toEventId(event), event).catch((error: unknown) => {
    ports.log.warn({ subject, actionId: action.id, error: String(error) }, 'an answer of a reader could not be kept');
  });
}

const sinceCharsAtMost = 20_000;

/** What was changed since the head that the earlier findings are of; nothing where they are of several. */
async function readSince(
  ports: WorkPorts,
  { record, action }: Held<'review'>,
  { run, repository }: ReviewScene,
  earlier: readonly Finding[],
): Promise<string | undefined> {
  const [head, ...others] = new Set(earlier.map((finding) => finding.head));
  if (head === undefined || others.length > 0 || head === action.head) return undefined;
  await ensureCommit(ports, record.repository, { commit: head, bundle: findBundle(run, head) });
  const { patch } = await ports.git.diff(repository, head, action.head);
  return cutHead(redact(patch).text, sinceCharsAtMost);
}

interface Concluding extends ReviewScene {
  readonly ran: StepsEnd;
  readonly startedAt: number;
}

async function conclude(ports: WorkPorts, held: Held<'review'>, scene: Concluding): Promise<ReviewOutcome> {
  const { run, ran, repository, commit, startedAt } = scene;
  const { action } = held;
  const earlier = listEarlier(run);
  const collected = collectFindings(ran.answers, earlier);
  const again = await checkEarlier(ports, held, scene, collected.again);
  const { findings: settled, unseen } = await confirmFindings(
    ports,
    {
      ...{ run, home: held.record.repository, repository, commit, workspace: commit, base: action.base },
      ...{ commits: [commit, action.base], id: `${action.id}-${held.token}`, signal: held.signal },
    },
    collected.findings,
  );
  // The pull request shows the same change only where its head holds the base.
  const shown = commit === action.head ? scene.patch : '';
  const findings = markInChange(sortFindings([...again, ...earlier.undecided, ...settled]), shown);
  if (held.signal.aborted) return { kind: 'stopped', spend: held.spent.spend };
  const kept = { plan: action.plan, commit, earlier, findings, answers: ran.answers };
  const report = await ports.artifacts.putText(repository.key, JSON.stringify(kept, null, 2));
  const seconds = (ports.clock.now() - startedAt) / 1000;
  const told = { report, steps: [...ran.reports], seconds, spend: held.spent.spend };
  const gap = findGap(collected, unseen);
  if (gap !== undefined) return { kind: 'unusable', why: gap, ...told };
  const part = scene.isPartial ? { isPartial: true } : {};
  return { kind: 'judged', findings, omitted: collected.omitted, ...part, ...told };
}

/** Where something was not said, cannot be read or was judged by nobody, nobody can say that nothing was found. */
function findGap({ unheard, unread, unjudged }: Collected, unseen: number): string | undefined {
  const [first] = unheard;
  if (first !== undefined) return `"${first}" gave no list of findings, or was ended before it was done`;
  if (unread > 0) return `${unread} entries of what reviewers found cannot be read`;
  if (unjudged > 0) return `${unjudged} of the claims of reviewers were checked by nobody`;
  return unseen > 0 ? `what shows ${unseen} of the findings could not be looked at` : undefined;
}
