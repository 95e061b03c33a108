import type { GitToken, RepositoryRef } from '../engine/port/git.ts';
import { remoteFailure } from './failure.ts';
import type { GitContext } from './git-context.ts';
import { isBranchName, isCommitName, isRefName } from './name.ts';
import { openMirror } from './open-mirror.ts';
import { readCommit } from './read-object.ts';
import { requireRemoteUrl } from './remote-url.ts';

/** Brings all branches up to date, and whatever else `ref` names; see the port. */
export async function fetchRef(
  context: GitContext,
  request: { repository: RepositoryRef; token: GitToken; ref: string },
): Promise<string | undefined> {
  const { repository, token, ref } = request;
  const mirror = await openMirror(context, repository);
  const url = requireRemoteUrl(request.token.url ?? repository.url);
  const fetch = (options: readonly string[], refspec: string) =>
    context.write(mirror, {
      args: ['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', ...options, '--', url, refspec],
      transport: 'network',
      token,
    });
  const branches = await fetch(['--prune', '--force'], '+refs/heads/*:refs/heads/*');
  if (branches.code !== 0) throw remoteFailure(`could not fetch ${url}`, branches);

  const source = decideSource(ref);
  if (source === undefined) return undefined;
  if (source.kind === 'branch') return readCommit(context, mirror, source.name);
  const known = source.kind === 'commit' ? await readCommit(context, mirror, source.name) : undefined;
  if (known !== undefined) return known;
  const extra = await fetch(['--force'], source.refspec);
  if (extra.code === 0) return readCommit(context, mirror, source.kept);
  if (isUnknownThere(extra.stderr)) return undefined;
  throw remoteFailure(`could not fetch ${url}`, extra);
}

type Source =
  | { readonly kind: 'branch'; readonly name: string }
  | { readonly kind: 'commit' | 'ref'; readonly name: string; readonly refspec: string; readonly kept: string };

/** What is no branch is kept below `refs/fetched/`, away from the branches that pruning removes and from our own refs. */
function decideSource(ref: string): Source | undefined {
  if (isCommitName(ref)) return { kind: 'commit', name: ref, refspec: ref, kept: ref };
  if (ref.startsWith('refs/')) {
    if (!isRefName(ref)) return undefined;
    if (ref.startsWith('refs/heads/')) return { kind: 'branch', name: ref };
    const kept = `refs/fetched/${ref.slice('refs/'.length)}`;
    return { kind: 'ref', name: ref, refspec: `+${ref}:${kept}`, kept };
  }
  return isBranchName(ref) ? { kind: 'branch', name: `refs/heads/${ref}` } : undefined;
}

function isUnknownThere(stderr: string): boolean {
  return /couldn't find remote ref|not our ref|did not send all necessary objects/.test(stderr);
}
