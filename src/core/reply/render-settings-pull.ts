import { quoteCode } from './quote-inline.ts';

export const settingsPullTitle = 'Add settings for Gatepilot';

export interface FirstSettings {
  readonly verifyCommand: string | undefined;
  /** A run takes that command also where nobody has set it. */
  readonly isDetected: boolean;
  /** By which the bot is spoken to here, as the organisation says. */
  readonly label: string;
  readonly slash: string;
}

export function renderSettingsPull({ verifyCommand, isDetected, label, slash }: FirstSettings): string {
  const verify =
    verifyCommand === undefined
      ? '**Nothing here says how to verify a change**, and nothing unverified is ever offered: please name the commands under `verify`.'
      : `What is in the repository suggests ${quoteCode(verifyCommand)} as the command that decides whether a change is good. Please check that, and add what is missing.`;
  return [
    'This repository has no `.github/gatepilot.yml`. This adds one in which the settings that people change first stand with their defaults, commented out.',
    verify,
    `Label an issue \`${label}\`, or write \`/${slash} help\` on one, to begin. ` +
      (isDetected
        ? 'All of that works without this file as well, with the defaults.'
        : 'A run that changes something starts only where such commands are set: in this file, or in that of your organisation.'),
    'Merge it, change it first, or close it: it is proposed once, and closing it is an answer.',
  ].join('\n\n');
}
