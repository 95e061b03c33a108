// What each kind of event does to the record. Nothing here starts work by itself: the run's state does, afterwards.
import type { InboxEntry } from '../model/snapshot.ts';
import { type Draft, note } from './draft.ts';
import { takeAnswer } from './keep-answers.ts';
import { keepHeard } from './keep-heard.ts';
import { takeMoved, takeRepository } from './move-repository.ts';
import { takeListed } from './see-pull.ts';
import { takeHeadShared } from './share-head.ts';
import { takeButton } from './take-button.ts';
import { takeCheckpointed, takeTakenOver } from './take-checkpointed.ts';
import { takeComment } from './take-comment.ts';
import { takeInstructed } from './take-instructed.ts';
import { takeLabel } from './take-label.ts';
import { takeLaneMessage } from './take-lane-message.ts';
import { takeClosedIssue, takePullRequest } from './take-pull-request.ts';
import { takeQueueVerified } from './take-queue-verified.ts';
import { takeRequest } from './take-request.ts';
import { takeResult } from './take-result.ts';
import { takeScheduled } from './take-scheduled.ts';
import { takeSuite } from './take-suite.ts';
import { takeBasePushed } from './verify-on-moved-base.ts';

export function takeEvent(draft: Draft, entry: InboxEntry): void {
  const noted = draft.log.length;
  take(draft, entry);
  keepHeard(draft, entry.event, draft.log.slice(noted));
}

function take(draft: Draft, entry: InboxEntry): void {
  const { event, repository } = entry;
  if (repository) takeRepository(draft, repository);
  switch (event.kind) {
    case 'labelled':
      return takeLabel(draft, event);
    case 'commented':
      return takeComment(draft, event);
    case 'pull_request_changed':
      return takePullRequest(draft, event);
    case 'pull_listed':
      return takeListed(draft, event);
    case 'issue_closed':
      return takeClosedIssue(draft, event);
    case 'issue_edited':
      draft.record.title = event.title;
      return;
    case 'base_pushed':
      return takeBasePushed(draft, event);
    case 'check_requested':
      return takeButton(draft, event);
    case 'suite_completed':
      return takeSuite(draft, event);
    case 'requested':
      return takeRequest(draft, event);
    case 'scheduled':
      return takeScheduled(draft, event);
    case 'lane_granted':
    case 'lane_revoked':
    case 'lane_placed':
    case 'base_moved':
      return takeLaneMessage(draft, event);
    case 'head_shared':
      return takeHeadShared(draft, event);
    case 'queue_verified':
      return takeQueueVerified(draft, event);
    case 'group_formed':
    case 'group_destroyed':
    case 'lane_asked':
    case 'lane_held':
    case 'lane_left':
    case 'learned':
    case 'settings_missing':
    case 'installed':
    case 'covered':
      return note(draft, 'ignored', `"${event.kind}" is nothing for a subject`);
    case 'repository_moved':
      return takeMoved(draft, event);
    case 'reader_answered':
      return takeAnswer(draft, event);
    case 'told':
      return takeResult(draft, event);
    case 'instructed':
      return takeInstructed(draft, event);
    case 'checkpointed':
      return takeCheckpointed(draft, event);
    case 'taken_over':
      return takeTakenOver(draft, event);
    case 'restarted':
      if (draft.urgency === 'none') draft.urgency = 'soon';
      return;
    default:
      note(draft, 'result', `${event.actionId} ended: ${event.outcome.kind}`, { actionId: event.actionId });
      return takeResult(draft, event);
  }
}
