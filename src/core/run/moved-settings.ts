// What becomes of a verdict when the settings of the base branch are others. Each verification reads them. Where none follows the
// base by itself, because the settings keep verdicts, or because it was another file that changed, they are looked at as well.
import type { GatePolicy } from '../model/gate-policy.ts';
import type { Run } from '../model/run.ts';
import { type Draft, note } from './draft.ts';
import { readGateSettings } from './read-gate-settings.ts';
import { withGate } from './to-gate-policy.ts';
import { voidDismissals } from './void-dismissals.ts';
import { isVerifying } from './watch-base.ts';

/** Called before the verdict that was made by it is kept. Whatever was said of verdicts before was said of other ones. */
export function adoptPolicy(draft: Draft, run: Run, policy: GatePolicy, base: string): void {
  run.policy = withGate(run.policy, policy);
  run.policyChanged = { at: draft.now, base };
  run.verifiedTrees = [];
  delete run.overrides;
  delete run.triedToMerge;
  voidDismissals(
    draft,
    run,
    (run.dismissals ?? []).flatMap(({ finding }) => finding.id ?? []),
    'the settings are others',
  );
  note(
    draft,
    'settings',
    `the settings of ${run.base.branch} are others: the verdict is made by those of ${base.slice(0, 10)}`,
  );
}

/** The verification whose verdict is kept has read them after it was last heard that they moved. */
export function settleSettings(run: Run): void {
  if (run.settingsMoved?.isAsked) delete run.settingsMoved;
}

/** Whether nobody follows the base branch, so that only a look at the settings finds that they moved with it. */
export function keepsVerdict({ policy }: Run): boolean {
  return policy.baseMoved === 'keep';
}

/** `isTold`: the branch has moved. Where the settings could not be read then, what they say by now is for a verification to find. */
export function noteSettings(draft: Draft, run: Run, isTold: boolean): void {
  const { base, hash, sandboxes, network } = draft.snapshot.facts;
  const texts = base?.branch === run.base.branch ? base.settings : undefined;
  if (!run.verification || (!texts && !isTold)) return;
  const read = texts && readGateSettings(run, texts, { hash, sandboxes: sandboxes.map(({ name }) => name), network });
  const isSame = read?.kind === (run.verification.unclear ? 'unclear' : 'same');
  const verifying = isVerifying(draft, run);
  if (isSame) {
    if (verifying === 'no') delete run.settingsMoved;
    return;
  }
  if (!run.settingsMoved)
    note(draft, 'settings', `the settings of ${run.base.branch} are others, or could not be read`);
  // Whoever has not begun yet reads them after this.
  run.settingsMoved = verifying === 'pending' ? { isAsked: true } : {};
  if (draft.urgency === 'none') draft.urgency = 'now';
}
