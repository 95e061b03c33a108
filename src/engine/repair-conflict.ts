// A repair of a merge that conflicts, as one attempt of its task: an agent settles git's marks, and the result is verified as
// that of any attempt. The branch of the run never moves here.
import { join } from 'node:path';
import type { Cause } from '../core/model/cause.ts';
import { type AttemptOutcome, isGreen, isPassed } from '../core/model/result.ts';
import type { Run, Task } from '../core/model/run.ts';
import { nothingSpent } from '../core/model/spend.ts';
import { renderRepairPrompt } from '../core/prompt/render-repair-prompt.ts';
import { listOwners } from '../core/run/list-owners.ts';
import { findTask } from '../core/run/task-state.ts';
import type { Held } from './carry-out.ts';
import { ensureCommit } from './ensure-commit.ts';
import { countNewSecrets } from './find-secrets.ts';
import type { RepositoryRef } from './port/git.ts';
import { type Repaired, type RepairTold, repairMarks } from './repair-marks.ts';
import { toFailure } from './to-failure.ts';
import { verifyForRun } from './verify-for-run.ts';
import type { WorkPorts } from './work-ports.ts';

type Repair = NonNullable<Held<'attempt'>['action']['repair']>;

interface RepairedTask {
  readonly held: Held<'attempt'>;
  readonly run: Run;
  readonly task: Task;
  readonly repository: RepositoryRef;
}

export async function repairConflict(ports: WorkPorts, held: Held<'attempt'>, repair: Repair): Promise<AttemptOutcome> {
  const { record, action, signal } = held;
  const { run } = record;
  const task = run && findTask(run, action.task);
  if (!run || run.id !== action.runId || !task || signal.aborted) return { kind: 'stopped', spend: nothingSpent };
  const place = await ports.openWorkPlace(`${action.id}-${held.token}`);
  try {
    const ours = { commit: action.base, bundle: run.integration?.bundle };
    const repository = await ensureCommit(ports, record.repository, ours);
    await ensureCommit(ports, record.repository, { commit: repair.commit, bundle: repair.bundle });
    const workspace = join(place.folder, 'workspace');
    const repaired = await repairMarks(ports, {
      ...{ held, run, repository, workspace, ours: action.base, theirs: repair.commit, common: repair.base },
      role: `repair-${task.key}`,
      foreignContracts: listOwners(run, task)
        .filter(({ key }) => key !== task.key)
        .flatMap(({ contracts }) => contracts),
      toPrompt: ({ paths, ours: before, theirs }, notes, told) =>
        renderRepairPrompt({ ...run, instructions: [...told] }, task, {
          marked: paths,
          own: theirs.patch,
          others: before.patch,
          notes,
        }),
      toMessage: (secondary) => renderMessage(task, secondary),
    });
    if (repaired.kind === 'stopped') return repaired;
    if (repaired.kind === 'refused') return refuse(repaired.told, repaired.cause);
    return await verifyRepair(ports, { held, run, task, repository }, repaired);
  } catch (error) {
    const { spend } = held.spent;
    return signal.aborted
      ? { kind: 'stopped', spend }
      : { kind: 'failed', cause: toFailure(error), summary: '', spend };
  } finally {
    await place.dispose();
  }
}

function renderMessage(task: Task, secondary: readonly string[]): string {
  const also = secondary.map((path) => `- ${path}\n`).join('');
  return `Merge task ${task.key}\n\nIts conflict was repaired.\n${also === '' ? '' : `\nAlso changed for that:\n${also}`}`;
}

type Done = Extract<Repaired, { kind: 'repaired' }>;

async function verifyRepair(ports: WorkPorts, scene: RepairedTask, repaired: Done): Promise<AttemptOutcome> {
  const { held, run, task, repository } = scene;
  const { commit, told, secondary, removed } = repaired;
  const { base } = held.action;
  const { changed, stat, patch: text } = await ports.git.diff(repository, base, commit);
  const secrets = await countNewSecrets(ports.git, repository, { base, head: commit, changed });
  if (secrets > 0) return refuse(told, { kind: 'secret_found', count: secrets });
  const report = await verifyForRun(ports, run, {
    id: `${held.action.id}-${held.token}-verify`,
    repository,
    commit,
    home: held.record.repository,
    signal: held.signal,
  });
  if (!report) return { kind: 'stopped', spend: told.spend };
  const patch = await ports.artifacts.putText(repository.key, text);
  if (!isGreen(report)) {
    const failures = report.commands.filter((command) => !isPassed(command));
    return { ...refuse(told, { kind: 'verify_red', failures }), patch, stat };
  }
  const content = await ports.git.exportBundle(repository, base, commit);
  const before = task.kept?.contribution.paths ?? [];
  return {
    kind: 'anchored',
    commit,
    tree: report.tree,
    paths: [...new Set([...before, ...changed.map(({ path }) => path)])],
    stat,
    patch,
    bundle: await ports.artifacts.put(repository.key, content),
    transcript: told.transcript ?? (await ports.artifacts.putText(repository.key, 'Nothing was left to settle.\n')),
    summary: told.summary,
    verify: report,
    spend: told.spend,
    ...(told.steps ? { steps: told.steps } : {}),
    repair: { secondary: [...secondary], removed: [...removed] },
  };
}

function refuse(told: RepairTold, cause: Cause): Extract<AttemptOutcome, { kind: 'failed' }> {
  return { kind: 'failed', cause, ...told };
}
