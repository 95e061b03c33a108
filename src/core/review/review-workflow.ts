// How a run's own work is reviewed, as a workflow like any other: one reader for each focus, none of which sees what the
// others or the builders say, and one that tries to refute each claim and sees nothing but the claims.
import type { Finding } from '../model/finding.ts';
import type { ReviewFocus, ReviewPlan } from '../model/review.ts';
import type { Workflow } from '../resource/resource.ts';
import { fence } from '../sanitise/fence.ts';
import { type Claim, parseFindings } from './parse-findings.ts';

export const checkStep = 'check';

const focuses: Record<ReviewFocus, { readonly role: string; readonly text: string }> = {
  correctness: {
    role: 'reviewer',
    text: 'Look for wrong results and bad assumptions: cases that are not handled, values that cannot be what is assumed, errors that go unseen, callers that were not changed with what they call.',
  },
  concurrency: {
    role: 'reviewer',
    text: 'Look at what happens at the same time, twice, late or half-way dead: races, order, resources that are not given back, work that goes on after its end.',
  },
  tests: {
    role: 'reviewer',
    text: 'Look at the tests: those that assert nothing or cannot fail, those that were removed, skipped or weakened, thresholds that were lowered, and behaviour that was changed and that nothing tests.',
  },
  security: {
    role: 'security-reviewer',
    text: 'Look for ways to abuse it: input that is trusted, paths and commands that are put together from it, secrets, rights that are not checked.',
  },
  simplification: {
    role: 'reviewer',
    text: 'Look for what need not be there: code that exists elsewhere already, that nothing uses, or that could be far simpler. Such a finding is minor.',
  },
};

/** `since`: what differs from the head that the earlier findings are of, where it is one head. */
export function toReviewWorkflow(
  { reviewers, paths }: ReviewPlan,
  earlier: readonly Finding[] = [],
  since?: string,
): Workflow {
  const sections = reviewers.map((focus) => renderFocus(focus, paths));
  const claims = reviewers.map((focus) => `{output:${focus}}`);
  const before =
    earlier.length === 0 ? [] : [stillThere, fence(renderList(earlier.map(toClaim))), ...renderSince(since)];
  const check = [`## ${checkStep}`, checking, ...claims, ...before].join('\n\n');
  const usual = { verify: false, skills: ['findings'] };
  return {
    name: 'gate-review',
    description: 'Reviews what a run made before it is offered.',
    enabled: true,
    triggers: { labels: [], words: [] },
    workspace: 'single',
    concurrency: 2,
    approval: 'never',
    steps: [
      ...reviewers.map((focus) => ({ id: focus, role: focuses[focus].role, parallel: 'reviews', ...usual })),
      { id: checkStep, role: 'verifier', ...usual },
    ],
    body: ['{task}', ...sections, check].join('\n\n'),
  };
}

/** The section of one reader. `paths`: where to look first. */
export function renderFocus(focus: ReviewFocus, paths: readonly string[]): string {
  const first = paths.length > 0 ? `Look first at: ${paths.join(', ')}.` : '';
  return [`## ${focus}`, focuses[focus].text, first, forPerson].filter((part) => part !== '').join('\n\n');
}

const forPerson =
  'Where there is no mistake and a person has to decide all the same, such as about a promise to users, say so as an item ' +
  'with `"person": true`.';

const checking = [
  'Check these claims one by one, and say of each whether it is confirmed, refuted, or unverified because you could not tell.',
  'What you confirm needs evidence, which is looked at before anybody believes it. Give each confirmed item one of these:',
  '`"evidence": {"kind": "trace", "path": "src/a.ts", "from": 10, "to": 12, "quote": "text of these lines that shows it"}`, or',
  '`"evidence": {"kind": "command", "command": "one shell line that exits with 0 only if the mistake is there", "output": "text that it prints"}`.',
].join('\n');

const stillThere = [
  'These were confirmed of the change before this one: check each of them again, and say whether it is still there (`confirmed`) or',
  'gone (`fixed`). That it is gone needs evidence as well, which is looked at on both commits: lines of what mends it, which were',
  'not there before, or a command that exits with 0 only now that it is mended. Without that it counts as still there.',
].join('\n');

function renderSince(since: string | undefined): string[] {
  return since === undefined ? [] : ['This is what was changed since then:', fence(since)];
}

/** What was confirmed before is claimed again, as a reviewer would: whether it is mended is for whoever checks. */
export function toClaim({ severity, path, line, what, how }: Finding): Claim {
  // Older records hold text that was cut at a space, which nobody repeats.
  return { severity, path, line, what: what.trim(), how };
}

/** Where nobody claims anything there is nothing to check. */
export function hasClaims(answer: string): boolean {
  return (parseFindings(answer)?.claims.length ?? 0) > 0;
}

/** What the one who checks is shown of a reviewer: the claims, and nothing that was thought on the way to them. */
export function renderClaims(answer: string): string {
  return renderList(parseFindings(answer)?.claims ?? []);
}

function renderList(claims: readonly Claim[]): string {
  const list = claims.map(({ severity, path, line, what, how, person }) => ({
    severity,
    path,
    ...(line === undefined ? {} : { line }),
    what,
    ...(how === undefined ? {} : { how }),
    ...(person ? { person } : {}),
  }));
  return list.length === 0 ? '(no claim)' : JSON.stringify(list);
}
