/** Branches of forks are kept among the others, with whose they are before a sign that no branch has in its name. */
export function toForkBranch(login: string, branch: string): string {
  return `${login}:${branch}`;
}

export function isOfFork(branch: string): boolean {
  return branch.includes(':');
}

/** As GitHub tells it with a pull request. */
export function toBranchName(branch: string): string {
  return branch.slice(branch.indexOf(':') + 1);
}
