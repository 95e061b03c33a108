import type { Finding, FindingSeverity, FindingStatus } from '../model/finding.ts';

const statuses: readonly FindingStatus[] = ['confirmed', 'unverified', 'refuted'];
const severities: readonly FindingSeverity[] = ['critical', 'major', 'minor'];

/** What holds first, and of that the worst; what was refuted last. */
export function sortFindings<Kind extends Finding>(findings: readonly Kind[]): Kind[] {
  return findings.toSorted((a, b) => rank(a) - rank(b));
}

function rank({ status, severity }: Finding): number {
  return statuses.indexOf(status) * severities.length + severities.indexOf(severity);
}
