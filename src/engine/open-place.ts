// Where a run's agents and commands work: the sandbox that the policy asks for, with what the base branch says to prepare. That
// is made once for each state of the files that decide it, from a commit of the base branch alone and by nobody else's code;
// whoever works on it gets it read-only.
import type { Run, RunPolicy } from '../core/model/run.ts';
import type { SetupNote } from '../core/model/setup-note.ts';
import type { Repository } from '../core/model/subject.ts';
import { listDecidingFiles } from '../core/setup/list-deciding-files.ts';
import type { Held } from './carry-out.ts';
import { ensureCommit } from './ensure-commit.ts';
import { makeLayer, type SetupPlan } from './make-layer.ts';
import { listLockFiles, planSetup } from './plan-setup.ts';
import type { RepositoryRef } from './port/git.ts';
import type { Layer } from './port/layer.ts';
import { SandboxRefused } from './port/sandbox.ts';
import { type SandboxPlace, toSandboxPlace, type WorkPorts } from './work-ports.ts';

export interface PlaceRequest {
  readonly policy: { readonly sandbox: Omit<RunPolicy['sandbox'], 'network'>; readonly setup?: RunPolicy['setup'] };
  readonly repository: Repository;
  /** A commit of the base branch, and of nothing else: what stands there is run. */
  readonly base: { readonly branch: string; readonly sha: string };
  readonly signal: AbortSignal;
  /** Told when something is made, which may take minutes. */
  readonly onProgress?: (line: string) => void;
}

/**
 * Throws SetupFailed with the output of the command that failed. What is not set up at all is said in `setup`. Undefined when the
 * signal ended it.
 */
export async function openPlace(ports: WorkPorts, request: PlaceRequest): Promise<SandboxPlace | undefined> {
  const { policy, base } = request;
  const place = toSandboxPlace(ports.options, policy);
  if (!policy.setup) return place;
  const repository = await ensureCommit(ports, request.repository, { commit: base.sha });
  const plan = await planSetup(ports, { repository, base: base.sha, setup: policy.setup });
  if ('why' in plan) return withoutLayer(place, plan.why);
  try {
    const layer = await obtain(ports, request, { repository, plan, place });
    return layer && { ...place, layer, setup: toNote(plan, layer) };
  } catch (error) {
    if (request.signal.aborted) return undefined;
    // Nobody asked for it, so that a machine on which it cannot be done is no reason to do nothing at all.
    if (plan.source !== 'detected' || !(error instanceof SandboxRefused)) throw error;
    return withoutLayer(place, `${listLockFiles(plan)} would be set up: ${error.message}.`);
  }
}

/** For work on a task of a run: whoever looks on sees that something is made. */
export async function openPlaceFor(
  ports: WorkPorts,
  { record, subject, action, signal }: Held<'attempt'> | Held<'baseline'>,
  { policy, base }: Run,
): Promise<SandboxPlace | undefined> {
  const onProgress = (line: string) => void ports.store.appendLive(subject, action.id, line).catch(() => undefined);
  return await openPlace(ports, { policy, base, repository: record.repository, signal, onProgress });
}

function withoutLayer(place: SandboxPlace, why: string | undefined): SandboxPlace {
  return { ...place, setup: { source: 'none', commands: [], ...(why === undefined ? {} : { why }) } };
}

async function obtain(
  ports: WorkPorts,
  { base, signal, onProgress }: PlaceRequest,
  { repository, plan, place }: { repository: RepositoryRef; plan: SetupPlan; place: SandboxPlace },
): Promise<Layer | undefined> {
  const key = await readKey(ports, { repository, base, plan, provider: place.provider });
  const known = await ports.layers.find(repository.key, key);
  if (known || signal.aborted) return known;
  return await ports.layers.build({ repository: repository.key, key, signal }, (draft) => {
    onProgress?.(`dependencies are set up: ${listCommands(plan).join('; ')}`);
    return makeLayer(ports, { draft, plan, repository, base: base.sha, key, place, signal });
  });
}

/** Everything that decides what a layer holds. Of another branch it is another one: its code may do other things with the same files. */
async function readKey(ports: WorkPorts, { repository, base, plan, provider }: KeyOf): Promise<string> {
  const { steps, hosts, named } = plan;
  const commands = steps.flatMap((step) => step.commands);
  const files = await ports.git.identifyFiles(repository, base.sha, listDecidingFiles(commands, named));
  const { sandboxes, layers } = ports;
  const machine = [provider ?? sandboxes.capabilities.provider, await layers.readMachine()];
  // The number is that of the ways in which they are run here.
  return ports.hash(JSON.stringify([2, repository.key, base.branch, steps, hosts, files, machine]));
}

interface KeyOf {
  readonly repository: RepositoryRef;
  readonly base: PlaceRequest['base'];
  readonly plan: SetupPlan;
  readonly provider: string | undefined;
}

/** What people know: the first of a step that was detected, whose others only put away what it made. */
function listCommands({ source, steps }: SetupPlan): string[] {
  return steps.flatMap(({ commands }) => (source === 'settings' ? [...commands] : commands.slice(0, 1)));
}

function toNote(plan: SetupPlan, { key, parts, network }: Layer): SetupNote {
  const missing = plan.steps.filter(({ part }) => part !== undefined && !parts.includes(part));
  const nothing = `${listLockFiles({ ...plan, steps: missing })} left nothing: this machine has no program for it, or it names no dependencies.`;
  const why = [...(missing.length === 0 ? [] : [nothing]), plan.leftOut ?? []].flat().join(' ');
  const { source } = plan;
  return {
    ...{ source, commands: listCommands(plan), layer: key.slice(0, 12) },
    ...(why === '' ? {} : { why }),
    ...(network ? { network } : {}),
  };
}
