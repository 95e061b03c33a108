// The gate of a pull request that no run made. What it answers is the repository's choice, never ours.
import { isMistakeOf } from '../policy/is-mistake-of.ts';
import { parseSettings, type SettingsTexts } from '../policy/parse-settings.ts';
import { closed, open, type Verdict, waiting } from './verdict.ts';

/** What the settings of the default branch say of such pull requests; unknown where they cannot be understood. */
export type OtherPulls = 'observe' | 'review' | 'unknown';

export function readOtherPulls(texts: SettingsTexts): OtherPulls {
  const { policy, mistakes } = parseSettings(texts);
  return mistakes.some((mistake) => isMistakeOf(mistake, ['gate'])) ? 'unknown' : policy.gate.other_prs;
}

/** `otherPulls` is undefined where the settings could not be read at this moment. */
export function evaluateObserved(isDraft: boolean, otherPulls: OtherPulls | undefined): Verdict {
  if (isDraft) return waiting('draft', 'This is a draft; it may be merged when it is ready for review.');
  switch (otherPulls) {
    case undefined:
      return waiting('settings', 'The settings of this repository could not be read; they are read again.');
    case 'observe':
      return open('settings', 'No run made this pull request, and the settings let such pull requests pass.');
    case 'review':
      return closed(
        'settings',
        'action_required',
        'The settings ask for a review run of pull requests that no run made (`gate.other_prs: review`), and no review ' +
          'opens this gate in this version. `gate.other_prs: observe` lets them pass.',
      );
    case 'unknown':
      return closed(
        'settings',
        'action_required',
        'What `.github/gatepilot.yml` on the default branch says of pull requests that no run made cannot be understood.',
      );
  }
}
