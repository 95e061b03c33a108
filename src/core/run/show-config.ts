import { parseSettings } from '../policy/parse-settings.ts';
import type { PolicyMistake } from '../policy/policy-mistake.ts';
import { readAt } from '../policy/settings-tree.ts';
import { renderConfig } from '../reply/render-config.ts';
import { renderPolicyMistake } from '../reply/render-policy-mistake.ts';
import { openCatalog } from '../resource/open-catalog.ts';
import type { Draft } from './draft.ts';

/** The settings in force and where each comes from, and every agent, workflow and skill with its state. */
export function showConfig(draft: Draft): string {
  const facts = draft.snapshot.facts.repository;
  if (!facts) return 'GitHub did not answer when the repository was read. Please try again.';
  const { policy, mistakes, given } = parseSettings(facts);
  return renderConfig({
    at: facts.baseSha,
    branch: facts.defaultBranch,
    hasFile: facts.policyText !== undefined,
    organisation: facts.organisation && {
      repository: facts.organisation.repository,
      hasFile: facts.organisation.policyText !== undefined,
    },
    settings: [...given, ...listKept(mistakes)].map((one) => ({ ...one, value: readAt(policy, one.key.split('.')) })),
    mistakes: mistakes.map(renderPolicyMistake),
    entries: openCatalog(facts.resources ?? [], draft.snapshot.facts).entries,
  });
}

/** What a file said rightly before and says wrongly now is in force, and comes from an earlier version of it. */
function listKept(mistakes: readonly PolicyMistake[]) {
  return mistakes.flatMap(({ kept = [], file }) =>
    kept.map((key) => ({ key, ...(file === undefined ? {} : { file }), isEarlier: true })),
  );
}
