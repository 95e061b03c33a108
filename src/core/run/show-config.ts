import { parsePolicyWithPast } from '../policy/parse-policy.ts';
import { readAt } from '../policy/settings-tree.ts';
import { renderConfig } from '../reply/render-config.ts';
import { renderPolicyMistake } from '../reply/render-policy-mistake.ts';
import { openCatalog } from '../resource/open-catalog.ts';
import type { Draft } from './draft.ts';

/** The settings in force and where each comes from, and every agent, workflow and skill with its state. */
export function showConfig(draft: Draft): string {
  const facts = draft.snapshot.facts.repository;
  if (!facts) return 'GitHub did not answer when the repository was read. Please try again.';
  const { policy, mistakes, given } = parsePolicyWithPast(facts.policyText, facts.earlierPolicyTexts);
  return renderConfig({
    at: facts.baseSha,
    branch: facts.defaultBranch,
    hasFile: facts.policyText !== undefined,
    settings: given.map((key) => ({ key, value: readAt(policy, key.split('.')) })),
    mistakes: mistakes.map(renderPolicyMistake),
    entries: openCatalog(facts.resources ?? [], draft.snapshot.facts).entries,
  });
}
