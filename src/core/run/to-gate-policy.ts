// The part of the settings that verdicts are made by, as runs keep it.
import type { GatePolicy } from '../model/gate-policy.ts';
import type { ReviewPolicy } from '../model/review.ts';
import type { RunPolicy } from '../model/run.ts';
import { canonicalText } from '../policy/canonical-text.ts';
import { nameSandbox } from '../policy/name-sandbox.ts';
import type { Policy } from '../policy/policy.ts';
import { detectVerify } from './detect-verify.ts';

const minuteMs = 60_000;

export interface GateFacts {
  /** `package.json` of the commit that the settings are of. */
  readonly packageText: string | undefined;
  /** What "auto" stands for. */
  readonly usualSandbox: string | undefined;
  readonly hash: (text: string) => string;
}

export function toGatePolicy(policy: Policy, { packageText, usualSandbox, hash }: GateFacts): GatePolicy {
  const detected = policy.verify.commands.length === 0 ? detectVerify(packageText) : undefined;
  const provider = nameSandbox(policy, usualSandbox);
  const gate: GateRules = {
    verify: detected ? [detected] : policy.verify.commands,
    verifySource: detected ? 'detected' : policy.verify.commands.length > 0 ? 'policy' : 'none',
    verifyTimeoutMs: policy.verify.timeout_minutes * minuteMs,
    mergeMethod: policy.gate.merge_method,
    baseMoved: policy.gate.base_moved,
    weakened: policy.gate.weakened_checks,
    baseTests: policy.gate.base_tests,
    isStrict: policy.gate.strict,
    mergesByItself: policy.gate.auto_merge,
    protectedPaths: policy.gate.protected_paths,
    ...(policy.review.enabled ? { review: toReviewPolicy(policy) } : {}),
    sandbox: {
      ...(provider === undefined ? {} : { provider }),
      memoryMb: policy.sandbox.memory_mb,
      diskMb: policy.sandbox.disk_mb,
      processes: policy.sandbox.processes,
      cpuMinutes: policy.sandbox.cpu_minutes,
    },
    setup: {
      commands: policy.setup.commands,
      timeoutMs: policy.setup.timeout_minutes * minuteMs,
      network: policy.setup.network,
    },
  };
  return { hash: hash(toRules(gate)), ...gate };
}

type GateRules = Omit<GatePolicy, 'hash'>;

function toReviewPolicy({ review, publish }: Policy): ReviewPolicy {
  const { reviewers, blocking, full_paths: fullPaths, max_inline: maxInline, fix_rounds: fixRounds } = review;
  return { reviewers, blocking, fullPaths, maxInline, fixRounds, push: publish.push };
}

/** Whether verdicts made by one of them are verdicts of the other. */
export function isSameGate(one: GateRules, other: GateRules): boolean {
  return toRules(one) === toRules(other);
}

/** Rounds that agents begin by themselves are theirs, and no part of what a verdict is made by. */
function toRules({ review, sandbox, ...rest }: GateRules): string {
  const { fixRounds: _, ...reviewed } = review ?? {};
  const { provider, memoryMb, diskMb, processes, cpuMinutes } = sandbox;
  const { verify, verifySource, verifyTimeoutMs, mergeMethod, baseMoved, weakened, baseTests } = rest;
  const { isStrict, mergesByItself, protectedPaths, setup } = rest;
  return canonicalText({
    ...{ verify, verifySource, verifyTimeoutMs, mergeMethod, baseMoved, weakened, baseTests },
    ...{ isStrict, mergesByItself, protectedPaths, setup },
    ...(review ? { review: reviewed } : {}),
    sandbox: { provider, memoryMb, diskMb, processes, cpuMinutes },
  });
}

/** Everything else stays as the run was started with it, the hosts that its agents may reach among it. */
export function withGate(policy: RunPolicy, { review, sandbox, ...gate }: GatePolicy): RunPolicy {
  const { review: before, setup: _, ...kept } = policy;
  const fixRounds = before?.fixRounds ?? 0;
  return {
    ...kept,
    ...gate,
    sandbox: { ...sandbox, network: policy.sandbox.network },
    ...(review ? { review: { ...review, fixRounds } } : {}),
  };
}
