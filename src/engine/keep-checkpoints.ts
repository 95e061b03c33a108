// Keeps, from time to time, from where somebody else can go on with an attempt. It is a courtesy to whoever comes after a dead
// worker: what fails here is told in the log, and never fails the attempt.
import type { Checkpoint } from '../core/model/checkpoint.ts';
import type { Run } from '../core/model/run.ts';
import type { StepReport } from '../core/model/step-report.ts';
import type { Held } from './carry-out.ts';
import type { CheckpointOwner } from './port/checkpoint.ts';
import { toDetail } from './to-detail.ts';
import { toSandboxPlace, type WorkPorts } from './work-ports.ts';

export type KeptSession = NonNullable<Checkpoint['session']>;

export interface CheckpointKeeper {
  /** To be called when the agent of a step rests: it is kept when that is due and it still does. */
  rest(session: KeptSession, isUndisturbed: () => boolean): Promise<void>;
  /** To be called when it does nothing before this resolves. */
  pause(session: KeptSession): Promise<void>;
  /** To be called when a step is over. */
  stepEnded(report: StepReport): Promise<void>;
  /** Breaks off what is under way; resolves when nothing works on the workspace any more. */
  close(): Promise<void>;
}

interface KeeperScene {
  readonly held: Held<'attempt'>;
  readonly run: Run;
  readonly workspace: string;
  readonly owner: CheckpointOwner;
  readonly workflow: string;
  /** What was over before this holder began. */
  readonly done: readonly StepReport[];
}

/** Packed. A workspace with more than this is seldom only somebody's work. */
const bytesAtMost = 32 * 1024 * 1024;
const wallMs = 60_000;
/** The record may know only the one before the newest, as long as what tells it of that is under way. */
const keptAtMost = 2;

export function openCheckpoints(ports: WorkPorts, scene: KeeperScene): CheckpointKeeper {
  const { held, owner } = scene;
  const { checkpointMs } = ports.options;
  const closing = new AbortController();
  const signal = AbortSignal.any([held.signal, closing.signal]);
  const done = [...scene.done];
  const kept: string[] = [];
  let lastAt = ports.clock.now();
  let patience = 1;
  const findDue = () => lastAt + (checkpointMs ?? 0) * patience;
  /** Packing is what costs: an agent that goes on each time is not asked all the time. */
  let quietUntil = 0;
  let underWay: Promise<void> | undefined;
  const isOver = () => checkpointMs === undefined || signal.aborted;

  const take = async (session: KeptSession | undefined, isUndisturbed: () => boolean) => {
    const { base } = held.action;
    const openSandbox = () => ports.sandboxes.create(toReader(ports, scene));
    const overs = [...done];
    const startedAt = ports.clock.now();
    const taken = await ports.checkpoints.take(owner, { base, maxBytes: bytesAtMost, openSandbox }, signal);
    if (taken.kind === 'refused') {
      if (signal.aborted) return;
      putOff();
      return ports.log.info({ ...owner, why: toDetail(taken.why) }, 'a checkpoint could not be taken');
    }
    if (signal.aborted || !isUndisturbed() || !held.stillHolds()) return await ports.checkpoints.drop(owner, taken.id);
    const { id, bytes } = taken;
    const checkpoint = {
      ...{ id, bytes, at: startedAt, base, workflow: scene.workflow, done: overs },
      ...(session ? { session } : {}),
    };
    await held.inform({ kind: 'checkpointed', attempt: held.action.id, token: held.token, checkpoint });
    patience = 1;
    lastAt = ports.clock.now();
    kept.push(id);
    if (kept.length <= keptAtMost || !held.stillHolds()) return;
    const [oldest = ''] = kept.splice(0, 1);
    if (!kept.includes(oldest)) await ports.checkpoints.drop(owner, oldest);
  };
  const putOff = () => {
    patience *= 2;
    lastAt = ports.clock.now();
  };
  const offer = async (session: KeptSession | undefined, isUndisturbed: () => boolean) => {
    await underWay;
    if (isOver() || ports.clock.now() < findDue()) return;
    underWay = take(session, isUndisturbed).catch((error) => {
      putOff();
      ports.log.warn({ ...owner, error: String(error) }, 'a checkpoint could not be kept');
    });
    await underWay;
    underWay = undefined;
    quietUntil = ports.clock.now() + (checkpointMs ?? 0) / 4;
  };
  return {
    async rest(session, isUndisturbed) {
      const since = done.length;
      // What comes after a step is another one's work.
      const mayTake = () => !isOver() && done.length === since && isUndisturbed();
      while (mayTake()) {
        const waitMs = Math.max(findDue(), quietUntil) - ports.clock.now();
        if (waitMs <= 0 && !underWay) return await offer(session, mayTake);
        await (underWay ?? ports.clock.sleep(waitMs, signal));
      }
    },
    pause: (session) => offer(session, () => true),
    async stepEnded(report) {
      done.push(report);
      await underWay;
      // What could not be packed beside an agent at work may well be now: nothing of it is left but files.
      patience = 1;
      await offer(undefined, () => true);
    },
    async close() {
      closing.abort();
      await underWay;
    },
  };
}

/** Beside the sandbox of an agent at work: it sees the same workspace, and nothing else of it. */
function toReader(ports: WorkPorts, { held, run, workspace }: KeeperScene) {
  const { provider, limits } = toSandboxPlace(ports.options, run.policy);
  return {
    id: `checkpoint-${held.token.slice(0, 8)}`,
    workspace: { path: workspace, access: 'read-only' as const },
    readOnly: [],
    env: {},
    network: { mode: 'deny' as const },
    provider,
    limits: { ...limits, wallMs, outputBytes: bytesAtMost + 1024 * 1024 },
  };
}
