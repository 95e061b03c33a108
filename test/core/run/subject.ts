// What commands meet besides a run at work: threads without a run, pull requests of people, and what somebody holds, ignores or
// has looked through. Each starts anew, as those of place.ts do.
import { openRecord } from '../../../src/core/model/record.ts';
import type { ThreadPull } from '../../../src/core/model/snapshot.ts';
import { repository, WorldOfDecisions } from '../../support/world-of-decisions.ts';
import { comment, label, published, reviewed, sha, verified } from './outcome.ts';
import { archiving, attempting, judging, ready, verifying } from './place.ts';

/** An issue on which nothing was ever said to us. */
export function untouched(): WorldOfDecisions {
  return new WorldOfDecisions();
}

/** Somebody without write permission wrote there. */
export function strangersIssue(): WorldOfDecisions {
  const world = untouched();
  world.strangers = {
    texts: [{ id: 'thread', author: 'mallory', hash: 'hash of it', chars: 100, editedAt: 0 }],
    labelled: [{ label: 'pilot:ok-to-run', by: 'pat', at: world.now }],
  };
  return world;
}

function pullOf(more: Partial<ThreadPull> = {}): WorldOfDecisions {
  const world = untouched();
  world.record = openRecord(repository, 1, { isPullRequest: true, title: 'Add a cache' });
  world.pull = {
    ...{ number: 1, head: sha('7'), branch: 'main', base: sha('8'), state: 'open', headBranch: 'cache' },
    ...{ isSameRepository: true, isDraft: false, isOurs: false, authorId: 5, ...more },
  };
  return world;
}

/** A pull request that a person opened; no run is there. */
export function personsPull(): WorldOfDecisions {
  return comment(pullOf(), '/pilot status').settle();
}

/** Somebody has it looked at. */
export function personsPullInReview(): WorldOfDecisions {
  return comment(pullOf(), '/pilot review').settle();
}

export function forksPull(): WorldOfDecisions {
  return comment(pullOf({ isSameRepository: false }), '/pilot status').settle();
}

/** Its head may be executed, since somebody who may write looked at it. */
export function vouchedForksPull(): WorldOfDecisions {
  return comment(forksPull(), `/pilot vouch ${sha('7')}`).settle();
}

export function heldIssue(): WorldOfDecisions {
  return label(untouched(), 'pilot:hold').settle();
}

export function heldAtWork(): WorldOfDecisions {
  return label(attempting(), 'pilot:hold').settle();
}

export function heldReady(): WorldOfDecisions {
  return label(ready(), 'pilot:hold').settle();
}

export function ignoredIssue(): WorldOfDecisions {
  return comment(untouched(), '/pilot ignore').settle();
}

export function ignoredReady(): WorldOfDecisions {
  return comment(ready(), '/pilot ignore').settle();
}

/** By the label, which only whoever takes it off undoes. */
export function neverIssue(): WorldOfDecisions {
  return label(untouched(), 'pilot:never').settle();
}

/** The run left the record, and its summary is there. */
export function archived(): WorldOfDecisions {
  const world = archiving();
  const runHash = `hash-${JSON.stringify(world.record.run).length}`;
  return world.finish('archive', { kind: 'archived', artifact: 'f'.repeat(64), through: 12, runHash });
}

/** What is offered is reviewed. */
export function reviewedWell(): WorldOfDecisions {
  return judging().finish('review', reviewed()).finish('publish_branch', published());
}

/** The change is in a protected path, and waits for a maintainer. */
export function heldBack(): WorldOfDecisions {
  const touched = ['.github/gatepilot.yml'];
  return verifying().finish('verify', verified(sha('1'), 0, { touched, patch: 'patch-id' }));
}

/** It is offered, and what it makes of its base is red by now. */
export function readyInRed(): WorldOfDecisions {
  return comment(ready(), '/pilot recheck')
    .settle()
    .finish('verify', verified(sha('1'), 1));
}
