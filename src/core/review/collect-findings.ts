// What a review comes to: what its steps reported, as the last of them judged it. Nobody's word makes a finding confirmed
// that was not checked by a step after the one that reported it.
import type { Finding, FindingStatus } from '../model/finding.ts';
import { isForPeople } from './list-blocking.ts';
import { type Earlier, isOpen } from './open-findings.ts';
import { type Claim, parseFindings } from './parse-findings.ts';
import { toClaim } from './review-workflow.ts';
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

/** What was confirmed before, and what the last step says of it now. */
export interface Judged {
  readonly earlier: Finding;
  readonly said: Pick<Finding, 'status' | 'evidence'>;
}

export interface Collected {
  /** What is new, each with what whoever judged it names as its evidence. */
  readonly findings: readonly Finding[];
  /** Every earlier one that was claimed again: none of them is ever left out for what is new. */
  readonly again: readonly Judged[];
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
/**
 * What people are to decide stays until they do, and costs whoever claims it nothing. What is confirmed needs no such limit: a
 * review counts only where one answer judged each claim, the earlier ones too, and no answer holds more than a hundred.
 */
const undecidedAtMost = 100;

export function collectFindings(
  answers: readonly StepAnswer[],
  { claimed: before, undecided }: Earlier = { claimed: [], undecided: [] },
): Collected {
  const lists = answers.flatMap((answer) => {
    const list = parseFindings(answer.text);
    return list ? [{ ...answer, ...list }] : [];
  });
  const last = Math.max(...answers.map(({ stage }) => stage));
  const listed = lists.flatMap(({ step, stage, claims }) => claims.map((claim) => ({ step, stage, claim })));
  const reported = listed.filter(({ stage }) => stage < last);
  const verdicts = listed.filter(({ stage }) => stage === last);
  const claimed = [...before.map(toClaim), ...reported.map(({ claim }) => claim)];
  const used = new Set<Claim>();
  let unjudged = 0;
  const judge = (claim: Claim) => {
    const said = verdicts.map((one) => one.claim);
    const verdict = findVerdict(claim, said, claimed);
    if (verdict) used.add(verdict);
    else unjudged += 1;
    const { status = 'unverified', why, evidence } = verdict ?? {};
    return { status, why, ...(evidence ? { evidence } : {}) };
  };
  const again = before.map((earlier): Judged => {
    const { why: _, ...said } = judge(toClaim(earlier));
    return { earlier, said };
  });
  const findings = reported.map(({ step, claim }): Finding => {
    const { status: said, why, ...shown } = judge(claim);
    // Only what was confirmed before can be gone.
    const status = said === 'fixed' ? 'refuted' : said;
    return { ...toFinding(claim, { by: step, status, why }), ...shown };
  });
  // What only the last step says was checked by nobody after it.
  for (const { step, claim } of verdicts) {
    if (!used.has(claim)) findings.push(toFinding(claim, { by: step, status: 'unverified', why: claim.why }));
  }
  const fresh = dropRepeats(findings, [...before, ...undecided].map(toClaim));
  const kept = keepWorst(fresh, undecidedAtMost - undecided.length);
  return {
    findings: kept,
    again,
    omitted: fresh.length - kept.length,
    unjudged,
    isListed: lists.length > 0,
    unread: lists.reduce((sum, { unread }) => sum + unread, 0),
    unheard: answers
      .filter(({ step, isAsked, isCutShort }) => isCutShort || (isAsked && !lists.some((list) => list.step === step)))
      .map(({ step }) => step),
  };
}

/** `room`: how many of them people may be asked to decide. */
function keepWorst(findings: readonly Finding[], room: number): Finding[] {
  const sorted = sortFindings(findings);
  const asked = new Set(sorted.filter(isForPeople).slice(0, Math.max(0, room)));
  const fitting = sorted.filter((finding) => !isForPeople(finding) || asked.has(finding));
  // What is confirmed, or wants a person, is never among those that are only counted.
  return fitting.slice(0, Math.max(findingsAtMost, fitting.filter(isOpen).length));
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

/** Also of what is known already, which stays what it is. */
function dropRepeats(findings: readonly Finding[], known: readonly Claim[]): Finding[] {
  const toKey = ({ path, line, what }: Claim | Finding) => JSON.stringify([path, line, what]);
  const seen = new Set(known.map(toKey));
  return findings.filter((finding) => !seen.has(toKey(finding)) && seen.add(toKey(finding)));
}
