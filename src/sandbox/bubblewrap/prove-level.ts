// What a provider can hold on this host, found out by trying.
import { ExternalError } from '../../engine/external-error.ts';
import { type Enforcement, type Sandbox, SandboxRefused, type SandboxSpec } from '../../engine/port/sandbox.ts';
import { detectLimitLevels } from './limit/detect-limit-levels.ts';
import type { LimitLevel } from './limit/limit-level.ts';
import { type Claim, type IsolationProof, isMemoryHeld, proveIsolation } from './probe.ts';

export interface LevelTrial {
  /** Absolute, and there. */
  readonly stateFolder: string;
  readonly claim: Claim;
  readonly open: (level: LimitLevel, spec: SandboxSpec) => Promise<Sandbox>;
  /** Whether what is inside is of any use; throws SandboxRefused. Asked first, since what comes after needs it too. */
  readonly refuseUnusable?: (open: (spec: SandboxSpec) => Promise<Sandbox>) => Promise<void>;
  /** Turns what was said instead of a start into what is missing, and the mend. */
  readonly explain: (complaint: string) => string;
}

export interface LevelProof extends IsolationProof {
  readonly level: LimitLevel;
  readonly memory: Enforcement;
}

/** Takes the best level of limits under which a sandbox starts and holds its memory. Throws SandboxRefused without one. */
export async function proveLevel(trial: LevelTrial): Promise<LevelProof> {
  const { stateFolder, claim, open, explain } = trial;
  const levels = await detectLimitLevels();
  let refusal: unknown;
  for (const level of levels) {
    const openAtLevel = (spec: SandboxSpec) => open(level, spec);
    const prove = async () => {
      await trial.refuseUnusable?.(openAtLevel);
      return await proveIsolation(openAtLevel, stateFolder, claim);
    };
    // Both are waited for, also when one fails: each removes what it made.
    const [isolation, held] = await Promise.allSettled([prove(), isMemoryHeld(openAtLevel, stateFolder)]);
    if (isolation.status === 'rejected') {
      refusal = isolation.reason;
      continue;
    }
    const isHeld = held.status === 'fulfilled' && held.value;
    if (isHeld || level === levels.at(-1)) {
      return { level, memory: isHeld ? level.memory : 'none', ...isolation.value };
    }
  }
  if (refusal instanceof SandboxRefused) throw refusal;
  const complaint = refusal instanceof ExternalError ? refusal.message : String(refusal);
  throw new SandboxRefused(claim.name === 'none' ? 'bubblewrap' : claim.name, explain(complaint));
}
