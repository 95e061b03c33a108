// One remote repository, one worker's folder, and the port between them.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Author, CaptureResult, GitPort, RepositoryRef } from '../../../src/engine/port/git.ts';
import type { Sandbox } from '../../../src/engine/port/sandbox.ts';
import { createGit } from '../../../src/git/create-git.ts';
import { mirrorPath } from '../../../src/git/mirror-path.ts';
import { credentials, type HttpRemote, startHttpRemote } from './http-remote.ts';
import { plainGit } from './plain-git.ts';
import { openProcessSandbox, type ProcessSandbox } from './process-sandbox.ts';

export const author: Author = { name: 'Gatepilot', email: 'bot@example.com' };

export interface Scene {
  readonly folder: string;
  /** The bare repository that the remote serves. */
  readonly bare: string;
  readonly remote: HttpRemote;
  readonly repository: RepositoryRef;
  readonly git: GitPort;
  /** Where the port keeps mirrors and scratch. */
  readonly hostFolder: string;
  /** The repository's mirror, once there is one. */
  readonly mirror: string;
  /** Puts a commit with these files on a branch of the remote; a value of undefined removes the file. */
  commit(branch: string, files: Readonly<Record<string, string | Uint8Array | undefined>>): Promise<string>;
  fetch(ref: string): Promise<string>;
  checkout(commit: string): Promise<string>;
  /** In a stand-in sandbox, unless another one is given. */
  capture(workspace: string, base: string, options?: CaptureOptions): Promise<CaptureResult>;
  /** The sandboxes that captures opened. */
  readonly sandboxes: readonly ProcessSandbox[];
  close(): Promise<void>;
}

export interface CaptureOptions {
  readonly maxBytes?: number;
  readonly openSandbox?: () => Promise<Sandbox>;
}

export async function openScene(): Promise<Scene> {
  const folder = await mkdtemp(join(tmpdir(), 'gatepilot-git-'));
  const bare = join(folder, 'remote', 'project.git');
  const source = join(folder, 'source');
  plainGit(folder, ['init', '--quiet', '--bare', '--initial-branch=main', bare]);
  plainGit(bare, ['config', 'http.receivepack', 'true']);
  plainGit(folder, ['init', '--quiet', '--initial-branch=main', source]);
  const remote = await startHttpRemote(join(folder, 'remote'));
  const hostFolder = join(folder, 'host');
  const repository = { key: 'example.com/7', url: `${remote.origin}/project.git` };
  const git = createGit({ folder: hostFolder });
  const sandboxes: ProcessSandbox[] = [];
  let workspaces = 0;

  return {
    folder,
    bare,
    remote,
    repository,
    git,
    hostFolder,
    mirror: mirrorPath(hostFolder, repository).path,
    sandboxes,
    commit: async (branch, files) => {
      const isKnown = plainGit(bare, ['branch', '--list', branch]) !== '';
      if (isKnown) plainGit(source, ['fetch', '--quiet', bare, branch]);
      const start = isKnown ? ['FETCH_HEAD'] : [];
      if (start.length > 0 || plainGit(bare, ['branch', '--list']) === '')
        plainGit(source, ['checkout', '--quiet', '-B', branch, ...start]);
      else plainGit(source, ['checkout', '--quiet', '-B', branch, 'main']);
      for (const [path, content] of Object.entries(files)) {
        if (content === undefined) await rm(join(source, path));
        else {
          await mkdir(dirname(join(source, path)), { recursive: true });
          await writeFile(join(source, path), content);
        }
      }
      plainGit(source, ['add', '--all', '--force']);
      plainGit(source, ['commit', '--quiet', '--allow-empty', '-m', 'a change']);
      plainGit(source, ['push', '--quiet', '--force', bare, `HEAD:refs/heads/${branch}`]);
      return plainGit(source, ['rev-parse', 'HEAD']);
    },
    fetch: async (ref) => {
      const commit = await git.fetch(repository, credentials, ref);
      if (commit === undefined) throw new Error(`${ref} is not on the remote`);
      return commit;
    },
    checkout: async (commit) => {
      const workspace = join(folder, `workspace-${++workspaces}`);
      await git.checkout(repository, commit, workspace);
      return workspace;
    },
    capture: (workspace, base, options = {}) =>
      git.capture({
        repository,
        base,
        message: 'Work of an agent\n',
        author,
        maxBytes: options.maxBytes ?? 10_000_000,
        openSandbox: async () => {
          if (options.openSandbox) return options.openSandbox();
          const scratch = await mkdtemp(join(folder, 'sandbox-'));
          const sandbox = openProcessSandbox(workspace, scratch);
          sandboxes.push(sandbox);
          return sandbox;
        },
      }),
    close: async () => {
      await remote.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The commit of a capture that must have worked. */
export function requireCaptured(result: CaptureResult): Extract<CaptureResult, { kind: 'captured' }> {
  if (result.kind !== 'captured') throw new Error(`not captured: ${JSON.stringify(result)}`);
  return result;
}
