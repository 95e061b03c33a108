// What a review comes to: what its steps reported, as the last of them judged it. Nobody's word makes a finding confirmed
// that was not checked by a step after the one that reported it.
import type { Finding, FindingStatus } from '../model/finding.ts';
import { type Claim, parseFindings } from './parse-findings.ts';
import { earlierStep } from './review-workflow.ts';
import { sortFindings } from './sort-findings.ts';

/** The skill that tells an agent how findings are written down. */
export const findingsSkill = 'findings';

export interface StepAnswer {
  readonly step: string;
  /** Steps of one stage do not see one another's answers. */
  readonly stage: number;
  readonly text: string;
  /** It was told how findings are written down. */
  readonly isAsked: boolean;
  /** It was ended before it was done. */
  readonly isCutShort: boolean;
}

export interface Collected {
  /** Each with what whoever judged it names as its evidence. */
  readonly findings: readonly Finding[];
  /** How many there are besides. */
  readonly omitted: number;
  /** Whether a list was given at all: without one, only the words of the report say what was found. */
  readonly isListed: boolean;
  /** Entries of the lists that could not be read, or were too many. */
  readonly unread: number;
  /** Claims of which the last step said nothing, or nothing that is of them alone. */
  readonly unjudged: number;
  /** Steps that were to list what they found and gave no list, or were ended before they were done. */
  readonly unheard: readonly string[];
}

const findingsAtMost = 30;

export function collectFindings(answers: readonly StepAnswer[]): Collected {
  const lists = answers.flatMap((answer) => {
    const list = parseFindings(answer.text);
    return list ? [{ ...answer, ...list }] : [];
  });
  const last = Math.max(...answers.map(({ stage }) => stage));
  const reported = lists.filter(({ stage }) => stage < last);
  const judged = lists.filter(({ stage }) => stage === last);
  const verdicts = judged.flatMap(({ step, claims }) => claims.map((claim) => ({ step, claim })));
  const used = new Set<Claim>();
  let unjudged = 0;
  const claimed = reported.flatMap(({ claims }) => claims);
  const findings = reported.flatMap(({ step, claims }) =>
    claims.map((claim): Finding => {
      const verdict = findVerdict(
        claim,
        verdicts.map((one) => one.claim),
        claimed,
      );
      if (verdict) used.add(verdict);
      else unjudged += 1;
      const { status: said = 'unverified', why, evidence } = verdict ?? {};
      // Only what was confirmed before can be gone.
      const status = said === 'fixed' && step !== earlierStep ? 'refuted' : said;
      return { ...toFinding(claim, { by: step, status, why }), ...(evidence ? { evidence } : {}) };
    }),
  );
  // What only the last step says was checked by nobody after it.
  for (const { step, claim } of verdicts) {
    if (!used.has(claim)) findings.push(toFinding(claim, { by: step, status: 'unverified', why: claim.why }));
  }
  const sorted = sortFindings(dropRepeats(findings));
  // What is confirmed, or wants a person, is never among those that are only counted.
  const least = sorted.filter(({ status, isForPerson }) => status === 'confirmed' || isForPerson).length;
  const kept = sorted.slice(0, Math.max(findingsAtMost, least));
  return {
    findings: kept,
    omitted: sorted.length - kept.length,
    unjudged,
    isListed: lists.length > 0,
    unread: lists.reduce((sum, { unread }) => sum + unread, 0),
    unheard: answers
      .filter(({ step, isAsked, isCutShort }) => isCutShort || (isAsked && !lists.some((list) => list.step === step)))
      .map(({ step }) => step),
  };
}

/**
 * What was said of exactly this claim. One that was put in other words is known by its place, where nothing else was
 * claimed there and nothing else said; a whole file is no place.
 */
function findVerdict(claim: Claim, verdicts: readonly Claim[], claimed: readonly Claim[]): Claim | undefined {
  const here = verdicts.filter((one) => isSamePlace(one, claim));
  const same = here.filter(({ what }) => what === claim.what);
  const found = same.length > 0 ? same : claim.line === undefined || isShared(claim, claimed) ? [] : here;
  const [first, ...others] = found;
  // Two that contradict each other settle nothing, and neither do two about one place.
  return others.length === 0 || (same.length > 0 && others.every(({ status }) => status === first?.status))
    ? first
    : undefined;
}

function isShared(claim: Claim, claimed: readonly Claim[]): boolean {
  return claimed.some((other) => isSamePlace(other, claim) && other.what !== claim.what);
}

function isSamePlace(a: Claim, b: Claim): boolean {
  return a.path === b.path && a.line === b.line;
}

function toFinding(
  { severity, path, line, what, how, person }: Claim,
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
    ...(person ? { isForPerson: true } : {}),
  };
}

function dropRepeats(findings: readonly Finding[]): Finding[] {
  const seen = new Set<string>();
  return findings.filter(({ path, line, what }) => {
    const key = JSON.stringify([path, line, what]);
    return !seen.has(key) && seen.add(key);
  });
}
