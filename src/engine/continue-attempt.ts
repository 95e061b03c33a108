// Begins an attempt where a holder that is gone had got to: over a fresh checkout, with what was kept. Whatever is not as it was
// then ends it before an agent starts, and the attempt begins anew.
import type { AnewReason, Checkpoint, Takeover } from '../core/model/checkpoint.ts';
import type { Run, Task } from '../core/model/run.ts';
import type { Workflow } from '../core/resource/resource.ts';
import type { Held } from './carry-out.ts';
import type { CheckpointOwner } from './port/checkpoint.ts';
import type { KnownAnswer } from './run-steps.ts';
import { toDetail } from './to-detail.ts';
import { toSandboxPlace, type WorkPorts } from './work-ports.ts';

/** Thrown where an attempt cannot be gone on with. */
export class CannotContinue extends Error {
  override readonly name = 'CannotContinue';
  readonly reason: AnewReason;
  constructor(reason: AnewReason, why: string) {
    super(`${reason}: ${why}`);
    this.reason = reason;
  }
}

/** Of this very attempt, and from the base that it is made on. */
export function findCheckpoint({ attempts }: Task, action: Held<'attempt'>['action']): Checkpoint | undefined {
  const checkpoint = attempts.find((attempt) => attempt.action === action.id)?.checkpoint;
  return checkpoint?.base === action.base ? checkpoint : undefined;
}

interface ContinueScene {
  readonly held: Held<'attempt'>;
  readonly run: Run;
  readonly workspace: string;
  readonly owner: CheckpointOwner;
  readonly workflow: Workflow;
  readonly from: Checkpoint;
}

/** The workspace is as it was kept when this resolves; throws CannotContinue else. Gives what steps had answered. */
export async function continueAttempt(
  ports: WorkPorts,
  { held, run, workspace, owner, workflow, from }: ContinueScene,
): Promise<ReadonlyMap<string, KnownAnswer>> {
  const ids = workflow.steps.map(({ id }) => id);
  const needed = [...from.done.map(({ id }) => id), ...(from.session ? [from.session.step] : [])];
  if (from.workflow !== workflow.name || !needed.every((id) => ids.includes(id)))
    throw new CannotContinue('workflow_changed', `${from.workflow} with ${needed.join(', ')}`);
  if (from.session && !ports.agents.has(from.session.agent))
    throw new CannotContinue('agent_missing', from.session.agent);
  const known = new Map<string, KnownAnswer>();
  for (const report of from.done) {
    const text = report.output && (await ports.artifacts.read(owner.repository, report.output));
    if (!text) throw new CannotContinue('gone', `what the step ${report.id} answered`);
    known.set(report.id, { report, text: Buffer.from(text).toString('utf8') });
  }
  if (!(await held.isStillWanted())) return known;
  const { provider, limits } = toSandboxPlace(ports.options, run.policy);
  const openSandbox = () =>
    ports.sandboxes.create({
      id: `restore-${held.token.slice(0, 8)}`,
      workspace: { path: workspace, access: 'read-write' },
      readOnly: [],
      env: {},
      network: { mode: 'deny' },
      provider,
      limits: { ...limits, wallMs: restoreMs },
    });
  const restored = await ports.checkpoints.restore(owner, from.id, openSandbox, held.signal);
  if (restored.kind === 'refused') throw new CannotContinue(restored.reason, restored.why);
  return known;
}

const restoreMs = 120_000;

/** The record says how whoever took an attempt over began it. */
export async function tellTakeover(held: Held<'attempt'>, takeover: Takeover): Promise<void> {
  await held.inform({ kind: 'taken_over', attempt: held.action.id, token: held.token, takeover });
}

export async function tellAnew(ports: WorkPorts, held: Held<'attempt'>, error: CannotContinue): Promise<void> {
  const { reason, message } = error;
  ports.log.info({ actionId: held.action.id, why: toDetail(message) }, 'an attempt cannot be gone on with');
  await tellTakeover(held, { kind: 'anew', at: ports.clock.now(), why: reason });
}
