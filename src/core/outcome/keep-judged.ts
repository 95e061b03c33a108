// What became of each finding of a run, over all of its reviews: a newer one says nothing any more of what an earlier one
// refuted, saw to be mended or left to a person.
import type { Finding } from '../model/finding.ts';
import type { Run } from '../model/run.ts';
import type { JudgedFinding } from '../model/run-outcome.ts';

const judgedKept = 200;
const charsKept = 100;

export function keepJudged(run: Run, findings: readonly Finding[]): void {
  run.judged = addJudged(run.judged ?? [], findings).slice(-judgedKept);
}

/** What was seen last is what it came to. */
export function addJudged(judged: readonly JudgedFinding[], findings: readonly Finding[]): JudgedFinding[] {
  const all = new Map(judged.map((one) => [one.claim, one]));
  for (const finding of findings) {
    const claim = toClaim(finding);
    // What was mended had been confirmed before.
    const came = finding.status === 'fixed' ? 'confirmed' : finding.status;
    all.set(claim, { claim, by: finding.by, came });
  }
  return [...all.values()];
}

/** By place and words: what was refuted has no name. One that is claimed again keeps its first reporter. */
export function toClaim({ by, path, line, what }: Finding): string {
  return `${by} ${path}:${line ?? ''} ${what}`.slice(0, charsKept);
}
