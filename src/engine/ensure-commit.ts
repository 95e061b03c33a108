import type { Run } from '../core/model/run.ts';
import type { Repository } from '../core/model/subject.ts';
import { ExternalError } from './external-error.ts';
import type { RepositoryRef } from './port/git.ts';
import { toRepositoryRef, type WorkPorts } from './work-ports.ts';

/** Brings the base branch into the mirror; undefined when the branch is gone. */
export async function fetchBranch(
  ports: WorkPorts,
  repository: Repository,
  branch: string,
): Promise<string | undefined> {
  const token = await ports.github.createGitToken(repository, 'read');
  return await ports.git.fetch(toRepositoryRef(ports.github, repository), token, branch);
}

/** Where what was built for a run is kept until GitHub has it. */
export function findBundle(run: Run, commit: string): string | undefined {
  return [run.integration, run.broughtIn].find((one) => one?.commit === commit)?.bundle;
}

/**
 * Makes sure that a commit is in this host's mirror: it may have been built on another host, and then its bundle is in
 * the artifact store; or it is on GitHub.
 */
export async function ensureCommit(
  ports: WorkPorts,
  repository: Repository,
  wanted: { readonly commit: string; readonly bundle?: string | undefined },
): Promise<RepositoryRef> {
  const ref = toRepositoryRef(ports.github, repository);
  if ((await ports.git.treeOf(ref, wanted.commit)) !== undefined) return ref;
  const token = await ports.github.createGitToken(repository, 'read');
  if ((await ports.git.fetch(ref, token, wanted.commit)) !== undefined) return ref;
  const bundle = wanted.bundle === undefined ? undefined : await ports.artifacts.read(ref.key, wanted.bundle);
  if (bundle) {
    await ports.git.importBundle(ref, bundle, wanted.commit);
    return ref;
  }
  throw new ExternalError({ system: 'git', message: `commit ${wanted.commit} cannot be found`, retry: 'soon' });
}
