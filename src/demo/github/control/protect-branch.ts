import type { ProtectBranch } from '../action/setup-input.ts';
import { repositoryOf } from '../state/find.ts';
import type { World } from '../state/world.ts';

/** Replaces what protected the branch before. */
export function protectBranch(world: World, input: ProtectBranch): void {
  const source =
    input.ruleset === true || input.mergeQueue === true
      ? { kind: 'ruleset' as const, rulesetId: world.nextId() }
      : { kind: 'classic' as const };
  repositoryOf(world, input.repository).protection.set(input.branch, {
    source,
    requiredChecks: (input.checks ?? []).map(({ context, appId }) => ({ context, appId: appId ?? null })),
    strict: input.strict ?? false,
    enforceAdmins: input.enforceAdmins ?? true,
    requiredApprovals: input.requiredApprovals ?? 0,
    hasMergeQueue: input.mergeQueue ?? false,
  });
}
