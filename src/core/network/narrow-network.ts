import { intersectDomains, isListed } from './domain-pattern.ts';

export interface AgentNetwork {
  readonly domains: readonly string[];
  /** What its file asks for and the settings do not give. */
  readonly withheld: readonly string[];
}

/** An agent's own file takes away from what the settings of the repository give, and never adds to it. */
export function narrowNetwork(given: readonly string[], asked: readonly string[] | undefined): AgentNetwork {
  if (asked === undefined) return { domains: given, withheld: [] };
  return { domains: intersectDomains(asked, given), withheld: asked.filter((domain) => !isListed(domain, given)) };
}
