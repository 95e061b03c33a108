import type { Action } from '../core/model/action.ts';
import type { Repository } from '../core/model/subject.ts';
import type { Permit } from './port/store.ts';

/** How many actions that open sandboxes may be under way at the same time. */
export interface SlotLimits {
  /** Attempts, repairs and reviews by agents, over all hosts; undefined means as many as the hosts have slots for. */
  readonly perRepository: number | undefined;
  readonly perInstallation: number | undefined;
  /** Of the machine that this worker is on, together with every other worker there. */
  readonly host: HostSlots;
}

export interface HostSlots {
  readonly name: string;
  /** Attempts, repairs, and reviews by agents. */
  readonly agents: number;
  /** What verifies, merges or judges a batch. It has slots of its own, so that no merge waits for agents to end. */
  readonly checks: number;
}

const agentKinds: readonly Action['kind'][] = ['attempt', 'repair', 'review'];
const checkKinds: readonly Action['kind'][] = ['baseline', 'integrate', 'acceptance', 'verify', 'verify_group'];

/** The places an action needs before it may begin. What opens no sandbox is short and needs none. */
export function permitsOf(limits: SlotLimits, kind: Action['kind'], repository: Repository): Permit[] {
  const { name, agents, checks } = limits.host;
  // A full house is told by its first name: what a whole repository waits for says more than one machine.
  if (agentKinds.includes(kind))
    return [...listShared(limits, repository), { name: `host/${name}/agents`, limit: agents }];
  return checkKinds.includes(kind) ? [{ name: `host/${name}/checks`, limit: checks }] : [];
}

function listShared(limits: SlotLimits, { host, id, installationId }: Repository): Permit[] {
  const asked = [
    { name: `repository/${host}/${id}`, limit: limits.perRepository },
    { name: `installation/${host}/${installationId}`, limit: limits.perInstallation },
  ];
  return asked.flatMap(({ name, limit }) => (limit === undefined ? [] : [{ name, limit }]));
}
