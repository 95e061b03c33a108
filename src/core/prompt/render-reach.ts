const hostsShown = 30;

/** What an agent is told of its network. */
export function renderReach(domains: readonly string[]): string {
  if (domains.length === 0) return 'without network';
  const more = domains.length > hostsShown ? ` and ${domains.length - hostsShown} more` : '';
  return `with network to these hosts and no others, by HTTPS: ${domains.slice(0, hostsShown).join(', ')}${more}`;
}
