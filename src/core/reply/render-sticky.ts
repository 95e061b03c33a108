import { evaluateGate } from '../gate/evaluate-gate.ts';
import { type Run, toPhase } from '../model/run.ts';
import { cutOnStructure } from '../sanitise/cut-on-structure.ts';
import { renderHeadline } from './headline.ts';
import { joinSections } from './join-sections.ts';
import { quoteCode, quoteInline } from './quote-inline.ts';
import { renderAcceptance, renderItems } from './render-acceptance.ts';
import { toPlanId } from './render-awaiting.ts';
import { renderBoundaries } from './render-boundaries.ts';
import { renderCause } from './render-cause.ts';
import { renderChecksSection } from './render-checks.ts';
import { renderDenials } from './render-denials.ts';
import { renderExposure } from './render-exposure.ts';
import { renderFailedAttempt } from './render-failed-attempt.ts';
import { renderFindings } from './render-findings.ts';
import { renderFixes } from './render-fixes.ts';
import { renderInstructions } from './render-instructions.ts';
import { renderLearnings } from './render-learnings.ts';
import { renderNetwork } from './render-network.ts';
import { renderPlan } from './render-plan.ts';
import { renderQuestions } from './render-questions.ts';
import { renderReview } from './render-review.ts';
import { renderRoute } from './render-route.ts';
import { renderSpent } from './render-spent.ts';
import { renderSpentOn } from './render-spent-on.ts';
import { renderSteps } from './render-steps.ts';
import { renderInput } from './render-strangers.ts';
import { renderVerdict } from './render-verdict.ts';
import { renderVerification } from './render-verification.ts';

/** However long the story is, what follows it is there: GitHub takes 65,536 characters. */
const storyChars = 40_000;

/**
 * The one comment of a thread that is edited in place: where things stand, why, and what comes next. On the pull
 * request the story is in its body, so there only what changes from now on is told.
 */
export function renderSticky(run: Run, thread: number): string {
  const isOnPull = thread === run.pullRequest?.number;
  return joinSections([
    `## Gatepilot · run ${run.id}`,
    renderHeadline(run),
    renderExposure(run.policy.sandbox),
    renderReplan(run),
    renderRefusal(run),
    isOnPull ? '' : cutOnStructure(joinSections(renderStory(run)), storyChars),
    !isOnPull && run.verification ? `### Verification\n\n${renderVerification(run.verification)}` : '',
    renderChecksSection(run.verification),
    renderReview(run),
    renderFixes(run),
    run.pullRequest ? `### Gate\n\n${renderVerdict(evaluateGate(run))}` : '',
    renderFooter(run),
    isOnPull ? '' : renderItems(run),
  ]);
}

function renderStory(run: Run): string[] {
  return [
    renderFindings(run),
    renderRoute(run),
    renderPlan(run),
    renderQuestions(run),
    renderInstructions(run.instructions),
    renderDenials(run),
    renderSteps(run),
    renderNetwork(run),
    renderSpentOn(run),
    renderBoundaries(run),
    renderLearnings(run),
    renderAcceptance(run),
    renderFailures(run),
    renderSessions(run),
  ];
}

/** Why the plan is another one than people may have seen and approved. */
function renderReplan({ replans = [] }: Run): string {
  const newest = replans.at(-1);
  if (!newest) return '';
  if (newest.why === 'pilot')
    return `> The gate pilot gave up plan \`${toPlanId(newest.plan)}\`: ${quoteInline(newest.reason ?? '', 400)} What is merged stays, and the rest is planned again.`;
  if (newest.why === 'denied')
    return `> Plan \`${toPlanId(newest.plan)}\` was denied: "${quoteInline(newest.reason ?? '', 400)}". The planner is told that, and what is posted next waits for an approval of its own.`;
  return `> The issue was edited after plan \`${toPlanId(newest.plan)}\` was made: it is planned again, and an approval of that plan does not count any more.`;
}

function renderRefusal(run: Run): string {
  const refusal = run.mergeRefusal;
  if (!refusal) return '';
  if (refusal.kind === 'head_moved' || refusal.kind === 'base_moved') {
    const what = refusal.kind === 'head_moved' ? 'head' : 'base';
    return `> **The merge was refused:** the verdict is for ${what} \`${refusal.expected}\`, and the ${what} is now \`${refusal.actual}\`. It is verified anew; ask again when the gate is open.`;
  }
  if (refusal.kind === 'settings_moved')
    return '> **The merge was refused:** the settings are others than those that the verdict was made by. It is verified anew; ask again when the gate is open.';
  return refusal.kind === 'refused' ? `> **The merge was refused:** ${quoteInline(refusal.why, 400)}` : '';
}

function renderFailures(run: Run): string {
  const lines = run.tasks.flatMap((task) =>
    task.attempts.flatMap((attempt) => {
      const failure = renderFailedAttempt(attempt);
      return failure === undefined ? [] : [`- ${quoteCode(task.key)} attempt ${attempt.number}: ${failure}`];
    }),
  );
  if (lines.length === 0) return '';
  return `<details><summary>Failed attempts (${lines.length})</summary>\n\n${lines.join('\n')}\n\n</details>`;
}

/** An agent that was hurried, cut off or had to begin its conversation anew: whoever reads the result should know. */
function renderSessions(run: Run): string {
  const lines = run.tasks.flatMap((task) =>
    task.attempts.flatMap(({ number, phases = [], cutShort }) => {
      if (phases.length === 0) return [];
      const steps = phases.map((phase) => phase.replaceAll('_', ' ')).join(', then ');
      return [`- ${quoteCode(task.key)} attempt ${number}: ${steps}.${cutShort ? ` ${renderCause(cutShort)}` : ''}`];
    }),
  );
  if (lines.length === 0) return '';
  return `<details><summary>Inside the agents' sessions (${lines.length})</summary>\n\n${lines.join('\n')}\n\n</details>`;
}

function renderFooter(run: Run): string {
  const pull = run.pullRequest ? ` · pull request #${run.pullRequest.number}` : '';
  const input = run.plan ? ` · ${renderInput(run.plan.input)}` : '';
  const mistakes = run.policyMistakes
    .map((mistake) => `\n- \`.github/gatepilot.yml\`: ${quoteInline(mistake, 300)}`)
    .join('');
  const next =
    run.state.kind === 'ready' && evaluateGate(run).state.kind === 'open'
      ? `\n\nNext: \`/${run.policy.slash} merge\``
      : '';
  return `<sub>base ${quoteCode(run.base.branch)} at \`${run.base.sha.slice(0, 10)}\`${pull}${input} · ${renderSpent(run)} · \`/${run.policy.slash} help\`${renderStop(run)}</sub>${mistakes}${next}`;
}

/** The button for it is on the check, for which there has to be a pull request. */
function renderStop({ state, pullRequest, policy }: Run): string {
  const isAtWork = toPhase(state) === 'working' && state.kind !== 'stopping';
  return isAtWork && !pullRequest ? ` · \`/${policy.slash} stop\` ends it` : '';
}
