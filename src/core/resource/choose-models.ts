import type { Agent, StepMatter } from './resource.ts';

/**
 * The models of a step in the order in which they are tried. What the step or its agent names comes before `chain`, what
 * the settings say; an agent that names only replacements is asked to begin as everybody does. `usual`: where `chain` is empty.
 */
export function chooseModels(
  { model, fallbacks = [] }: Pick<Agent, 'model' | 'fallbacks'>,
  step: Pick<StepMatter, 'model'>,
  { chain, usual }: { readonly chain: readonly string[]; readonly usual: string },
): readonly string[] {
  const first = step.model ?? model;
  if (first === undefined && fallbacks.length === 0) return chain.length > 0 ? chain : [usual];
  return [...new Set([first ?? chain[0] ?? usual, ...fallbacks])];
}
