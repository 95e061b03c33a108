// What the operator lets repositories ask for. A repository's own list lies within it, and is refused where it does not.
import { isListed, isWithin } from './domain-pattern.ts';

export interface NetworkPermit {
  /** Empty: nothing at all. */
  readonly allow: readonly string[];
  /** Taken away again, also from what stands for many. */
  readonly deny: readonly string[];
}

/** What of a list is not permitted as a whole. */
export function findForbidden(domains: readonly string[], { allow, deny }: NetworkPermit): string[] {
  return domains.filter((domain) => !isListed(domain, allow) || deny.some((pattern) => isWithin(domain, pattern)));
}

/** Asked of every single host: a list may name many, of which one is denied. */
export function isPermitted(host: string, { allow, deny }: NetworkPermit): boolean {
  return isListed(host, allow) && !isListed(host, deny);
}
