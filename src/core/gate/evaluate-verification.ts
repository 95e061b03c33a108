import { isGreen, isPassed } from '../model/result.ts';
import type { Run } from '../model/run.ts';
import { quoteCode } from '../reply/quote-inline.ts';
import { isPassable } from './is-passable.ts';
import { closed, open, type Verdict, waiting } from './verdict.ts';

/** Whether what was verified is green, on the base that people would merge it into. Green comes only from commands that ran. */
export function evaluateVerification(run: Run): Verdict {
  const { verification } = run;
  if (!verification) return waiting('verification', 'Nothing was verified yet.');
  const target = run.pullRequest?.baseBranch;
  if (target !== undefined && target !== run.base.branch) {
    return closed(
      'verification',
      'action_required',
      `The verdict is for the base ${quoteCode(run.base.branch)}; the pull request now goes into ${quoteCode(target)}.`,
    );
  }
  const { commands } = verification.report;
  if (commands.length === 0)
    return closed('verification', 'action_required', 'No verify command ran, so nothing is known.');
  const base = quoteCode(run.base.branch);
  if (run.landedOn !== undefined && run.state.kind !== 'merged')
    return waiting('verification', `${base} holds this head already: it was merged, and GitHub has not told that yet.`);
  // What is red stays that, whatever its base is now.
  const moved = isPassable(run) && run.policy.baseMoved !== 'keep' ? run.baseMoved : undefined;
  if (moved && run.state.kind !== 'merged')
    return waiting(
      'verification',
      `The verdict is for base ${verification.key.base}; ${base} has moved to ${moved.to}.`,
    );
  if (isGreen(verification.report)) {
    return open(
      'verification',
      `${commands.length} verify ${commands.length === 1 ? 'command' : 'commands'} passed on the merged tree.`,
    );
  }
  const red = commands.find((command) => !isPassed(command));
  return closed('verification', 'failure', `${quoteCode(red?.command ?? 'verify')} failed on the merged tree.`);
}

/** What is red can be let pass, and what nobody knows cannot: it is a part of its own. */
export function evaluateUnrun({ verification, policy }: Run): Verdict[] {
  const { commands } = verification?.report ?? { commands: [] };
  const last = commands.at(-1);
  const left = policy.verify.filter((one) => !commands.some(({ command }) => command === one));
  if (!last || left.length === 0) return [];
  const names = left.map((one) => quoteCode(one)).join(', ');
  const why = isPassed(last) ? '' : ` after ${quoteCode(last.command)} failed`;
  return [closed('unrun commands', 'timed_out', `${names} did not run${why}.`)];
}
