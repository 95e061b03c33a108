// The git port on the git program. Host-side git works in bare mirrors and throw-away repositories of our own only;
// each operation's file says how it stays safe.
import type { GitPort, RepositoryRef } from '../engine/port/git.ts';
import { exportBundle, importBundle } from './bundle.ts';
import { capture } from './capture/capture.ts';
import { checkout } from './checkout.ts';
import { commitAnew } from './commit-anew.ts';
import { commitFiles } from './commit-files.ts';
import { diffCommits } from './diff.ts';
import { fetchRef } from './fetch.ts';
import { type GitContext, type GitOptions, openContext } from './git-context.ts';
import { markConflict, merge } from './merge.ts';
import type { Mirror } from './mirror-path.ts';
import { createObjectMemory } from './object-memory.ts';
import { openMirror } from './open-mirror.ts';
import { push } from './push.ts';
import { findMergeBase, isAncestor, readTree } from './read-object.ts';
import { listRefs, readRef, updateRef } from './ref.ts';
import { removeMirror } from './remove-mirror.ts';
import { identifyFiles, listFiles, readBytes, readFile } from './tree-file.ts';

export function createGit(options: GitOptions): GitPort {
  let opened: Promise<GitContext> | undefined;
  const open = () => {
    opened ??= openContext(options).catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };
  /** For what only needs the mirror. */
  const inMirror = async <Result>(
    repository: RepositoryRef,
    work: (context: GitContext, mirror: Mirror) => Promise<Result>,
  ): Promise<Result> => {
    const context = await open();
    return work(context, await openMirror(context, repository));
  };
  const memory = createObjectMemory();
  /** For what never changes, since its question names commits. */
  const once = <Result>(
    repository: RepositoryRef,
    question: readonly unknown[],
    read: (context: GitContext, mirror: Mirror) => Promise<Result>,
  ): Promise<Result> =>
    inMirror(repository, (context, mirror) => memory.recall(mirror, question, () => read(context, mirror)));
  return {
    fetch: async (repository, token, ref) => fetchRef(await open(), { repository, token, ref }),
    checkout: async (repository, commit, folder) => checkout(await open(), { repository, commit, folder }),
    capture: async (request) => capture(await open(), request),
    merge: async (request) => merge(await open(), request),
    markConflict: async (request) => markConflict(await open(), request),
    commitAnew: async (request) => commitAnew(await open(), request),
    commitFiles: async (request) => commitFiles(await open(), request),
    updateRef: async (repository, ref, to, from) => updateRef(await open(), { repository, ref, to, from }),
    readRef: async (repository, ref) => readRef(await open(), repository, ref),
    listRefs: async (repository, folder) => listRefs(await open(), { repository, folder }),
    push: async (request) => push(await open(), request),
    diff: (repository, base, head) =>
      once(repository, ['diff', base, head], (context, mirror) => diffCommits(context, mirror, { base, head })),
    treeOf: (repository, commit) =>
      once(repository, ['tree', commit], (context, mirror) => readTree(context, mirror, commit)),
    isAncestor: (repository, ancestor, descendant) =>
      once(repository, ['ancestor', ancestor, descendant], (context, mirror) =>
        isAncestor(context, mirror, { ancestor, descendant }),
      ),
    readFile: (repository, commit, path, maxBytes) =>
      once(repository, ['file', commit, path, maxBytes], (context, mirror) =>
        readFile(context, mirror, { commit, path, maxBytes }),
      ),
    identifyFiles: (repository, commit, paths) =>
      once(repository, ['ids', commit, ...paths], (context, mirror) =>
        identifyFiles(context, mirror, { commit, paths }),
      ),
    listFiles: (repository, commit, maxPaths, folder) =>
      once(repository, ['files', commit, maxPaths, folder], (context, mirror) =>
        listFiles(context, mirror, { commit, maxPaths, folder }),
      ),
    readBytes: (repository, commit, path, maxBytes) =>
      inMirror(repository, (context, mirror) => readBytes(context, mirror, { commit, path, maxBytes })),
    mergeBase: (repository, one, other) =>
      inMirror(repository, (context, mirror) => findMergeBase(context, mirror, { one, other })),
    exportBundle: (repository, base, commit) =>
      inMirror(repository, (context, mirror) => exportBundle(context, mirror, { base, commit })),
    removeMirror: (key) => removeMirror(options.folder, key),
    importBundle: (repository, bundle, commit) =>
      inMirror(repository, (context, mirror) => importBundle(context, mirror, { bundle, commit })),
  };
}
