// The update hook of every bare repository: the rules that only git itself can enforce in the middle of a push. What
// applies to the push at hand comes in through its environment.

export interface PushRules {
  /** Branches whose protection applies to the one who pushes. */
  readonly protectedBranches: readonly string[];
  /** Per branch, the commits that have passed all required checks; a branch without required checks has no entry. */
  readonly accepted: ReadonlyMap<string, readonly string[]>;
  /** An App without `workflows: write` must not touch workflow files. */
  readonly refusesWorkflows: boolean;
}

export function pushRuleEnvironment(rules: PushRules): Record<string, string> {
  return {
    RULE_PROTECTED: lines(rules.protectedBranches),
    RULE_CHECKED: lines([...rules.accepted.keys()]),
    RULE_ACCEPTED: lines([...rules.accepted].flatMap(([branch, shas]) => shas.map((sha) => `${branch} ${sha}`))),
    RULE_WORKFLOWS: rules.refusesWorkflows ? 'refuse' : 'allow',
  };
}

/** Surrounded by line breaks, so that the hook can look for whole lines. */
function lines(values: readonly string[]): string {
  return `\n${values.map((value) => `${value}\n`).join('')}`;
}

export const updateHook = `#!/bin/sh
ref=$1 before=$2 after=$3
zero=0000000000000000000000000000000000000000
newline='
'
branch=\${ref#refs/heads/}
has() { case "$1" in *"$newline$2$newline"*) return 0 ;; esac; return 1; }
refuse() { echo "error: $1" >&2; exit 1; }

if [ "$ref" != "$branch" ] && has "$RULE_PROTECTED" "$branch"; then
  [ "$after" = "$zero" ] && refuse "GH006: Cannot delete this protected branch"
  if [ "$before" != "$zero" ] && ! git merge-base --is-ancestor "$before" "$after"; then
    refuse "GH006: Cannot force-push to this protected branch"
  fi
  if has "$RULE_CHECKED" "$branch" && ! has "$RULE_ACCEPTED" "$branch $after"; then
    refuse "GH006: Protected branch update failed for $ref: required status checks are expected"
  fi
fi

if [ "$RULE_WORKFLOWS" = refuse ] && [ "$after" != "$zero" ]; then
  # Only what no branch has yet counts: pushing an old commit again changes no workflow.
  for commit in $(git rev-list "$after" --not --branches); do
    touched=$(git diff-tree --root -m -r --no-commit-id --name-only "$commit" -- .github/workflows)
    [ -n "$touched" ] && refuse "refusing to allow a GitHub App to create or update workflow without workflows permission: $touched"
  done
fi
exit 0
`;
