import { quoteCode } from './quote-inline.ts';

export const settingsPullTitle = 'Add settings for Gatepilot';

export function renderSettingsPull(verifyCommand: string | undefined): string {
  const verify =
    verifyCommand === undefined
      ? '**Nothing here says how to verify a change**, and nothing unverified is ever offered: please name the commands under `verify`.'
      : `What is in the repository suggests ${quoteCode(verifyCommand)} as the command that decides whether a change is good. Please check that, and add what is missing.`;
  return [
    'This repository has no `.github/gatepilot.yml`. This adds one in which the settings that people change first stand with their defaults, commented out.',
    verify,
    'Label an issue `pilot:run`, or write `/pilot help` on one, to begin. All of that works without this file as well, with the defaults.',
    'Merge it, change it first, or close it: it is proposed once, and closing it is an answer.',
  ].join('\n\n');
}
