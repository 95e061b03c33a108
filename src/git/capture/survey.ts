// Finds which paths of a workspace differ from base, before any content is looked at.
import type { CaptureRefusal } from '../../engine/port/git.ts';
import type { Sandbox } from '../../engine/port/sandbox.ts';
import { renderComplaint } from '../failure.ts';
import { parseRawDiff, type RawChange } from '../raw-diff.ts';
import { renderByteName, splitByteNames } from '../record.ts';
import type { BaseTree } from './base-tree.ts';
import { findUnsafePath, refusePath } from './path-policy.ts';
import { runInSandbox, type SandboxOutput } from './run-in-sandbox.ts';
import { listNestedScript, surveyScript } from './sandbox-script.ts';

/** A result with more paths than this is no change that anybody could judge. */
export const maxPaths = 20_000;
const maxSurveyBytes = 32 * 1024 * 1024;
const maxNestedFolders = 100;

export interface Survey {
  readonly kind: 'surveyed';
  /** Tracked paths that differ or are gone. */
  readonly changes: readonly RawChange[];
  /** Untracked paths that the workspace's own ignore files do not name; byte for byte. */
  readonly untracked: readonly string[];
}

export interface Refused {
  readonly kind: 'refused';
  readonly refusal: CaptureRefusal;
}

/** `maxBytes` is the most that the changed files may have together; it also bounds how much is read to find them. */
export async function surveyWorkspace(
  sandbox: Sandbox,
  work: { base: BaseTree; maxBytes: number },
): Promise<Survey | Refused> {
  const { base, maxBytes } = work;
  // Checking out may have made text longer, by other line endings or another encoding.
  const readableBytes = 2 * base.bytes + maxBytes;
  const output = await runInSandbox(sandbox, {
    script: surveyScript,
    args: [String(base.listing.length), String(readableBytes)],
    input: base.listing,
    maxBytes: maxSurveyBytes,
  });
  const read = readOutput(output);
  if (read.kind === 'refused') return read;
  const grown = /^grown (\d+)$/.exec(read.stdout.toString('latin1', 0, 64))?.[1];
  if (grown !== undefined) return refuse({ kind: 'too_large', bytes: Number(grown) - base.bytes, maxBytes });
  // The first empty record ends the raw diff, which may be empty itself.
  const end = read.stdout[0] === 0 ? 0 : read.stdout.indexOf('\0\0') + 1;
  const changes = parseRawDiff(read.stdout.subarray(0, end));
  const listed = splitByteNames(read.stdout.subarray(end + 1));
  const nested = await listNested(sandbox, listed.filter(isFolder));
  if (nested.kind === 'refused') return nested;
  const inSubmodule = await findInSubmodule(sandbox, base);
  if (inSubmodule) return inSubmodule;
  return { kind: 'surveyed', changes, untracked: [...listed.filter((name) => !isFolder(name)), ...nested.names] };
}

type Names = { readonly kind: 'listed'; readonly names: readonly string[] };

/** Repositories within the workspace are folders like any other here; they may hold further ones. */
async function listNested(sandbox: Sandbox, first: readonly string[]): Promise<Names | Refused> {
  const names: string[] = [];
  let visited = 0;
  for (let folders = first; folders.length > 0; ) {
    visited += folders.length;
    const [root] = folders;
    if (root !== undefined && visited > maxNestedFolders)
      return refuse(refusePath(root, 'there are too many repositories within the workspace'));
    const listed = await listFolders(sandbox, folders);
    if (listed.kind === 'refused') return listed;
    names.push(...listed.names.filter((name) => !isFolder(name)));
    folders = listed.names.filter(isFolder);
  }
  return { kind: 'listed', names };
}

/** Git does not look into the folder of a submodule. What an agent wrote there would be lost without a word. */
async function findInSubmodule(sandbox: Sandbox, base: BaseTree): Promise<Refused | undefined> {
  const folders = [...base.entries].filter(([, entry]) => entry.mode === '160000').map(([name]) => `${name}/`);
  for (let start = 0; start < folders.length; start += maxNestedFolders) {
    const listed = await listFolders(sandbox, folders.slice(start, start + maxNestedFolders));
    if (listed.kind === 'refused') return listed;
    const [name] = listed.names;
    if (name !== undefined) return refuse(refusePath(name, 'it is inside a submodule, which cannot be changed'));
  }
  return undefined;
}

async function listFolders(sandbox: Sandbox, folders: readonly string[]): Promise<Names | Refused> {
  const unsafe = folders.map(findUnsafePath).find((refusal) => refusal !== undefined);
  if (unsafe) return refuse(unsafe);
  const args = folders.map((folder) => renderByteName(folder.slice(0, -1)));
  const read = readOutput(await runInSandbox(sandbox, { script: listNestedScript, args, maxBytes: maxSurveyBytes }));
  if (read.kind === 'refused') return read;
  const names: string[] = [];
  let position = 0;
  for (const name of splitByteNames(read.stdout)) {
    if (name === '') position += 1;
    else names.push(`${folders[position] ?? ''}${name}`);
  }
  return { kind: 'listed', names };
}

function readOutput(output: SandboxOutput): { readonly kind: 'read'; readonly stdout: Buffer } | Refused {
  if (output.kind === 'too_much') return refuse({ kind: 'too_many_paths', maxPaths });
  // A folder that git cannot open is only a warning to it; here it would be content that goes missing.
  if (output.kind === 'failed' || output.stderr.includes('could not open directory')) {
    return refuse({ kind: 'corrupt', why: renderComplaint(output.stderr) });
  }
  return { kind: 'read', stdout: output.stdout };
}

function isFolder(name: string): boolean {
  return name.endsWith('/');
}

function refuse(refusal: CaptureRefusal): Refused {
  return { kind: 'refused', refusal };
}
