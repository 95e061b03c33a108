import { readMergeBlockers } from '../action/merge-blockers.ts';
import { readSides } from '../action/pull-state.ts';
import { readCommits } from '../git/commit.ts';
import { mergeTree } from '../git/merge-tree.ts';
import type { PullIssue } from '../state/find.ts';
import type { Pull, Review } from '../state/pull.ts';
import type { Repository } from '../state/repository.ts';
import type { PullSnapshot, ReviewSnapshot } from '../state/snapshot.ts';
import type { World } from '../state/world.ts';
import { accountByEmail } from '../view/commit-view.ts';
import { iso, isoOrNull } from '../view/format.ts';
import { checkSnapshot } from './check-snapshot.ts';
import { issueSnapshot } from './issue-snapshot.ts';

export async function pullSnapshot(world: World, repository: Repository, issue: PullIssue): Promise<PullSnapshot> {
  const { pull } = issue;
  const sides = await readSides(repository, issue);
  const isOpen = issue.state === 'open';
  const merge = isOpen ? await mergeTree(repository.git, sides.baseSha, sides.headSha) : undefined;
  const blockers = isOpen ? await readMergeBlockers(repository, issue, sides) : [];
  const blockedBy = blockers.map(({ message }) => message);
  if (isOpen && pull.draft) blockedBy.push('Pull Request is still a draft');
  if (merge?.kind === 'conflict') blockedBy.push(`Conflicts in ${merge.paths.join(', ')}`);
  const commits = await readCommits(repository.git, ['--reverse', `${sides.mergeBase}..${sides.headSha}`]);
  const runs = [...repository.checkRuns.values()].filter((run) => run.headSha === sides.headSha);
  return {
    ...issueSnapshot(world, repository, issue),
    headOwner: pull.head.owner,
    headRef: pull.head.ref,
    headSha: sides.headSha,
    baseRef: pull.baseRef,
    baseSha: sides.baseSha,
    draft: pull.draft,
    fork: pull.head.repositoryId !== repository.id,
    merged: pull.merged && { sha: pull.merged.sha, by: pull.merged.by, at: iso(pull.merged.at) },
    mergeable: merge ? merge.kind === 'merged' : null,
    blockedBy,
    commits: commits.map(({ sha, message, author }) => ({
      sha,
      message,
      author: accountByEmail(world, author.email)?.login ?? author.name,
      date: author.date,
    })),
    reviews: pull.reviews.map((review) => reviewSnapshot(pull, review)),
    checks: runs.map((run) => checkSnapshot(world, run)),
  };
}

function reviewSnapshot(pull: Pull, review: Review): ReviewSnapshot {
  const comments = pull.reviewComments.filter(({ reviewId }) => reviewId === review.id);
  return {
    id: review.id,
    author: review.author,
    body: review.body,
    state: review.state,
    commitSha: review.commitSha,
    submittedAt: isoOrNull(review.submittedAt),
    comments: comments.map(({ id, path, line, side, body, inReplyTo = null, resolvedBy }) => ({
      id,
      path,
      line,
      side,
      body,
      inReplyTo,
      resolvedBy,
    })),
  };
}
