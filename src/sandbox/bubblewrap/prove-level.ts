// What a provider can hold on this host, found out by trying.
import { ExternalError } from '../../engine/external-error.ts';
import type { LogPort } from '../../engine/port/log.ts';
import { type Enforcement, type Sandbox, SandboxRefused, type SandboxSpec } from '../../engine/port/sandbox.ts';
import type { LimitLevel } from './limit/limit-level.ts';
import { type Claim, type IsolationProof, isMemoryHeld, proveIsolation } from './probe.ts';

export interface LevelTrial {
  /** Absolute, and there. */
  readonly stateFolder: string;
  readonly claim: Claim;
  /** What this host offers, best first. */
  readonly levels: readonly LimitLevel[];
  readonly open: (level: LimitLevel, spec: SandboxSpec) => Promise<Sandbox>;
  /** Whether what is inside is of any use; throws SandboxRefused. Asked first, since what comes after needs it too. */
  readonly refuseUnusable?: (open: (spec: SandboxSpec) => Promise<Sandbox>) => Promise<void>;
  /** Turns what was said instead of a start into what is missing, and the mend. */
  readonly explain: (complaint: string) => string;
  readonly logger?: LogPort | undefined;
}

export interface LevelProof extends IsolationProof {
  readonly level: LimitLevel;
  readonly memory: Enforcement;
}

const limits = ['memory', 'pids'] as const;

/**
 * Takes the best level under which a sandbox starts and holds all limits, and says which are passed over: what holds one
 * limit better is no reason to go without another. Throws SandboxRefused without one, so that no run has to find it out.
 */
export async function proveLevel(trial: LevelTrial): Promise<LevelProof> {
  const { claim, levels, explain, logger } = trial;
  const passed: string[] = [];
  const passOver = ({ kind }: LimitLevel, why: string) => {
    passed.push(`${kind}: ${why}`);
    logger?.warn({ sandbox: claim.name, limitLevel: kind, why }, 'a way to hold limits is passed over');
  };
  let isStarted = false;
  let refusal: unknown;
  for (const level of levels) {
    const [isolation, isHeld] = await tryLevel(trial, level);
    if (isolation.status === 'rejected') {
      refusal = isolation.reason;
      passOver(level, `no sandbox starts (${toMessage(refusal)})`);
      continue;
    }
    isStarted = true;
    const proof: LevelProof = { level, memory: isHeld ? level.memory : 'none', ...isolation.value };
    const missing = limits.filter((limit) => proof[limit] === 'none');
    if (missing.length === 0) return proof;
    passOver(level, `not ${missing.join(' and ')}`);
  }
  if (isStarted) throw refuseLimits(claim, passed);
  if (refusal instanceof SandboxRefused) throw refusal;
  throw new SandboxRefused(toProvider(claim), explain(toMessage(refusal)));
}

async function tryLevel(
  { stateFolder, claim, open, refuseUnusable }: LevelTrial,
  level: LimitLevel,
): Promise<[PromiseSettledResult<IsolationProof>, boolean]> {
  const openAtLevel = (spec: SandboxSpec) => open(level, spec);
  const prove = async () => {
    await refuseUnusable?.(openAtLevel);
    return await proveIsolation(openAtLevel, stateFolder, claim);
  };
  // Both are waited for, also when one fails: each removes what it made.
  const [isolation, held] = await Promise.allSettled([prove(), isMemoryHeld(openAtLevel, stateFolder)]);
  return [isolation, held.status === 'fulfilled' && held.value];
}

function refuseLimits(claim: Claim, passed: readonly string[]): SandboxRefused {
  return new SandboxRefused(
    'limits',
    `${toProvider(claim)} was tried in every way in which this host holds limits, and none holds all of them (${passed.join('; ')}): give the worker control groups of its own, or offer another sandbox in GATEPILOT_SANDBOXES`,
  );
}

/** Who starts the processes also where there is no sandbox. */
const toProvider = ({ name }: Claim) => (name === 'none' ? 'bubblewrap' : name);

const toMessage = (reason: unknown) =>
  reason instanceof ExternalError || reason instanceof SandboxRefused ? reason.message : String(reason);
