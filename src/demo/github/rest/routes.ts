import { appRoutes } from './app-routes.ts';
import { branchRoutes } from './branch-routes.ts';
import { checkRoutes } from './check-routes.ts';
import { commentRoutes } from './comment-routes.ts';
import { commitRoutes } from './commit-routes.ts';
import { contentRoutes } from './content-routes.ts';
import { deliveryRoutes } from './delivery-routes.ts';
import { gitObjectRoutes } from './git-object-routes.ts';
import { issueRoutes } from './issue-routes.ts';
import { labelRoutes } from './label-routes.ts';
import { pullRoutes } from './pull-routes.ts';
import type { RateMeter } from './rate-limit.ts';
import { reactionRoutes } from './reaction-routes.ts';
import { refRoutes } from './ref-routes.ts';
import { repositoryRoutes } from './repository-routes.ts';
import { reviewCommentRoutes, reviewRoutes } from './review-routes.ts';
import { ok, type Route, route } from './route.ts';
import { statusRoutes } from './status-routes.ts';
import { timelineRoutes } from './timeline-routes.ts';

/** The first route that fits a path answers, so a literal segment comes before a parameter that would swallow it. */
export function createRoutes(meter: RateMeter): readonly Route[] {
  return [
    ...appRoutes,
    ...deliveryRoutes,
    ...repositoryRoutes,
    ...contentRoutes,
    ...branchRoutes,
    ...refRoutes,
    ...gitObjectRoutes,
    // `/issues/comments/…` before `/issues/{issue_number}`.
    ...commentRoutes,
    ...reactionRoutes,
    ...labelRoutes,
    ...timelineRoutes,
    ...issueRoutes,
    // `/pulls/comments` before `/pulls/{pull_number}`.
    ...reviewCommentRoutes,
    ...pullRoutes,
    ...reviewRoutes,
    // `/commits/{ref}/…` before `/commits/{ref}`, whose ref may hold slashes.
    ...checkRoutes,
    ...statusRoutes,
    ...commitRoutes,
    route('GET /rate_limit', 'nobody', (call) => {
      const core = meter.read(call.world, call.caller);
      return ok({ resources: { core, search: { limit: 30, used: 0, remaining: 30, reset: core.reset } }, rate: core });
    }),
  ];
}
