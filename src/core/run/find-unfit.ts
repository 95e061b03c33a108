import type { RunPolicy } from '../model/run.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { quoteCode } from '../reply/quote-inline.ts';
import { pricesMissing } from '../reply/render-money.ts';
import type { ReadPolicy } from './read-run-policy.ts';
import {
  renderAbsent,
  renderAbsentSandbox,
  renderBlocking,
  renderUnheldNetwork,
  renderUnproven,
  renderUnverified,
} from './render-unfit.ts';

type Facts = Pick<Snapshot['facts'], 'agents' | 'models' | 'sandboxes' | 'network'>;

interface Wanted {
  readonly isReading: boolean;
  /** What the run would keep of the settings. */
  readonly given: RunPolicy;
}

/** Why no run can start with these settings here, by the first thing that is in the way. */
export function findUnfit(
  read: ReadPolicy,
  { agents, models, sandboxes, network }: Facts,
  { isReading, given }: Wanted,
): string | undefined {
  const { policy, blocking, uncountedLimits, absentAgents, absentModels, absentSandbox } = read;
  if (blocking.length > 0) return renderBlocking(blocking);
  if (uncountedLimits.length > 0) {
    const keys = uncountedLimits.map((key) => quoteCode(key)).join(', ');
    return `\`.github/gatepilot.yml\` limits what runs may cost (${keys}), and nothing here can hold that: ${pricesMissing}.`;
  }
  if (absentAgents.length > 0) return renderAbsent('coding agents', absentAgents, agents);
  if (absentModels.length > 0) return renderAbsent('models', absentModels, models);
  const names = sandboxes.map(({ name }) => name);
  if (absentSandbox !== undefined) return renderAbsentSandbox(absentSandbox, names);
  const unheld = renderUnheldNetwork(policy.sandbox, read.forbiddenHosts, network) ?? renderUnproven(sandboxes, given);
  if (unheld !== undefined) return unheld;
  return policy.verify.length === 0 && !isReading ? renderUnverified() : undefined;
}
