// What of a run is in its branch as people see it, and what is not pushed yet.
import { listUndelivered, type Run } from '../model/run.ts';

/** The head on GitHub as this run left it, or as it was adopted from people. */
export function toBranchHead(run: Run): string | undefined {
  return run.branchHead ?? run.pushed.at(-1);
}

/**
 * The head under review: a commit of ours that is not pushed yet, unless people pushed over the branch meanwhile; else what
 * people see on the pull request.
 */
export function toHead(run: Run): string | undefined {
  const { integration, pullRequest } = run;
  if (!pullRequest) return integration?.commit;
  if (run.broughtIn && pullRequest.head === toBranchHead(run)) return run.broughtIn.commit;
  const isOursNewer = listUndelivered(run).length > 0 && pullRequest.head === toBranchHead(run);
  return isOursNewer ? (integration?.commit ?? pullRequest.head) : pullRequest.head;
}

/** Everything that was merged is on GitHub, under this head. */
export function markDelivered(run: Run, head: string): void {
  const { broughtIn } = run;
  if (broughtIn?.commit === head) {
    const { commit, tree, bundle, base: sha } = broughtIn;
    run.integration = { commit, tree, bundle };
    run.base = { ...run.base, sha };
  }
  delete run.broughtIn;
  run.branchHead = head;
  run.delivered = run.tasks.filter(({ state }) => state.kind === 'merged').map(({ key }) => key);
}

/**
 * The head of the pull request, which people may have moved and which was verified since, is what remaining work builds
 * on. What was merged and not pushed waits to be merged anew, onto that head.
 */
export function adoptHead(run: Run, head: string): void {
  const undelivered = new Set(listUndelivered(run));
  for (const task of run.tasks) {
    if (!undelivered.has(task.key) || task.state.kind !== 'merged') continue;
    task.state = { kind: 'anchored', contribution: task.state.contribution };
  }
  if (run.integration?.commit !== head) run.integration = { commit: head };
  markDelivered(run, head);
}

/** Whether the head on GitHub is one that this run pushed, or one that it has verified. */
export function isHeadKnown(run: Run): boolean {
  const head = run.pullRequest?.head;
  return head === undefined || head === toBranchHead(run) || head === run.verification?.key.head;
}
