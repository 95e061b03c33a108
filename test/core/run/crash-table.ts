// What the death of a worker leaves behind in every place of a run, and who heals it. The same rows are played by
// crash-table.test.ts and are the table of docs/recovery.md.
import type { WorldOfDecisions } from '../../support/world-of-decisions.ts';
import { comment } from './outcome.ts';
import * as history from './place.ts';

export interface Crash {
  readonly place: string;
  readonly make: () => WorldOfDecisions;
  /** The action whose holder dies; without one nobody works here, and every process dies. */
  readonly holder?: string;
  readonly leaves: string;
  readonly healer: 'redispatch' | 'settle' | 'removal' | 'deadline' | 'sweep' | 'turn' | 'command';
  readonly heals: string;
}

const again = 'Its lease runs out, and it is handed out again, at most four times in all.';
const bound = 'What the dead one may have spent counts as spent.';

export const crashes: readonly Crash[] = [
  {
    place: 'planning',
    make: history.planning,
    holder: 'plan',
    leaves: 'A begun plan, and perhaps a request to the model.',
    healer: 'redispatch',
    heals: `${again} ${bound}`,
  },
  {
    place: 'planning, after a plan was given up (task: merged or replaced)',
    make: history.planningAnew,
    holder: 'plan',
    leaves: 'A begun plan, and perhaps a request to the model; what was merged before is in the record.',
    healer: 'redispatch',
    heals: `${again} ${bound}`,
  },
  {
    place: 'executing, attempting, while the base is checked (task: pending)',
    make: history.checkingBaseline,
    holder: 'baseline',
    leaves: 'A begun check of the base; its sandbox dies with the worker.',
    healer: 'redispatch',
    heals: again,
  },
  {
    place: 'executing, attempting (task: running)',
    make: history.attempting,
    holder: 'attempt',
    leaves: 'A begun attempt; the sandbox and its agent die with the worker.',
    healer: 'redispatch',
    heals: `${again} ${bound} The attempt keeps its number, and begins anew: nothing of it was kept.`,
  },
  {
    place: 'executing, attempting (task: running, and kept)',
    make: history.attemptingKept,
    holder: 'attempt',
    leaves: 'A begun attempt, and the newest checkpoint of its session and its workspace.',
    healer: 'redispatch',
    heals: `${again} ${bound} Whoever takes it makes no step that was over, and resumes the session of the one that was not; with a checkpoint that is gone or damaged it begins anew. The attempt says which.`,
  },
  {
    place: 'executing, attempting (task: running, a review)',
    make: history.reading,
    holder: 'attempt',
    leaves: 'A begun look at one commit; its sandboxes die with the worker.',
    healer: 'redispatch',
    heals: `${again} ${bound} Exactly that commit is looked at anew, from the first step.`,
  },
  {
    place: 'executing, attempting (task: running, a repair)',
    make: history.repairing,
    holder: 'attempt',
    leaves: 'A begun repair; what was built is kept in the record.',
    healer: 'redispatch',
    heals: `${again} ${bound} It starts from the same two commits.`,
  },
  {
    place: 'executing, attempting (task: awaiting_amendment)',
    make: history.awaitingAmendment,
    holder: 'attempt',
    leaves: 'A begun attempt at the amendment; what waits for it is kept in the record.',
    healer: 'redispatch',
    heals: `${again} ${bound} However it ends, whoever waits is merged or told why not.`,
  },
  {
    place: 'executing, integrating (task: anchored)',
    make: history.integrating,
    holder: 'integrate',
    leaves: 'A begun merge, and the staging ref with what was merged so far.',
    healer: 'redispatch',
    heals: `${again} It goes on from the staging ref, or from the recorded commits where that is not, and no agent runs again.`,
  },
  {
    place: 'executing, accepting (task: anchored)',
    make: history.accepting,
    holder: 'acceptance',
    leaves: 'A begun review, and perhaps a request to the model; nothing of the batch has landed.',
    healer: 'redispatch',
    heals: `${again} ${bound} What was built and verified is reviewed, and no agent runs again.`,
  },
  {
    place: 'executing, boundary (task: failed, rolled back or pending)',
    make: history.atBoundary,
    holder: 'pilot',
    leaves: 'A begun question to the pilot.',
    healer: 'redispatch',
    heals: `${again} ${bound} Then the deterministic plan goes on.`,
  },
  {
    place: 'reviewing, verifying (task: merged)',
    make: history.verifying,
    holder: 'verify',
    leaves: 'A begun verification; its sandbox dies with the worker.',
    healer: 'redispatch',
    heals: again,
  },
  {
    place: 'reviewing, judging (task: merged)',
    make: history.judging,
    holder: 'review',
    leaves: 'A begun review, and perhaps requests to the model; its sandboxes die with the worker.',
    healer: 'redispatch',
    heals: `${again} ${bound} What was verified is looked at anew, and no agent builds again.`,
  },
  {
    place: 'reviewing, publishing',
    make: history.publishing,
    holder: 'publish_branch',
    leaves: 'Perhaps a pushed branch, perhaps a pull request.',
    healer: 'redispatch',
    heals: `${again} Branch and pull request are looked up before they are made.`,
  },
  {
    place: 'reviewing, verifying, while the base is brought in (task: merged)',
    make: history.rebasing,
    holder: 'verify',
    leaves: 'A merge commit in the mirror that nobody knows, and a begun verification.',
    healer: 'redispatch',
    heals: `${again} Another merge commit is made from the same head and the base as it is then.`,
  },
  {
    place: 'reviewing, resolving, by an agent (task: merged)',
    make: history.resolving,
    holder: 'repair',
    leaves: 'A begun repair; the sandbox and its agent die with the worker, and the branch is as it was.',
    healer: 'redispatch',
    heals: `${again} ${bound} It starts from the same head and the base as it is then.`,
  },
  {
    place: 'reviewing, resolving, as people said (task: merged)',
    make: history.resolvingAsSaid,
    holder: 'resolve',
    leaves: 'A commit in the mirror that nobody knows; what people said is kept in the record.',
    healer: 'redispatch',
    heals: `${again} Each conflict is looked for anew.`,
  },
  {
    place: 'merging, waiting for its turn',
    make: history.waitingToMerge,
    leaves: 'The record, and a place in the lane. Nothing works.',
    healer: 'turn',
    heals: 'The lane says when its turn comes; the limit for waiting ends what nobody answers.',
  },
  {
    place: 'merging, verifying again',
    make: history.verifyingAgain,
    holder: 'verify',
    leaves: 'A begun verification; its sandbox dies with the worker.',
    healer: 'redispatch',
    heals: again,
  },
  {
    place: 'merging, by command',
    make: history.merging,
    holder: 'merge',
    leaves: 'Perhaps a merge that landed, or that still lands.',
    healer: 'settle',
    heals:
      'It is handed out once more, only to read what happened. What did not land is merged in a later turn, after the lane has read it as well.',
  },
  {
    place: 'merging, by hand',
    make: history.provingMerge,
    holder: 'prove_merge',
    leaves: 'Nothing; it only reads.',
    healer: 'redispatch',
    heals: again,
  },
  {
    place: 'a pause or a finish that waits',
    make: history.pausing,
    holder: 'attempt',
    leaves: 'A begun attempt that may end, and nothing that may start.',
    healer: 'redispatch',
    heals: 'What is handed out again has not begun, so it is taken back, and the hold takes hold.',
  },
  {
    place: 'stopping, while something builds',
    make: history.stopping,
    holder: 'attempt',
    leaves: 'A begun attempt that was told to end.',
    healer: 'removal',
    heals: `Its lease runs out, and it is gone. ${bound} The task waits, unharmed.`,
  },
  {
    place: 'stopping, while something is pushed',
    make: () => {
      const world = history.publishing();
      world.begin('publish_branch');
      return comment(world, '/pilot stop').settle();
    },
    holder: 'publish_branch',
    leaves: 'Perhaps a pushed branch, perhaps a pull request.',
    healer: 'settle',
    heals: 'It is handed out once more, only to read what it did; the stop ends with that.',
  },
  {
    place: 'stopping, while something is merged',
    make: () => {
      const world = history.merging();
      world.begin('merge');
      return comment(world, '/pilot stop').settle();
    },
    holder: 'merge',
    leaves: 'Perhaps a merge that landed.',
    healer: 'settle',
    heals: 'It is handed out once more, only to read what it did; a merge that landed is told as merged.',
  },
  {
    place: 'any that works, and does not die but never reports',
    make: history.verifying,
    holder: 'verify',
    leaves: 'A holder whose lease is valid, for ever.',
    healer: 'deadline',
    heals: 'Nobody takes its place; the deadline of the state ends the run by name, and the holder is told to end.',
  },
  {
    place: 'needs input (task: pending, and its agent asks)',
    make: () => history.needsInput(),
    leaves: 'The record, with the question and the moment until which it is open. Nothing works, in no sandbox.',
    healer: 'sweep',
    heals: 'The due-index holds that moment; an answer is decided on before that, and the task goes on with either.',
  },
  {
    place: 'paused, while people are asked whether the run is to end',
    make: history.asking,
    leaves: 'The record, with the moment from which no answer is one.',
    healer: 'sweep',
    heals: 'The due-index holds that moment; the sweep wakes the subject, and the run goes on.',
  },
  {
    place: 'paused by an outage',
    make: history.pausedByOutage,
    leaves: 'The record, with the moment of the next look.',
    healer: 'sweep',
    heals: 'The due-index holds that moment; the sweep wakes the subject.',
  },
  {
    place: 'paused by what a day may cost',
    make: history.pausedByDay,
    leaves: 'The record, with the moment at which the day gives something again.',
    healer: 'sweep',
    heals: 'The due-index holds that moment; the sweep wakes the subject.',
  },
  {
    place: 'paused by a person',
    make: history.paused,
    leaves: 'The record. Nothing works, and nothing is due but its archive.',
    healer: 'command',
    heals: 'Nothing is broken: it goes on with `resume`, after however long.',
  },
  {
    place: 'awaiting approval',
    make: history.awaiting,
    leaves: 'The record, with the plan. Nothing works, and nothing is due.',
    healer: 'command',
    heals:
      'Nothing is broken: it waits for `approve` or `deny`, after however long, and reads then whether the issue still says the same.',
  },
  {
    place: 'paused, while protected paths wait for a maintainer',
    make: history.heldBack,
    leaves: 'The record, with the patch as an artifact. Nothing is pushed, and nothing is due but its archive.',
    healer: 'command',
    heals: 'Nothing is broken: it waits for `override` or `deny`, after however long.',
  },
  {
    place: 'ready, stopped, failed (task: any but running)',
    make: history.readyInPart,
    leaves: 'The record. Nothing works, and nothing is due but its archive, or a look at its pull request once a day.',
    healer: 'command',
    heals: 'Nothing is broken: the next command or push is decided on what is stored.',
  },
  {
    place: 'merged, reported, superseded, closed',
    make: history.landed,
    leaves: 'The record. Nothing works, and nothing is due but its archive.',
    healer: 'command',
    heals: 'Nothing is broken: a new run may start.',
  },
  {
    place: 'any that is archived',
    make: history.archiving,
    holder: 'archive',
    leaves: 'Perhaps the archive as an artifact; the run is still in the record.',
    healer: 'redispatch',
    heals: `${again} Archiving only reads, and the same archive is the same artifact.`,
  },
  {
    place: 'any, while a lane is told something',
    make: history.telling,
    holder: 'tell',
    leaves: 'Perhaps the message in the inbox of the lane.',
    healer: 'redispatch',
    heals: 'Its lease runs out, and it is told again, as often as it takes; an inbox keeps a message once.',
  },
  {
    place: 'any, while GitHub is shown something',
    make: history.ready,
    holder: 'present',
    leaves: 'Perhaps a comment, a check, a reaction or a label of ours.',
    healer: 'redispatch',
    heals: `${again} Everything is looked up before it is written, and what it may have made is not made again before every list would show it.`,
  },
];
