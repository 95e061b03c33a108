// Short, plausible histories that lead into every state of a run. Each starts anew, so that tests may go on from it.
import { busyLane, movedLane, policyThatChecksBase, WorldOfDecisions } from '../../support/world-of-decisions.ts';
import {
  aborts,
  anchored,
  asks,
  base,
  broughtIn,
  checkpoint,
  comment,
  conflicting,
  contractBlocked,
  failedAttempt,
  fellBack,
  found,
  givenUp,
  integrated,
  merged,
  nothing,
  outage,
  planned,
  plannedReview,
  published,
  pull,
  red,
  report,
  reports,
  reviewed,
  sha,
  some,
  treeOf,
  unresolved,
  verified,
  withItems,
} from './outcome.ts';

export function planning(): WorldOfDecisions {
  return comment(new WorldOfDecisions(), '/pilot run').settle();
}

/** The plan of task `a` is posted and waits for an approval. */
export function awaiting(...batches: string[][]): WorldOfDecisions {
  const asked = comment(new WorldOfDecisions(), '/pilot plan').settle();
  return asked.finish('plan', planned(...(batches.length > 0 ? batches : [['a']])));
}

/** Somebody holds the run besides. */
export function pausedAwaiting(): WorldOfDecisions {
  return comment(awaiting(), '/pilot pause').settle();
}

/** Task `a` is merged, `b` failed, `c` waits, and the pilot gave the plan up. */
export function planningAnew(): WorldOfDecisions {
  return consulting().finish('pilot', givenUp());
}

/** Task `a` is merged, `b` failed, `c` could run, and the pilot is to be asked. */
export function consulting(): WorldOfDecisions {
  const world = attempting(['a', 'b'], ['c']);
  world.finish('r1-attempt-a-1-1', anchored()).finish('r1-attempt-b-1-2', failedAttempt(red));
  world.finish('attempt', failedAttempt(red)).finish('integrate', integrated(['a']));
  return world;
}

/** Task `a` is merged, `b` failed, `c` could run, and people are asked whether the run is to end. */
export function asking(): WorldOfDecisions {
  return consulting().finish('pilot', aborts());
}

/** Before any agent works, its base has to be green by itself. */
export function checkingBaseline(): WorldOfDecisions {
  const world = new WorldOfDecisions();
  if (world.facts) world.facts = { ...world.facts, policyText: policyThatChecksBase };
  return comment(world, '/pilot run')
    .settle()
    .finish('plan', planned(['a']));
}

/** Task `a` works; `b` waits for the batch after it when there is one. */
export function attempting(...batches: string[][]): WorldOfDecisions {
  return planning().finish('plan', planned(...(batches.length > 0 ? batches : [['a']])));
}

/** An agent works, and from where it is somebody else could go on. */
export function attemptingKept(): WorldOfDecisions {
  const world = attempting();
  const { action, token } = world.begin('attempt');
  return world.put({ kind: 'checkpointed', attempt: action.id, token, checkpoint }).settle();
}

/** A run that only reads: its agents work. */
export function reading(): WorldOfDecisions {
  return comment(new WorldOfDecisions(), '/pilot run --workflow review').settle().finish('plan', plannedReview());
}

export function reported(): WorldOfDecisions {
  return reading().finish('attempt', reports());
}

/** Task `b` was built, conflicts with `a`, which is merged, and is repaired. */
export function repairing(): WorldOfDecisions {
  const conflict = { key: 'b', cause: { kind: 'merge_conflict' as const, paths: ['src/error.ts'] } };
  return attempting(['a', 'b'])
    .finish('attempt', anchored())
    .finish('attempt', anchored(sha('2')))
    .finish('integrate', integrated(['a'], { failed: [conflict] }));
}

/** Task `b` is built and waits for a contract of `a` to be amended. */
export function awaitingAmendment(): WorldOfDecisions {
  return attempting(['a'], ['b'])
    .finish('attempt', anchored())
    .finish('integrate', integrated(['a']))
    .finish('attempt', contractBlocked(sha('2')));
}

/** Task `a` asked people something, and nothing else is left to do. */
export function needsInput(...batches: string[][]): WorldOfDecisions {
  return attempting(...batches).finish('attempt', asks());
}

/** Task `a` asked people something, and `b` still works. */
export function askingBeside(): WorldOfDecisions {
  const world = attempting(['a', 'b']);
  const asking = world.begin('r1-attempt-a-1-1');
  world.begin('r1-attempt-b-1-2');
  return world.report(asking, asks());
}

/** Somebody holds the run besides. */
export function pausedAsking(): WorldOfDecisions {
  return comment(needsInput(), '/pilot pause').settle();
}

export function integrating(): WorldOfDecisions {
  return attempting().finish('attempt', anchored());
}

/** The merged batch waits for its reviewer. */
export function accepting(...batches: string[][]): WorldOfDecisions {
  const plan = planned(...(batches.length > 0 ? batches : [['a']]));
  const world = planning().finish('plan', { ...plan, tasks: plan.tasks.map(withItems) });
  for (const key of world.run.ahead[0] ?? []) {
    const { action } = world.outbox.find((entry) => entry.action.kind === 'attempt' && entry.action.task === key) ?? {};
    world.finish(action?.id ?? 'attempt', anchored());
  }
  return world.finish('integrate', integrated([...(world.run.ahead[0] ?? [])], { verify: report(treeOf(sha('1'))) }));
}

/** Task `a` failed in two attempts, and the pilot is asked. */
export function atBoundary(...batches: string[][]): WorldOfDecisions {
  const failed = failedAttempt(red);
  return attempting(...batches)
    .finish('attempt', failed)
    .finish('attempt', failed);
}

/** Everything is merged into the branch, which is verified for the first time. */
export function verifying(): WorldOfDecisions {
  return integrating().finish('integrate', integrated(['a']));
}

/** It touched protected paths, and nothing of it is pushed before a maintainer lets it. */
export function heldBack(): WorldOfDecisions {
  const touched = ['.github/gatepilot.yml'];
  return verifying().finish('verify', verified(sha('1'), 0, { touched, patch: 'patch-id' }));
}

export function publishing(): WorldOfDecisions {
  return verifying().finish('verify', verified());
}

export function ready(): WorldOfDecisions {
  return publishing().finish('publish_branch', published());
}

/** Somebody pushed over the open pull request. */
export function verifyingPush(): WorldOfDecisions {
  return pull(ready(), 'synchronize', { headSha: sha('2') }).settle();
}

/** The base is to be brought into the branch of a run that is ready. */
export function rebasing(): WorldOfDecisions {
  return comment(ready(), '/pilot rebase').settle();
}

/** It is brought in and verified, and not pushed yet. */
export function publishingRebased(): WorldOfDecisions {
  return rebasing().finish('verify', broughtIn());
}

/** What conflicts with the base that is to be brought in is being settled by an agent. */
export function resolving(): WorldOfDecisions {
  return rebasing().finish('verify', conflicting());
}

/** The base cannot be brought in as it is, and people may say what is to stand there. */
export function failedInConflict(): WorldOfDecisions {
  return resolving().finish('repair', { ...unresolved, base: sha('c') });
}

/** People have said what is to stand there. */
export function resolvingAsSaid(): WorldOfDecisions {
  return comment(failedInConflict(), '/pilot resolve all ours').settle();
}

export function merging(): WorldOfDecisions {
  return comment(ready(), '/pilot merge').settle();
}

/** Others are before it in the lane. */
export function waitingToMerge(): WorldOfDecisions {
  const world = ready();
  world.courier = busyLane;
  return comment(world, '/pilot merge').settle();
}

/** Its turn came when the base was not the verified one any more. */
export function verifyingAgain(): WorldOfDecisions {
  const world = ready();
  world.courier = movedLane(sha('c'));
  return comment(world, '/pilot merge').settle();
}

export function provingMerge(): WorldOfDecisions {
  return pull(ready(), 'closed', { merged: true, mergeSha: sha('e') }).settle();
}

/** Nobody works, and a person says when it goes on. */
export function paused(): WorldOfDecisions {
  return comment(attempting(), '/pilot pause').settle();
}

/** A person holds it while the newest head is being verified. */
export function pausedWithPull(): WorldOfDecisions {
  return comment(verifyingPush(), '/pilot pause').settle();
}

/** The outage of the remote lasts, and the run looks again by itself. */
export function pausedByOutage(): WorldOfDecisions {
  const world = integrating();
  while (world.find('integrate')) world.finish('integrate', { kind: 'failed', cause: outage });
  return world;
}

/** The day gave everything to others. */
export function pausedByDay(): WorldOfDecisions {
  const world = planning();
  world.run.policy.dayMicroUsd = some.microUsd;
  return world.finish('plan', planned(['a']));
}

/** One agent still works, and nothing else will. */
export function pausing(): WorldOfDecisions {
  const world = attempting();
  world.begin('attempt');
  return comment(world, '/pilot pause').settle();
}

/** One agent still works, and then what is built is delivered. */
export function finishing(): WorldOfDecisions {
  const world = attempting(['a'], ['b']);
  world.begin('attempt');
  return comment(world, '/pilot finish').settle();
}

/** Delivered without the task that failed. */
export function readyInPart(): WorldOfDecisions {
  const world = attempting(['a', 'b']);
  world.finish('r1-attempt-a-1-1', anchored()).finish('r1-attempt-b-1-2', failedAttempt(red));
  world.finish('attempt', failedAttempt(red)).finish('integrate', integrated(['a']));
  world.finish('pilot', fellBack());
  return world.finish('verify', verified()).finish('publish_branch', published());
}

/** The money was used up before the second task could start, and nothing is delivered. */
export function capped(): WorldOfDecisions {
  const world = attempting(['a'], ['b']);
  const spent = { kind: 'failed', cause: red, summary: '', spend: { ...some, microUsd: 10_000_000 } } as const;
  return world.finish('attempt', spent);
}

/** The agent is still being ended. */
export function stopping(): WorldOfDecisions {
  const world = attempting();
  world.begin('attempt');
  return comment(world, '/pilot stop').settle();
}

export function stoppedEarly(): WorldOfDecisions {
  return comment(attempting(), '/pilot stop').settle();
}

export function stoppedWithPull(): WorldOfDecisions {
  return comment(verifyingPush(), '/pilot stop').settle();
}

export function failedEarly(): WorldOfDecisions {
  const failed = { kind: 'failed', cause: { kind: 'nothing_admitted', withheld: 1 }, spend: nothing } as const;
  return planning().finish('plan', failed);
}

/** The newest head conflicts with the base. */
export function failedWithPull(): WorldOfDecisions {
  return verifyingPush().finish('verify', { kind: 'conflict', head: sha('2'), base, paths: ['src/error.ts'] });
}

export function landed(): WorldOfDecisions {
  return merging().finish('merge', merged());
}

/** Nothing is to be expected of it any more. */
export function archiving(): WorldOfDecisions {
  return landed().passShown(26 * 3_600_000);
}

/** The lane is being asked for its turn. */
export function telling(): WorldOfDecisions {
  const world = ready();
  world.isCarrying = false;
  comment(world, '/pilot merge').settle().begin('tell');
  return world;
}

export function superseded(): WorldOfDecisions {
  return verifyingPush().finish('verify', { kind: 'diverged', head: sha('2') });
}

export function closed(): WorldOfDecisions {
  return pull(ready(), 'closed').settle();
}

/** The settings ask for reviews; the change is verified, and reviewers look at it. */
export function judging(more = ''): WorldOfDecisions {
  const world = new WorldOfDecisions();
  const policyText = `verify: { commands: [npm test], baseline: false }\n${more}`;
  if (world.facts) world.facts = { ...world.facts, policyText };
  return comment(world, '/pilot run')
    .settle()
    .finish('plan', planned(['a']))
    .finish('attempt', anchored())
    .finish('integrate', integrated(['a']))
    .finish('verify', verified());
}

/** Something that was confirmed keeps the gate of what is offered shut. */
export function blocked(): WorldOfDecisions {
  return judging().finish('review', reviewed(found())).finish('publish_branch', published());
}

/** An agent works on it. */
export function fixing(): WorldOfDecisions {
  return comment(blocked(), '/pilot fix').settle();
}
