// The settings of a repository in their layers: its own file, below it that of its organisation, below that the defaults.
// Each file keeps what it said when it was last right, and each mistake says in which file it stands.
import { parsePolicyWithPast } from './parse-policy.ts';
import type { Policy } from './policy.ts';
import type { PolicyMistake } from './policy-mistake.ts';

/** One file as it is on the default branch, and where that has mistakes what it said before, the newest version first. */
export interface SettingsTexts {
  readonly policyText?: string;
  readonly earlierPolicyTexts?: readonly string[];
  /** The file of the organisation, or of whoever owns the repository; absent where it has none that can be read. */
  readonly organisation?: OrganisationTexts;
}

export interface OrganisationTexts extends Pick<SettingsTexts, 'policyText' | 'earlierPolicyTexts'> {
  /** Owner and name of the repository that the file is in. */
  readonly repository: string;
}

export interface ParsedSettings {
  readonly policy: Policy;
  readonly mistakes: readonly PolicyMistake[];
  /** Keys that a file sets and that apply, and which: absent of the repository's own. */
  readonly given: readonly { readonly key: string; readonly file?: string }[];
}

export function parseSettings({ policyText, earlierPolicyTexts, organisation }: SettingsTexts): ParsedSettings {
  const below = organisation && parsePolicyWithPast(organisation.policyText, organisation.earlierPolicyTexts);
  // What is started by time a repository says for itself: one file would else open issues everywhere.
  const fallback = below && { ...below.policy, schedule: [] };
  const own = parsePolicyWithPast(policyText, earlierPolicyTexts, fallback);
  if (!below || !organisation) return { ...own, given: own.given.map((key) => ({ key })) };
  const file = organisation.repository;
  const isOwn = new Set(own.given);
  const given = below.given.filter((key) => !isOwn.has(key) && key !== 'schedule');
  // A mistake in what the repository says for itself does not matter to it.
  const mistakes = below.mistakes.filter(({ path }) => !isOwn.has(path));
  return {
    policy: own.policy,
    mistakes: [...own.mistakes, ...mistakes.map((mistake) => ({ ...mistake, file }))],
    given: [...own.given.map((key) => ({ key })), ...given.map((key) => ({ key, file }))],
  };
}
