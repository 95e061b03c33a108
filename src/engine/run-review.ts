// Has what a merge would change reviewed: readers in sandboxes over exactly the tree that would be merged, and somebody who
// checks what they claim. What is confirmed is looked at here once more, so that nothing blocks because somebody says so.
import { join } from 'node:path';
import type { Finding } from '../core/model/finding.ts';
import type { ReviewOutcome } from '../core/model/review.ts';
import type { Run } from '../core/model/run.ts';
import { nothingSpent } from '../core/model/spend.ts';
import { toTaskPacket } from '../core/prompt/task-packet.ts';
import { parseChangedLines } from '../core/review/changed-lines.ts';
import { type Collected, collectFindings, type JudgedFinding } from '../core/review/collect-findings.ts';
import { checkStep, hasClaims, renderClaims, toReviewWorkflow } from '../core/review/review-workflow.ts';
import { toRunReviewTask } from '../core/review/run-review-task.ts';
import { settleFindings } from '../core/review/settle-findings.ts';
import { author } from './author.ts';
import { captureWorkspace } from './capture-workspace.ts';
import type { Held } from './carry-out.ts';
import { checkEvidence } from './check-evidence.ts';
import { ensureCommit } from './ensure-commit.ts';
import { loadCatalog } from './load-catalog.ts';
import type { RepositoryRef } from './port/git.ts';
import { checkPlaces, toReviewedChange } from './review.ts';
import { runSteps, type StepsEnd } from './run-steps.ts';
import { openPurse } from './step-purse.ts';
import { toFailure } from './to-failure.ts';
import type { WorkPorts } from './work-ports.ts';

interface ReviewScene {
  readonly run: Run;
  readonly repository: RepositoryRef;
  /** What would be on the base branch after the merge. */
  readonly commit: string;
  readonly workspace: string;
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
    const scene = { run, repository, commit, workspace };
    const ran = await read(ports, held, scene);
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
  const bundle = [run.integration, run.broughtIn].find((one) => one?.commit === head)?.bundle;
  const repository = await ensureCommit(ports, record.repository, { commit: head, bundle });
  await ensureCommit(ports, record.repository, { commit: base });
  // What says how readers work is at the run's base, which neither of the two need contain.
  await ensureCommit(ports, record.repository, { commit: run.base.sha });
  if (await ports.git.isAncestor(repository, base, head)) return { repository, commit: head };
  const message = `Merge ${head}\n`;
  const merged = await ports.git.merge({ repository, ours: base, theirs: head, message, author });
  if (merged.kind === 'conflict') throw new Error(`${head} and ${base} were verified together and conflict`);
  return { repository, commit: merged.commit };
}

async function read(ports: WorkPorts, held: Held<'review'>, scene: ReviewScene): Promise<StepsEnd> {
  const { run, repository, commit } = scene;
  const { action } = held;
  const catalog = await loadCatalog(ports, repository, run.base.sha);
  const workflow = toReviewWorkflow(action.plan);
  const about = { number: action.number, base: action.base, startedAt: ports.clock.now() };
  const task = toRunReviewTask(run, about);
  const { changed, patch } = await ports.git.diff(repository, action.base, commit);
  const reads = toReviewedChange({ head: commit, base: action.base, changed, patch });
  const packet = toTaskPacket(run, task, { workflow, limits: action.limits, reads });
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
    isNeeded: ({ id }, answers) => id !== checkStep || answers.some(({ text }) => hasClaims(text)),
    listChanges: () => listChanges(ports, held, scene),
  });
}

/** Whatever readers did to the workspace that they could not change. */
async function listChanges(ports: WorkPorts, held: Held<'review'>, scene: ReviewScene): Promise<readonly string[]> {
  const captured = await captureWorkspace(ports, { ...scene, held, base: scene.commit, message: 'Nothing\n' });
  if (captured.kind === 'captured') return captured.changed.map(({ path }) => path);
  return captured.kind === 'unchanged' ? [] : ['.'];
}

interface Concluding extends ReviewScene {
  readonly ran: StepsEnd;
  readonly startedAt: number;
}

async function conclude(ports: WorkPorts, held: Held<'review'>, scene: Concluding): Promise<ReviewOutcome> {
  const { ran, repository, commit, startedAt } = scene;
  const { action } = held;
  const collected = collectFindings(ran.answers);
  const places = { repository, reads: { head: commit, base: action.base } };
  const placed = await checkPlaces(ports, places, collected.findings);
  const settled = await confirm(ports, held, scene, { findings: placed, judged: collected.findings });
  const findings = await markChanged(ports, held, scene, settled);
  if (held.signal.aborted) return { kind: 'stopped', spend: held.spent.spend };
  const kept = { plan: action.plan, commit, findings, answers: ran.answers };
  const report = await ports.artifacts.putText(repository.key, JSON.stringify(kept, null, 2));
  const seconds = (ports.clock.now() - startedAt) / 1000;
  const told = { report, steps: [...ran.reports], seconds, spend: held.spent.spend };
  const gap = findGap(collected);
  if (gap !== undefined) return { kind: 'unusable', why: gap, ...told };
  return { kind: 'judged', findings, omitted: collected.omitted, ...told };
}

/** The pull request shows the same change only where its head holds the base. */
async function markChanged(
  ports: WorkPorts,
  { action }: Held<'review'>,
  { repository, commit }: ReviewScene,
  findings: readonly Finding[],
): Promise<Finding[]> {
  if (commit !== action.head) return [...findings];
  const lines = parseChangedLines((await ports.git.diff(repository, action.base, commit)).patch);
  return findings.map((finding) =>
    finding.line !== undefined && lines.get(finding.path)?.has(finding.line)
      ? { ...finding, isInChange: true }
      : finding,
  );
}

/** Where something was not said or cannot be read, nobody can say that nothing was found. */
function findGap({ unheard, unread }: Collected): string | undefined {
  const [first] = unheard;
  if (first !== undefined) return `"${first}" gave no list of findings, or was ended before it was done`;
  return unread > 0 ? `${unread} entries of what reviewers found cannot be read` : undefined;
}

/** What is called confirmed needs evidence that holds; without it nobody has settled it. */
async function confirm(
  ports: WorkPorts,
  held: Held<'review'>,
  { run, repository, commit }: ReviewScene,
  { findings, judged }: { findings: readonly Finding[]; judged: readonly JudgedFinding[] },
): Promise<Finding[]> {
  const claims = findings.map(({ status }, at) => {
    const evidence = status === 'confirmed' ? judged[at]?.evidence : undefined;
    return { task: 'review', item: String(at), why: '', status: 'met' as const, ...(evidence ? { evidence } : {}) };
  });
  const id = `${held.action.id}-${held.token}`;
  const scene = { run, repository, commit, verified: undefined, id, signal: held.signal };
  const looked = await checkEvidence(ports, scene, claims);
  return settleFindings(findings, looked);
}
