import type { Run } from '../model/run.ts';
import { listOpenQuestions } from '../question/list-questions.ts';
import { quoteCode, quoteName } from '../reply/quote-inline.ts';
import { wayOn } from '../reply/way-on.ts';
import { closed, open, type Verdict, waiting } from './verdict.ts';

/** Whether the run itself has come to an end that a merge may build on. */
export function evaluateProgress(run: Run): Verdict {
  const { state } = run;
  switch (state.kind) {
    case 'planning':
    case 'executing':
      return waiting(
        'run',
        listOpenQuestions(run).length === 0
          ? 'The run is still working.'
          : 'The run is still working, and asks people something.',
      );
    case 'needs_input':
      return closed(
        'run',
        'action_required',
        'An agent asked people something, and nothing goes on without an answer.',
      );
    case 'reviewing':
      if (state.phase === 'resolving') return waiting('run', 'What conflicts is being resolved.');
      if (state.phase === 'judging') return waiting('run', 'What would be merged is being reviewed.');
      return waiting(
        'run',
        state.follows
          ? `${toSentence(tellWhatMoved(run))}, and what a merge would give now is being verified.`
          : 'The newest head is being verified.',
      );
    case 'awaiting_approval':
      return closed('run', 'action_required', 'The plan waits for an approval.');
    case 'paused':
      if (run.proposal)
        return closed('run', 'action_required', 'The gate pilot wants to end the run, and people are asked.');
      if (state.wants === 'override')
        return closed('run', 'action_required', 'Protected paths are not pushed before a maintainer overrides that.');
      if (state.lookAt !== undefined)
        return waiting(
          'run',
          state.cause?.kind === 'budget'
            ? `The run is paused by the limit "${state.cause.limit}" and goes on by itself.`
            : 'The run is paused by an outage and looks again by itself.',
        );
      return closed(
        'run',
        'action_required',
        `The run is paused by ${state.cause ? 'an outage' : quoteName(state.by)}; it goes on when somebody resumes it.`,
      );
    case 'stopping':
    case 'stopped':
      return closed('run', 'cancelled', `The run was stopped by ${quoteName(state.by)}.`);
    case 'failed':
      if (state.cause.kind === 'budget')
        return closed('run', 'action_required', `The run ended by the limit "${state.cause.limit}".`);
      return state.cause.kind === 'deadline' || state.cause.kind === 'infrastructure'
        ? closed('run', 'timed_out', 'The run did not come to an end: its verdict did not happen.')
        : closed('run', 'failure', 'The run failed.');
    case 'reported':
      return closed('run', 'action_required', 'The run only read: it made nothing that could be merged.');
    case 'superseded':
      return closed('run', 'cancelled', `The run was superseded by ${state.head.slice(0, 10)}.${tellWayOn(run)}`);
    case 'closed':
      return closed('run', 'cancelled', `The pull request was closed by ${quoteName(state.by)}.${tellWayOn(run)}`);
    case 'ready':
    case 'merging':
    case 'merged':
      return open('run', 'The run is complete.');
  }
}

function toSentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Why a verdict is made anew that nobody asked for. */
export function tellWhatMoved({ base, baseMoved, settingsMoved }: Run): string {
  const branch = quoteCode(base.branch);
  return settingsMoved && !baseMoved ? `the settings of ${branch} have changed` : `${branch} has moved`;
}

/** Where somebody waits for a verdict that does not come: it is open, or another one has its head. */
function tellWayOn({ pullRequest }: Run): string {
  const isOpen = pullRequest?.state === 'open' || (pullRequest?.sharers ?? []).length > 0;
  return isOpen ? ` ${wayOn}` : '';
}
