// What a review comes to: what its steps reported, as the last of them judged it. Nobody's word makes a finding confirmed
// that was not checked by a step after the one that reported it.
import type { Finding, FindingSeverity, FindingStatus } from '../model/finding.ts';
import { type Claim, parseFindings } from './parse-findings.ts';

export interface StepAnswer {
  readonly step: string;
  /** Steps of one stage do not see one another's answers. */
  readonly stage: number;
  readonly text: string;
}

export interface Collected {
  readonly findings: readonly Finding[];
  /** How many there are besides. */
  readonly omitted: number;
  /** Whether a list was given at all: without one, only the words of the report say what was found. */
  readonly isListed: boolean;
}

const findingsAtMost = 30;

export function collectFindings(answers: readonly StepAnswer[]): Collected {
  const lists = answers.flatMap((answer) => {
    const claims = parseFindings(answer.text);
    return claims ? [{ ...answer, claims }] : [];
  });
  const last = Math.max(...answers.map(({ stage }) => stage));
  const reported = lists.filter(({ stage }) => stage < last);
  const judged = lists.filter(({ stage }) => stage === last);
  const verdicts = judged.flatMap(({ step, claims }) => claims.map((claim) => ({ step, claim })));
  const used = new Set<Claim>();
  const findings = reported.flatMap(({ step, claims }) =>
    claims.map((claim): Finding => {
      const verdict = verdicts.find((one) => isAbout(one.claim, claim))?.claim;
      if (verdict) used.add(verdict);
      return toFinding(claim, { by: step, status: verdict?.status ?? 'unverified', why: verdict?.why });
    }),
  );
  // What only the last step says was checked by nobody after it.
  for (const { step, claim } of verdicts) {
    if (!used.has(claim)) findings.push(toFinding(claim, { by: step, status: 'unverified', why: claim.why }));
  }
  const sorted = dropRepeats(findings).toSorted((a, b) => rank(a) - rank(b));
  return {
    findings: sorted.slice(0, findingsAtMost),
    omitted: Math.max(0, sorted.length - findingsAtMost),
    isListed: lists.length > 0,
  };
}

/** Two steps may report one thing in their own words; a verdict on its place is about both. */
function isAbout(verdict: Claim, claim: Claim): boolean {
  return verdict.path === claim.path && verdict.line === claim.line;
}

function toFinding(
  { severity, path, line, what, how }: Claim,
  { by, status, why }: { by: string; status: FindingStatus; why: string | undefined },
): Finding {
  return {
    severity,
    path,
    ...(line === undefined ? {} : { line }),
    what,
    ...(how === undefined ? {} : { how }),
    status,
    ...(why === undefined ? {} : { why }),
    by,
  };
}

function dropRepeats(findings: readonly Finding[]): Finding[] {
  const seen = new Set<string>();
  return findings.filter(({ path, line, what }) => {
    const key = JSON.stringify([path, line, what]);
    return !seen.has(key) && seen.add(key);
  });
}

const statuses: readonly FindingStatus[] = ['confirmed', 'unverified', 'refuted'];
const severities: readonly FindingSeverity[] = ['critical', 'major', 'minor'];

function rank({ status, severity }: Finding): number {
  return statuses.indexOf(status) * severities.length + severities.indexOf(severity);
}
