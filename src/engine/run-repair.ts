// Lets an agent settle what conflicts when the base branch is brought into the branch of a run. What comes of it is a commit with
// both behind it, which nobody has verified yet and nothing points to but the result.
import { join } from 'node:path';
import type { ResolutionOutcome } from '../core/model/resolution.ts';
import { nothingSpent } from '../core/model/spend.ts';
import { renderBaseRepairPrompt } from '../core/prompt/render-base-repair-prompt.ts';
import type { Held } from './carry-out.ts';
import { ensureCommit, fetchBranch } from './ensure-commit.ts';
import { countNewSecrets } from './find-secrets.ts';
import { findVeto } from './find-veto.ts';
import type { RepositoryRef } from './port/git.ts';
import { renderMergeMessage } from './render-merge-message.ts';
import { type Marked, type Repaired, repairMarks } from './repair-marks.ts';
import { toEdits } from './to-edits.ts';
import { toFailure } from './to-failure.ts';
import type { WorkPorts } from './work-ports.ts';

export async function runRepair(ports: WorkPorts, held: Held<'repair'>): Promise<ResolutionOutcome> {
  const { record, action, signal } = held;
  const { run } = record;
  if (!run || run.id !== action.runId || signal.aborted) return { kind: 'stopped', spend: nothingSpent };
  const veto = await findVeto(ports, 'before-attempt', held, { head: action.head, repairs: true });
  if (signal.aborted) return { kind: 'stopped', spend: nothingSpent };
  if (veto) return { kind: 'failed', cause: veto, spend: nothingSpent };
  const place = await ports.openWorkPlace(`${action.id}-${held.token}`);
  try {
    const base = await fetchBranch(ports, record.repository, run.base.branch);
    if (base === undefined) {
      const why = `the base branch ${run.base.branch} is gone`;
      return { kind: 'failed', cause: { kind: 'push_rejected', why }, spend: nothingSpent };
    }
    const repository = await ensureCommit(ports, record.repository, { commit: action.head });
    const common = await ports.git.mergeBase(repository, action.head, base);
    const repaired = await repairMarks(ports, {
      ...{ held, run, repository, workspace: join(place.folder, 'workspace') },
      ...{ ours: action.head, theirs: base, common: common ?? run.base.sha },
      role: 'repair-base',
      foreignContracts: [],
      toPrompt: (marked, notes) => renderBaseRepairPrompt(run, { ...toView(marked), notes }),
      toMessage: (secondary) => renderMergeMessage(run, { how: 'An agent settled what conflicts.', secondary }),
    });
    if (repaired.kind === 'stopped') return repaired;
    if (repaired.kind === 'refused') return { kind: 'failed', cause: repaired.cause, base, ...repaired.told };
    return await keep(ports, { repository, head: action.head, base }, repaired);
  } catch (error) {
    const { spend } = held.spent;
    return signal.aborted ? { kind: 'stopped', spend } : { kind: 'failed', cause: toFailure(error), spend };
  } finally {
    await place.dispose();
  }
}

type Done = Extract<Repaired, { kind: 'repaired' }>;

function toView({ paths, ours, theirs }: Marked) {
  return { marked: paths, own: ours.patch, others: theirs.patch };
}

interface Kept {
  readonly repository: RepositoryRef;
  readonly head: string;
  readonly base: string;
}

async function keep(ports: WorkPorts, { repository, head, base }: Kept, repaired: Done): Promise<ResolutionOutcome> {
  const { commit, paths, secondary, removed, edits, told } = repaired;
  // Beside the base, as before a push: what that holds is public already.
  const { changed } = await ports.git.diff(repository, base, commit);
  const count = await countNewSecrets(ports.git, repository, { base, head: commit, changed });
  if (count > 0) return { kind: 'failed', cause: { kind: 'secret_found', count }, base, ...told };
  const tree = await ports.git.treeOf(repository, commit);
  if (tree === undefined) throw new Error(`commit ${commit} was just made and is not in the mirror`);
  const content = await ports.git.exportBundle(repository, base, commit);
  return {
    kind: 'resolved',
    head,
    base,
    commit,
    tree,
    bundle: await ports.artifacts.put(repository.key, content),
    ...{ paths: [...paths], secondary: [...secondary], removed: [...removed] },
    ...(await toEdits(ports, repository, edits)),
    ...told,
  };
}
