// What the settings say by now of verdicts on a run, beside what the run has of them.
import type { GatePolicy } from '../model/gate-policy.ts';
import type { Run, RunPolicy } from '../model/run.ts';
import type { RepositoryFacts } from '../model/snapshot.ts';
import { findForbidden, type NetworkPermit } from '../network/network-permit.ts';
import { parseImageSandbox } from '../policy/name-sandbox.ts';
import { parseSettings, type SettingsTexts } from '../policy/parse-settings.ts';
import { renderPolicyMistake } from '../reply/render-policy-mistake.ts';
import { findAbsentSandbox, isBlocking } from './read-run-policy.ts';
import { renderAbsentSandbox, renderBlocking, renderUnheldNetwork, renderUnverified } from './render-unfit.ts';
import { isSameGate, toGatePolicy, withGate } from './to-gate-policy.ts';

/** The settings as they are at one commit of the base branch. */
export type SettingsRead = SettingsTexts & Pick<RepositoryFacts, 'packageText'>;

export interface GateOffer {
  readonly hash: (text: string) => string;
  /** Sandboxes that the operator offers, the usual one first. */
  readonly sandboxes: readonly string[];
  readonly network: NetworkPermit;
}

export type GateSettings =
  | { readonly kind: 'same' }
  | { readonly kind: 'other'; readonly policy: GatePolicy }
  /** What nobody can follow is not guessed at: those of the run stay, and why is said. */
  | { readonly kind: 'unclear'; readonly why: readonly string[] };

export function readGateSettings(
  { policy: current }: Pick<Run, 'policy'>,
  texts: SettingsRead,
  offer: GateOffer,
): GateSettings {
  const { policy, mistakes } = parseSettings(texts);
  const { hash, sandboxes } = offer;
  const gate = toGatePolicy(policy, { packageText: texts.packageText, usualSandbox: findUsual(current, offer), hash });
  const merged = withGate(current, gate);
  const blocking = mistakes.filter(isBlocking).map(renderPolicyMistake);
  const absent = findAbsentSandbox(policy, sandboxes);
  const unheld = renderUnheldNetwork(merged.sandbox, findForbidden(policy.setup.network, offer.network), offer.network);
  const why = [
    ...(blocking.length === 0 ? [] : [renderBlocking(blocking)]),
    ...(absent === undefined ? [] : [renderAbsentSandbox(absent, sandboxes)]),
    ...(unheld === undefined ? [] : [unheld]),
    ...(gate.verify.length === 0 ? [renderUnverified()] : []),
  ];
  if (why.length > 0) return { kind: 'unclear', why };
  return isSameGate(gate, current) ? { kind: 'same' } : { kind: 'other', policy: gate };
}

/** Where the settings leave it to the operator a run stays in what it has, as long as that is offered. An image is never that. */
function findUsual({ sandbox: { provider } }: RunPolicy, { sandboxes }: GateOffer): string | undefined {
  if (provider === undefined) return undefined;
  const isKept = sandboxes.includes(provider) && parseImageSandbox(provider) === undefined;
  return isKept ? provider : sandboxes[0];
}
