// What happened to an issue or pull request, in order.
import { readSides } from '../action/pull-state.ts';
import { readCommits } from '../git/commit.ts';
import { commentsOf, isPull, issueOf } from '../state/find.ts';
import type { Issue } from '../state/issue.ts';
import type { Repository } from '../state/repository.ts';
import type { World } from '../state/world.ts';
import { userView } from '../view/account-view.ts';
import { gitCommitView } from '../view/commit-view.ts';
import { issueEventView } from '../view/issue-event-view.ts';
import { commentView } from '../view/issue-view.ts';
import { reviewView } from '../view/review-view.ts';
import type { RepositoryCall } from './call.ts';
import { listPage } from './paginate.ts';
import { type Answer, needs, type Route, repositoryRoute } from './route.ts';

interface Entry {
  readonly at: number;
  readonly view: Readonly<Record<string, unknown>>;
}

async function readTimeline(world: World, repository: Repository, issue: Issue): Promise<readonly Entry[]> {
  const events = issue.events.map((event) => ({ at: event.at, view: issueEventView(world, repository, event) }));
  const comments = commentsOf(repository, issue.number).map((comment) => ({
    at: comment.createdAt,
    view: { event: 'commented', actor: userView(world, comment.author), ...commentView(world, repository, comment) },
  }));
  const ofPull = isPull(issue) ? await pullEntries(world, repository, issue) : [];
  return [...events, ...comments, ...ofPull].toSorted((one, other) => one.at - other.at);
}

async function pullEntries(world: World, repository: Repository, issue: Issue): Promise<readonly Entry[]> {
  if (!isPull(issue)) return [];
  const sides = await readSides(repository, issue);
  const commits = await readCommits(repository.git, ['--reverse', `${sides.mergeBase}..${sides.headSha}`]);
  const reviews = issue.pull.reviews.filter((review) => review.submittedAt !== null);
  return [
    ...commits.map((commit) => ({
      at: Date.parse(commit.committer.date),
      view: { event: 'committed', ...gitCommitView(world, repository, commit) },
    })),
    ...reviews.map((review) => ({
      at: review.submittedAt ?? 0,
      view: {
        event: 'reviewed',
        ...reviewView({ world, repository, pull: issue, item: review }),
        state: review.state.toLowerCase(),
      },
    })),
  ];
}

export const timelineRoutes: readonly Route[] = [
  repositoryRoute(
    'GET /issues/{issue_number}/timeline',
    needs.readIssue,
    async (of: RepositoryCall): Promise<Answer> => {
      const issue = issueOf(of.repository, of.call.number('issue_number'));
      return listPage(of.call, await readTimeline(of.world, of.repository, issue), ({ view }) => view);
    },
  ),
  repositoryRoute('GET /issues/{issue_number}/events', needs.readIssue, ({ call, world, repository }) => {
    const issue = issueOf(repository, call.number('issue_number'));
    return listPage(call, issue.events, (event) => issueEventView(world, repository, event));
  }),
];
