// A result that is right but for one contract of another task: the rest of it can be kept until that is amended.
import { isWithinContract } from './contract-path.ts';
import type { ContractOwner, ScopeEvaluation } from './evaluate-scope.ts';

export interface ForeignContract {
  readonly contract: string;
  readonly owner: string;
  /** What of the result lies within it. */
  readonly paths: readonly string[];
}

/** Undefined when anything else is outside as well, or when it would take more than one contract. */
export function findOnlyContract(
  scope: Extract<ScopeEvaluation, { kind: 'outside' }>,
  tasks: readonly ContractOwner[],
): ForeignContract | undefined {
  const found = new Map<string, ForeignContract>();
  for (const outside of scope.paths) {
    if (outside.kind !== 'foreign_contract') return undefined;
    const { owner, path } = outside;
    const contract = tasks
      .find(({ key }) => key === owner)
      ?.contracts.find((candidate) => isWithinContract(path, candidate));
    if (contract === undefined) return undefined;
    const paths = [...(found.get(contract)?.paths ?? []), path];
    found.set(contract, { contract, owner, paths });
  }
  return found.size === 1 ? [...found.values()][0] : undefined;
}
