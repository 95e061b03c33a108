import { type Run, toPhase } from '../model/run.ts';
import { renderAwaiting } from '../reply/render-awaiting.ts';
import { renderDayHold } from '../reply/render-day.ts';
import { renderHeldBack } from '../reply/render-held-back.ts';
import { renderWaiting } from '../reply/render-questions.ts';
import { isDayOver } from './budget.ts';
import { adoptDayLimit, isOfDay } from './day-money.ts';
import { type Draft, note, settleReceipt } from './draft.ts';
import { isTriedByResume, planGoing } from './go-on.ts';
import { endHold } from './hold.ts';
import { isBetweenPlans } from './plan-anew.ts';
import { startAgain } from './start-again.ts';
import { forgetTroubles } from './trouble.ts';

/** `/pilot resume`: goes back to where a hold began; after a stop or a failure it goes on with what is not finished. */
export function requestResume(draft: Draft, receiptId: string, login: string): void {
  const { run } = draft.record;
  const settle = (state: 'done' | 'refused', reply: string) => settleReceipt(draft, receiptId, state, reply);
  if (!run) return settle('refused', 'No run was started here yet.');
  switch (run.state.kind) {
    case 'paused':
      if (run.state.wants === 'override') return settle('refused', renderHeldBack(run));
      if (run.state.cause && isOfDay(run.state.cause)) {
        adoptDayLimit(draft, run);
        if (isDayOver(draft, run)) return settle('refused', renderDayHold(run, run.state.cause));
      }
      note(draft, 'resume', `@${login} asked to go on`);
      forgetTroubles(run);
      endHold(draft, run, run.state);
      return settle('done', `Run ${run.id} goes on.`);
    case 'awaiting_approval':
      return settle('refused', renderAwaiting(run));
    case 'needs_input':
      return settle('refused', renderWaiting(run));
    case 'stopped':
    case 'failed':
      return resumeRested(draft, run, { receiptId, login });
    case 'ready':
      if (isBetweenPlans(run)) return resumeRested(draft, run, { receiptId, login });
      return settle('refused', `Run ${run.id} is complete; \`/${run.policy.slash} retry\` tries again what failed.`);
    case 'stopping':
      return settle('refused', `Run ${run.id} is being stopped; resume it when it has ended.`);
    default:
      if (toPhase(run.state) === 'final') return settle('refused', `Run ${run.id} is over for good.`);
      return resumeWorking(draft, run, { receiptId, login });
  }
}

/** A pause that has not taken hold yet is taken back. */
function resumeWorking(draft: Draft, run: Run, { receiptId, login }: { receiptId: string; login: string }): void {
  if (!run.pausing) return settleReceipt(draft, receiptId, 'done', `Run ${run.id} is at work; nothing holds it.`);
  note(draft, 'resume', `@${login} took the pause back`);
  delete run.pausing;
  forgetTroubles(run);
  settleReceipt(draft, receiptId, 'done', `Run ${run.id} goes on: the pause is taken back.`);
}

function resumeRested(draft: Draft, run: Run, { receiptId, login }: { receiptId: string; login: string }): void {
  const retried = new Set(run.tasks.filter((task) => isTriedByResume(run, task)).map(({ key }) => key));
  const going = planGoing(run, undefined, { retried, skipped: new Map(), by: login });
  startAgain(draft, run, {
    receiptId,
    login,
    going,
    sentence: `Run ${run.id} goes on with what is not finished.`,
    otherwise: `Nothing of run ${run.id} is left to go on with; \`/${run.policy.slash} retry\` tries again what failed.`,
  });
}
