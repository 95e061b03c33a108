// Names of hosts as lists of them say it: a host, or `*.` and a name for every host below that one, but not itself.

/** Whether the host is one that a list names. */
export function isListed(host: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => isWithin(host, pattern));
}

/** Whether everything that `asked` stands for is in `pattern`. `*` alone is every host. */
export function isWithin(asked: string, pattern: string): boolean {
  const [inner, outer] = [asked.toLowerCase(), pattern.toLowerCase()];
  if (outer === '*' || inner === outer) return true;
  if (!outer.startsWith('*.')) return false;
  const below = outer.slice(1);
  // `*.a.b` is below `*.b` as a whole: what the star stands for is never empty.
  return inner.endsWith(below) && inner.length > below.length;
}

/** What both lists name. */
export function intersectDomains(one: readonly string[], other: readonly string[]): string[] {
  const shared = one.flatMap((a) => other.flatMap((b) => (isWithin(a, b) ? [a] : isWithin(b, a) ? [b] : [])));
  return [...new Set(shared.map((name) => name.toLowerCase()))];
}
