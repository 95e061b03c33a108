import type { Finding, FindingSeverity, FindingStatus } from '../model/finding.ts';

const statuses: readonly FindingStatus[] = ['confirmed', 'unverified', 'fixed', 'refuted'];
const severities: readonly FindingSeverity[] = ['critical', 'major', 'minor'];

/** What holds first, and of that the worst; then what a person is to decide; what was refuted last. */
export function sortFindings<Kind extends Finding>(findings: readonly Kind[]): Kind[] {
  return findings.toSorted((a, b) => rank(a) - rank(b));
}

function rank({ status, severity, isForPerson }: Finding): number {
  const place = status === 'unverified' && isForPerson ? 1 : statuses.indexOf(status) * 2;
  return place * severities.length + severities.indexOf(severity);
}
