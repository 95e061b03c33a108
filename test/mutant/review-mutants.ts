// Guards of the review before the merge, each taken away.
import type { Mutant } from './store-mutants.ts';

const run = 'test/core/run/review.test.ts';
const dismiss = 'test/core/run/dismiss.test.ts';
const fix = 'test/core/run/fix.test.ts';
const need = 'src/core/review/review-need.ts';

export const reviewMutants: readonly Mutant[] = [
  {
    name: 'a review holds for any change',
    suite: run,
    file: need,
    text: 'review.change === verification.change && ',
    replacement: '',
  },
  {
    name: 'what is verified is pushed before it was reviewed',
    suite: run,
    file: 'src/core/run/go-on-verified.ts',
    text: "isShown || run.policy.review?.push === 'after_review'",
    replacement: 'isShown',
  },
  {
    name: 'a review that did not happen opens the gate',
    suite: run,
    file: 'src/core/gate/evaluate-review.ts',
    text: "if (review.result.kind === 'missing')",
    replacement: "if (review.result.kind === 'missing' && review.plan.reviewers.length === 0)",
  },
  {
    name: 'something confirmed shuts no gate',
    suite: run,
    file: 'src/core/review/list-blocking.ts',
    text: "status === 'confirmed' && blocking.includes(severity)",
    replacement: "status === 'refuted' && blocking.includes(severity)",
  },
  {
    name: 'a claim counts as confirmed without evidence',
    suite: 'test/core/review',
    file: 'src/core/review/settle-findings.ts',
    text: "if (after?.kind !== 'holds') return",
    replacement: "if (after && after.kind !== 'holds') return",
  },
  {
    name: 'what is not the head any more is reviewed to its end',
    suite: run,
    file: 'src/core/run/decide-reviewing.ts',
    text: "state.phase === 'judging' && head !== run.verification?.key.head",
    replacement: "state.phase === 'judging' && head === undefined",
  },
  {
    name: 'a finding is gone because somebody says so',
    suite: 'test/core/review',
    file: 'src/core/review/settle-earlier.ts',
    text: "if (mistake?.kind === 'fails' && !mistake.isUnseen)",
    replacement: "if (mistake?.kind !== 'holds')",
  },
  {
    name: 'what a round made is pushed whatever is left',
    suite: fix,
    file: 'src/core/run/fix-round.ts',
    text: 'return after < round.before',
    replacement: 'return after <= round.before',
  },
  {
    name: 'what a round made is pushed without being checked',
    suite: fix,
    file: 'src/core/run/fix-round.ts',
    text: "if (review?.result.kind === 'missing') return",
    replacement: "if (review?.result.kind === 'missing' && !run.policy.review) return",
  },
  {
    name: 'a round is pushed before its review where the settings push first',
    suite: fix,
    file: 'src/core/run/go-on-verified.ts',
    text: ' || isRoundUnseen(run);',
    replacement: ';',
  },
  {
    name: 'a round that was dropped leaves its review behind',
    suite: fix,
    file: 'src/core/run/fix-round.ts',
    text: 'if (round.review) run.review = round.review;',
    replacement: '',
  },
  {
    name: 'rounds begin by themselves after one that was in vain',
    suite: fix,
    file: 'src/core/run/start-round.ts',
    text: "return end?.kind === 'pushed' && after < before;",
    replacement: 'return end !== undefined && after <= before;',
  },
  {
    name: 'whoever started a run dismisses what keeps its gate shut',
    suite: dismiss,
    file: 'src/core/run/request-dismiss.ts',
    text: 'if (actor.id === run.startedBy.id)',
    replacement: 'if (actor.id === run.startedBy.id && finding.id === undefined)',
  },
  {
    name: 'what was dismissed stays so, whatever becomes of its lines',
    suite: dismiss,
    file: 'src/core/run/take-verification.ts',
    text: 'voidDismissals(draft, run, outcome.voided ?? []);',
    replacement: 'voidDismissals(draft, run, []);',
  },
  {
    name: 'what a change takes from its checks is let through by whoever blocks it',
    suite: 'test/core/gate/evaluate-checks.test.ts',
    file: 'src/core/gate/apply-overrides.ts',
    text: "'weakened checks': ['action_required'],",
    replacement: "'weakened checks': ['action_required', 'failure'],",
  },
  {
    name: "the base's tests that end with 0 and say nothing are a success",
    suite: 'test/core/gate/evaluate-checks.test.ts',
    file: 'src/core/gate/evaluate-checks.ts',
    text: 'passed >= alone.passed',
    replacement: 'passed <= alone.passed',
  },
  {
    name: "the base's tests that are killed are no failure",
    suite: 'test/core/gate/evaluate-checks.test.ts',
    file: 'src/core/gate/evaluate-checks.ts',
    text: 'if (red || !isGreen(seen.report))',
    replacement: "if (red?.exit.kind === 'exited')",
  },
  {
    name: 'what a cut leaves out of a change is no sign',
    suite: 'test/core/gate/list-weakened.test.ts',
    file: 'src/core/gate/list-weakened.ts',
    text: '(!known || known.isCut === true)',
    replacement: 'known?.isCut === true',
  },
  {
    name: "the base's tests are run by the scripts of the change",
    suite: 'test/core/gate/restore-scripts.test.ts',
    file: 'src/core/gate/restore-scripts.ts',
    text: "const keys = ['scripts', ",
    replacement: 'const keys = [',
  },
  {
    name: 'a test file that is gone is no sign',
    suite: 'test/core/gate/list-weakened.test.ts',
    file: 'src/core/gate/list-weakened.ts',
    text: "const isGone = status === 'deleted'",
    replacement: "const isGone = status === 'gone'",
  },
  {
    name: 'a thread is resolved again whenever something is shown',
    suite: 'test/engine/present-remarks.test.ts',
    file: 'src/core/reply/render-remarks.ts',
    text: '.filter(({ state, shown }) => state !== shown)',
    replacement: ".filter(({ state }) => state !== 'open')",
  },
  {
    name: 'the thread of somebody else is resolved',
    suite: 'test/engine/present-remarks.test.ts',
    file: 'src/engine/present-remarks.ts',
    text: '.filter(({ isOurs }) => isOurs)',
    replacement: '',
  },
];
