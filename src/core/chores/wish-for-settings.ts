import type { SettingsReason } from '../model/chores.ts';
import { type ChoresDraft, noteChore } from './chores-draft.ts';

/**
 * People have answered a pull request that was opened once, whatever became of it. What else is settled is looked at
 * again where the App is installed anew, and not with every run.
 */
export function wishForSettings(draft: ChoresDraft, reason: SettingsReason): void {
  const { settings } = draft.record;
  if (settings.kind === 'wanted') return;
  if (settings.kind === 'settled' && (settings.pull !== undefined || reason === 'used')) return;
  draft.record.settings = { kind: 'wanted', reason, notBefore: 0, failures: 0 };
  noteChore(draft, 'wished', reason === 'installed' ? 'the App was installed here' : 'a run met no settings here');
}
