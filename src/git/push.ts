// Moves one branch of the remote to one commit, if it is still where it was expected.
import type { GitToken, PushResult, RepositoryRef } from '../engine/port/git.ts';
import { remoteFailure, renderComplaint } from './failure.ts';
import type { GitContext } from './git-context.ts';
import type { Mirror } from './mirror-path.ts';
import { isBranchName, requireCommitName } from './name.ts';
import { openMirror } from './open-mirror.ts';
import { requireRemoteUrl } from './remote-url.ts';

export interface PushRequest {
  readonly repository: RepositoryRef;
  readonly token: GitToken;
  readonly commit: string;
  readonly branch: string;
  readonly expected: string | undefined;
}

export async function push(context: GitContext, request: PushRequest): Promise<PushResult> {
  if (!isBranchName(request.branch)) throw new Error(`not a branch name: ${request.branch}`);
  const commit = requireCommitName(request.commit);
  const expected = request.expected === undefined ? '' : requireCommitName(request.expected);
  const url = requireRemoteUrl(request.token.url ?? request.repository.url);
  const mirror = await openMirror(context, request.repository);
  const ref = `refs/heads/${request.branch}`;
  const outcome = await context.run({
    args: [
      'push',
      '--porcelain',
      '--no-verify',
      `--force-with-lease=${ref}:${expected}`,
      '--',
      url,
      `${commit}:${ref}`,
    ],
    repository: mirror.path,
    transport: 'network',
    token: request.token,
  });
  if (outcome.code === 0) return { kind: 'pushed' };
  const refusal = /^!\t[^\t]*\t(.*)$/m.exec(outcome.stdout.toString('utf8'))?.[1];
  if (refusal === undefined) throw remoteFailure(`could not push to ${url}`, outcome);

  // The remote may have said no because of somebody who came first, at any moment of the exchange: where the branch
  // is now tells that apart from a rule of the remote.
  const actual = await readRemoteRef(context, mirror, { url, token: request.token, ref });
  if (actual === commit) return { kind: 'pushed' };
  if (actual !== request.expected) return { kind: 'moved', actual };
  const said = outcome.stderr.split('\n').filter((line) => line.startsWith('remote:'));
  return { kind: 'rejected', why: renderComplaint(`error: ${refusal}\n${said.join('\n')}`) };
}

async function readRemoteRef(
  context: GitContext,
  mirror: Mirror,
  request: { url: string; token: GitToken; ref: string },
): Promise<string | undefined> {
  const outcome = await context.run({
    args: ['ls-remote', '--refs', '--', request.url, request.ref],
    repository: mirror.path,
    transport: 'network',
    token: request.token,
  });
  if (outcome.code !== 0) throw remoteFailure(`could not read ${request.url}`, outcome);
  const line = outcome.stdout
    .toString('utf8')
    .split('\n')
    .find((entry) => entry.endsWith(`\t${request.ref}`));
  return line?.split('\t')[0];
}
