// What is done for a repository besides its runs: (snapshot) -> decision, as `run/decide.ts` for a subject.
import type { ChoresRecord, ChoresSnapshot } from '../model/chores.ts';
import type { Decision } from '../model/decision.ts';
import type { InboxEntry } from '../model/snapshot.ts';
import { askForNotes, askForSettings } from './ask-for-chores.ts';
import { type ChoresDraft, noteChore, openChoresDraft, toChoresDecision } from './chores-draft.ts';
import { askForPulls, takeCovered, takePush } from './look-after-pulls.ts';
import { replaceDead, takeChoreResult } from './take-chore-result.ts';
import { takeLearned } from './take-learned.ts';
import { wishForSettings } from './wish-for-settings.ts';

export function decideChores(snapshot: ChoresSnapshot): Decision<ChoresRecord> {
  const draft = openChoresDraft(snapshot);
  for (const entry of snapshot.inbox) takeChoresEvent(draft, entry);
  replaceDead(draft);
  askForSettings(draft);
  askForNotes(draft);
  askForPulls(draft);
  return toChoresDecision(draft);
}

function takeChoresEvent(draft: ChoresDraft, { event, repository }: InboxEntry): void {
  // Names and the installation may change; whoever speaks last knows them best.
  const told = 'repository' in event ? event.repository : repository;
  if (told) draft.record.repository = told;
  switch (event.kind) {
    case 'installed':
      return wishForSettings(draft, 'installed');
    case 'settings_missing':
      return wishForSettings(draft, 'used');
    case 'learned':
      return takeLearned(draft, event);
    case 'covered':
      return takeCovered(draft);
    case 'base_pushed':
      return takePush(draft, event);
    case 'settings_proposed':
    case 'notes_proposed':
    case 'pulls_seen':
      return takeChoreResult(draft, event);
    case 'repository_moved':
      return;
    default:
      return noteChore(draft, 'ignored', `"${event.kind}" is nothing for chores`);
  }
}
