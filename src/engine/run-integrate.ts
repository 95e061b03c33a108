// Merges what a batch built, one task after the other, into a staging ref, and verifies the whole before the run's own
// ref moves. A merge that is tried again starts from the same recorded commits; no agent ever runs here.
import type { Action } from '../core/model/action.ts';
import type { Cause } from '../core/model/cause.ts';
import { type IntegrationOutcome, isGreen, isPassed, type VerifyReport } from '../core/model/result.ts';
import type { Run } from '../core/model/run.ts';
import { hasWildcard } from '../core/plan/glob.ts';
import { type MergedOwner, routeFailure } from '../core/run/route-failure.ts';
import { tasksOf } from '../core/run/task-state.ts';
import type { Held } from './carry-out.ts';
import { checkSurvival } from './check-survival.ts';
import { ensureCommit } from './ensure-commit.ts';
import { mergeForward } from './merge-forward.ts';
import type { RepositoryRef } from './port/git.ts';
import { openStaging, type Staging } from './staging.ts';
import { toFailure } from './to-failure.ts';
import { verifyForRun } from './verify-for-run.ts';
import type { WorkPorts } from './work-ports.ts';

type Integrate = Extract<Action, { kind: 'integrate' }>;
type Contribution = Integrate['contributions'][number];

interface Merged {
  readonly commit: string;
  readonly tree: string;
  readonly landed: readonly Contribution[];
  readonly failed: { key: string; cause: Cause }[];
}

export async function runIntegrate(ports: WorkPorts, held: Held<'integrate'>): Promise<IntegrationOutcome> {
  const { run } = held.record;
  if (!run || run.id !== held.action.runId || held.signal.aborted) return { kind: 'stopped' };
  let staging: Staging | undefined;
  try {
    const repository = await bringTogether(ports, held, run);
    const { onto, runId, id: actionId } = held.action;
    const { stillHolds } = held;
    const { number } = held.record;
    staging = await openStaging(ports.git, { repository, number, runId, actionId, onto, stillHolds });
    return await integrate(ports, { held, run, repository, staging });
  } catch (error) {
    return held.signal.aborted ? { kind: 'stopped' } : { kind: 'failed', cause: toFailure(error) };
  } finally {
    await staging?.remove().catch((error: unknown) => {
      ports.log.warn({ subject: held.subject, error: String(error) }, 'a staging ref could not be taken away');
    });
  }
}

interface Scene {
  readonly held: Held<'integrate'>;
  readonly run: Run;
  readonly repository: RepositoryRef;
  readonly staging: Staging;
}

async function integrate(ports: WorkPorts, scene: Scene): Promise<IntegrationOutcome> {
  const { held, run } = scene;
  const merged = await mergeAll(ports, scene);
  if (merged.landed.length === 0) return toOutcome(merged, { landed: [], rolledBack: [] });
  const known =
    run.verifiedTrees.find((report) => report.tree === merged.tree && isGreen(report)) ?? knownFromAttempt(run, merged);
  const report = known ?? (await verify(ports, scene, merged.commit));
  if (!report || held.signal.aborted) return { kind: 'stopped' };
  return isGreen(report) ? await land(ports, scene, merged, report) : await reject(ports, scene, merged, report);
}

async function bringTogether(ports: WorkPorts, held: Held<'integrate'>, run: Run): Promise<RepositoryRef> {
  const { repository } = held.record;
  const ref = await ensureCommit(ports, repository, { commit: held.action.onto, bundle: run.integration?.bundle });
  for (const { commit, bundle } of held.action.contributions) await ensureCommit(ports, repository, { commit, bundle });
  return ref;
}

/** Serial, in the order given. One that conflicts with what landed before it fails alone. */
async function mergeAll(ports: WorkPorts, { held, repository, staging }: Scene): Promise<Merged> {
  const landed: Contribution[] = [];
  const failed: Merged['failed'] = [];
  for (const contribution of held.action.contributions) {
    const commit = staging.head;
    if (await ports.git.isAncestor(repository, contribution.commit, commit)) {
      // A holder before us came this far.
      landed.push(contribution);
      continue;
    }
    const message = `Merge task ${contribution.task}\n`;
    const merged = await mergeForward(ports, { repository, ours: commit, theirs: contribution.commit, message });
    if (merged.kind === 'conflict') {
      failed.push({ key: contribution.task, cause: { kind: 'merge_conflict', paths: [...merged.paths] } });
      continue;
    }
    await staging.advance(merged.commit);
    landed.push(contribution);
  }
  const commit = staging.head;
  const tree = await ports.git.treeOf(repository, commit);
  if (tree === undefined) throw new Error(`merged commit ${commit} has no tree`);
  return { commit, tree, landed, failed };
}

/** One task on an unmoved base gives the very tree that its attempt verified under the same commands. */
function knownFromAttempt(run: Run, merged: Merged): VerifyReport | undefined {
  for (const task of run.tasks) {
    if (task.state.kind !== 'anchored' || task.state.contribution.tree !== merged.tree) continue;
    // What waited for an amendment was never verified by itself.
    if (isGreen(task.state.contribution.verify)) return task.state.contribution.verify;
  }
  return undefined;
}

async function verify(
  ports: WorkPorts,
  { held, run, repository }: Scene,
  commit: string,
): Promise<VerifyReport | undefined> {
  return await verifyForRun(ports, run, {
    id: `${held.action.id}-${held.token}`,
    repository,
    commit,
    home: held.record.repository,
    signal: held.signal,
  });
}

/** The run's own ref moves only now, and only from where it was: it says where the run stands. */
async function land(
  ports: WorkPorts,
  { held: { action, record }, repository, staging }: Scene,
  merged: Merged,
  report: VerifyReport,
): Promise<IntegrationOutcome> {
  const base = record.run?.base.sha ?? action.onto;
  const content = await ports.git.exportBundle(repository, base, merged.commit);
  const bundle = await ports.artifacts.put(repository.key, content);
  const landed = merged.landed.map(({ task }) => task);
  const scene = { repository, commit: merged.commit };
  const losses = record.run ? await checkSurvival(ports, scene, { run: record.run, landed }) : [];
  await staging.land();
  return { ...toOutcome(merged, { landed, rolledBack: [] }), verify: report, bundle, losses };
}

/** Red together: nothing lands. Who caused it is read from the failing output; if that names nobody, nobody is guessed. */
async function reject(
  ports: WorkPorts,
  scene: Scene,
  merged: Merged,
  report: VerifyReport,
): Promise<IntegrationOutcome> {
  const { run } = scene;
  const failures = report.commands.filter((command) => !isPassed(command));
  const candidates = tasksOf(
    run,
    merged.landed.map(({ task }) => task),
  ).flatMap((task) =>
    task.state.kind === 'anchored' ? [{ key: task.key, paths: task.state.contribution.paths }] : [],
  );
  const isOnlyChange = merged.landed.length === 1 && (await isOntoGreen(ports, scene));
  const { guilty, innocent, amend } = routeFailure(failures, { candidates, owners: listOwners(run), isOnlyChange });
  const [contract, ...besides] = amend?.paths ?? [];
  if (amend && contract !== undefined) {
    const wish = failures.map(({ command, output }) => `$ ${command}\n${output}`).join('\n');
    const keys = candidates.map(({ key }) => key);
    const { owner } = amend;
    const waiting = { contract, ...(besides.length > 0 ? { besides } : {}), owner, keys, wish };
    return { ...toOutcome(merged, { landed: [], rolledBack: [] }), amend: waiting };
  }
  return toOutcome({ ...merged, failed: [...merged.failed, ...guilty] }, { landed: [], rolledBack: innocent });
}

/** Others rely on the contracts of a task, and on whatever else a foundation made. */
function listOwners(run: Run): MergedOwner[] {
  return run.tasks.flatMap(({ key: owner, role, state, contracts }) => {
    if (state.kind !== 'merged') return [];
    // What has a wildcard in its name cannot be owned by its name.
    const made = role === 'foundation' ? state.contribution.paths.filter((path) => !hasWildcard(path)) : [];
    return [{ owner, paths: [...new Set([...contracts, ...made])] }];
  });
}

/** Whether just what the batch was merged onto passed, under the commands of this run. */
async function isOntoGreen(ports: WorkPorts, { held: { action }, run, repository }: Scene): Promise<boolean> {
  if (run.baseline === action.onto) return true;
  const tree = await ports.git.treeOf(repository, action.onto);
  return run.verifiedTrees.some((report) => report.tree === tree && isGreen(report));
}

function toOutcome(
  merged: Merged,
  tasks: { landed: string[]; rolledBack: { key: string; cause: Cause }[] },
): Extract<IntegrationOutcome, { kind: 'integrated' }> {
  return { kind: 'integrated', commit: merged.commit, tree: merged.tree, failed: merged.failed, ...tasks };
}
