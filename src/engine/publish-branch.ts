// Pushes a verified branch and opens its pull request. The sandbox ends at the push, since a pushed branch starts the
// repository's own automation: what must hold before it is checked here once more.
import { isHeldBack } from '../core/gate/is-held-back.ts';
import type { BranchOutcome } from '../core/model/result.ts';
import type { Run } from '../core/model/run.ts';
import { type Repository, renderRunBranch } from '../core/model/subject.ts';
import { renderPullBody, renderPullTitle } from '../core/reply/render-pull-body.ts';
import { Replaced } from './budget-writes.ts';
import type { Held } from './carry-out.ts';
import { ensureCommit } from './ensure-commit.ts';
import { countNewSecrets } from './find-secrets.ts';
import { findVeto } from './find-veto.ts';
import type { GitToken, RepositoryRef } from './port/git.ts';
import { toFailure } from './to-failure.ts';
import { toOutward } from './to-outward.ts';
import type { WorkPorts } from './work-ports.ts';

export async function publishBranch(ports: WorkPorts, held: Held<'publish_branch'>): Promise<BranchOutcome> {
  const { action, record, signal } = held;
  const { run, repository } = record;
  if (!run || run.id !== action.runId || signal.aborted) return { kind: 'stopped' };
  if (held.isSettling) return await settle(ports, held);
  if (run.verification?.key.head !== action.head) {
    return {
      kind: 'failed',
      cause: { kind: 'infrastructure', system: 'gatepilot', detail: 'the head to push is not the verified one' },
    };
  }
  if (isHeldBack(run)) {
    const detail = 'what is to be pushed changes protected paths, and no maintainer has overridden that';
    return { kind: 'failed', cause: { kind: 'infrastructure', system: 'gatepilot', detail } };
  }
  const branch = renderRunBranch(record.number, run.id);
  let isPushed = false;
  try {
    const ref = await ensureCommit(ports, repository, {
      commit: action.head,
      bundle: (run.broughtIn?.commit === action.head ? run.broughtIn : run.integration)?.bundle,
    });
    const { changed } = await ports.git.diff(ref, action.base, action.head);
    const count = await countNewSecrets(ports.git, ref, { base: action.base, head: action.head, changed });
    if (count > 0) return { kind: 'failed', cause: { kind: 'secret_found', count } };
    const paths = changed.map(({ path }) => path);
    const facts = { branch, head: action.head, base: action.base, paths };
    const veto = await findVeto(ports, 'before-push', held, facts);
    if (signal.aborted) return { kind: 'stopped' };
    if (veto) return { kind: 'failed', cause: veto };
    const token = await ports.github.createGitToken(repository, 'write');
    // Last of all whether it is still ours to make: nothing is waited for in between.
    if (!held.stillHolds()) return { kind: 'stopped' };
    const refusal = await push(ports, { token, ref, branch, head: action.head, expected: action.expected });
    if (refusal?.isMoved) return (await findOvertaken(ports, held)) ?? refusal.outcome;
    if (refusal) return refusal.outcome;
    isPushed = true;
    return { kind: 'published', head: action.head, ...(await openPull(ports, held, run, branch)) };
  } catch (error) {
    if (error instanceof Replaced) return { kind: 'stopped', isPushed };
    return { kind: 'failed', cause: toFailure(error), isPushed };
  }
}

/** Cancelled, and whoever worked on it died: a pull request that it opened is ours all the same. */
async function settle(ports: WorkPorts, { action, record }: Held<'publish_branch'>): Promise<BranchOutcome> {
  const branch = renderRunBranch(record.number, action.runId);
  const published = await findPublished(ports, record.repository, branch);
  if (published) return published;
  return { kind: 'stopped', isPushed: (await ports.github.readBranch(record.repository, branch)) === action.head };
}

/**
 * Somebody pushed over the branch before we did. Where an earlier holder opened a pull request and died before saying so,
 * it is this run's all the same, with the head that people gave it.
 */
async function findOvertaken(
  ports: WorkPorts,
  { action, record }: Held<'publish_branch'>,
): Promise<BranchOutcome | undefined> {
  const published = await findPublished(ports, record.repository, renderRunBranch(record.number, action.runId));
  // One that is where we left it is told too late to say anything.
  return published?.head === action.expected ? undefined : published;
}

async function findPublished(
  ports: WorkPorts,
  repository: Repository,
  branch: string,
): Promise<Extract<BranchOutcome, { kind: 'published' }> | undefined> {
  const known = await ports.github.findPull(repository, branch);
  if (!known) return undefined;
  const { number, headSha: head, state, isDraft } = known;
  return { kind: 'published', number, head, state, ...(isDraft ? { isDraft } : {}) };
}

interface Push {
  readonly token: GitToken;
  readonly ref: RepositoryRef;
  readonly branch: string;
  readonly head: string;
  readonly expected: string | undefined;
}

async function push(
  ports: WorkPorts,
  { token, ref, branch, head, expected }: Push,
): Promise<{ readonly isMoved: boolean; readonly outcome: BranchOutcome } | undefined> {
  const pushed = await ports.git.push({ repository: ref, token, commit: head, branch, expected });
  if (pushed.kind === 'pushed') return undefined;
  // An earlier holder pushed it and died before saying so.
  if (pushed.kind === 'moved' && pushed.actual === head) return undefined;
  const why =
    pushed.kind === 'moved'
      ? `the branch ${branch} is at ${pushed.actual ?? 'nothing'}, not where it was left`
      : pushed.why;
  return { isMoved: pushed.kind === 'moved', outcome: { kind: 'failed', cause: { kind: 'push_rejected', why } } };
}

type Opened = Omit<Extract<BranchOutcome, { kind: 'published' }>, 'kind' | 'head'>;

/**
 * Looked up before it is made: whoever died after making it left it there. A stop comes too late for it: what was pushed
 * is shown where people look for it.
 */
async function openPull(ports: WorkPorts, held: Held<'publish_branch'>, run: Run, branch: string): Promise<Opened> {
  const { record } = held;
  const known = await ports.github.findPull(record.repository, branch);
  if (known) return { number: known.number, state: known.state, ...(known.isDraft ? { isDraft: true } : {}) };
  const title = toOutward(renderPullTitle(record), 250);
  const body = toOutward(renderPullBody(record, run));
  const holder = { stillHolds: () => !held.mayBeReplaced() };
  const { opensDrafts } = run.policy;
  const { number, isDraft } = await ports.github.writeFor(holder).createPull('merge', record.repository, {
    head: branch,
    base: run.base.branch,
    title,
    body,
    ...(opensDrafts ? { draft: true } : {}),
  });
  const hasNoDrafts = opensDrafts && !isDraft;
  return { number, state: 'open', ...(isDraft ? { isDraft } : {}), ...(hasNoDrafts ? { hasNoDrafts } : {}) };
}
