// Has git, in the sandbox, store the workspace as a tree, and brings its new objects out as a pack.
import type { CaptureRefusal } from '../../engine/port/git.ts';
import type { Sandbox } from '../../engine/port/sandbox.ts';
import { localFailure, renderComplaint } from '../failure.ts';
import type { GitContext } from '../git-context.ts';
import type { Mirror } from '../mirror-path.ts';
import type { RawChange } from '../raw-diff.ts';
import { joinByteNames } from '../record.ts';
import type { BaseTree } from './base-tree.ts';
import { findOversize } from './content-policy.ts';
import { dropIgnored } from './drop-ignored.ts';
import { findUnsafeNewPath, findUnsafePath, refusePath } from './path-policy.ts';
import { runInSandbox } from './run-in-sandbox.ts';
import { collectScript, measureScript } from './sandbox-script.ts';
import { maxPaths, type Refused, surveyWorkspace } from './survey.ts';

export interface Packed {
  readonly kind: 'packed';
  readonly tree: string;
  readonly pack: Buffer;
}

interface Work {
  readonly context: GitContext;
  readonly mirror: Mirror;
  readonly sandbox: Sandbox;
  readonly base: BaseTree;
  readonly maxBytes: number;
}

/** The changed files, and room for the trees of a large repository. */
export function maxPackBytes(maxBytes: number): number {
  return maxBytes + 31 * 1024 * 1024;
}

export async function packWorkspace(work: Work): Promise<Packed | Refused | { readonly kind: 'unchanged' }> {
  const survey = await surveyWorkspace(work.sandbox, work);
  if (survey.kind === 'refused') return survey;
  const untracked = await dropIgnored(work.context, work.mirror, { base: work.base, untracked: survey.untracked });
  const gone = survey.changes.filter((change) => change.status === 'D').map((change) => change.name);
  const rewritten = survey.changes.filter((change) => change.status !== 'D').map((change) => change.name);
  const stored = [...rewritten, ...untracked];
  if (gone.length + stored.length === 0) return { kind: 'unchanged' };
  const refusal = findUnfit(survey.changes, { gone, rewritten, untracked }) ?? (await measure(work, stored));
  if (refusal) return { kind: 'refused', refusal };
  return collect(work, { gone, stored, former: await packFormer(work, rewritten) });
}

/** Known from the names alone, and said here because git in the sandbox would only say that it failed. */
function findUnfit(
  changes: readonly RawChange[],
  names: { gone: readonly string[]; rewritten: readonly string[]; untracked: readonly string[] },
): CaptureRefusal | undefined {
  const { gone, rewritten, untracked } = names;
  if (gone.length + rewritten.length + untracked.length > maxPaths) return { kind: 'too_many_paths', maxPaths };
  const submodule = changes.find((change) => change.oldMode === '160000' || change.newMode === '160000');
  if (submodule) return refusePath(submodule.name, 'submodules cannot be changed');
  const refusals = [...rewritten.map(findUnsafePath), ...untracked.map(findUnsafeNewPath)];
  return refusals.find((refusal) => refusal !== undefined);
}

/** Before anything is stored, so that the sandbox's own disk is never the limit that is met. */
async function measure(work: Work, stored: readonly string[]): Promise<CaptureRefusal | undefined> {
  const maxBytes = 32 * (stored.length + 1);
  const output = await runInSandbox(work.sandbox, { script: measureScript, input: joinByteNames(stored), maxBytes });
  if (output.kind !== 'done') return { kind: 'corrupt', why: 'the sizes of the changed files could not be read' };
  const sizes = output.stdout.toString('latin1').split('\n').map(Number);
  return findOversize(
    stored.map((name, index) => ({ name, bytes: sizes[index] ?? 0 })),
    work.maxBytes,
  );
}

/**
 * What the changed files were in base. Git needs it only to leave line endings as they are where base never normalised
 * them, so a pack that would be larger than the change may be is left out.
 */
async function packFormer(work: Work, rewritten: readonly string[]): Promise<Buffer> {
  const former = rewritten
    .flatMap((name) => work.base.entries.get(name) ?? [])
    .filter((entry) => entry.mode.startsWith('100'));
  if (former.length === 0) return Buffer.alloc(0);
  const outcome = await work.context.run({
    args: ['pack-objects', '-q', '--stdout', '--window=0'],
    repository: work.mirror.path,
    input: former.map((entry) => `${entry.id}\n`).join(''),
    maxBytes: work.maxBytes,
  });
  if (outcome.isCut) return Buffer.alloc(0);
  if (outcome.code !== 0) throw localFailure('could not pack the files of the base', outcome);
  return outcome.stdout;
}

async function collect(
  work: Work,
  parts: { former: Buffer; gone: readonly string[]; stored: readonly string[] },
): Promise<Packed | Refused> {
  const input = [work.base.listing, parts.former, joinByteNames(parts.gone), joinByteNames(parts.stored)];
  const maxBytes = maxPackBytes(work.maxBytes);
  const output = await runInSandbox(work.sandbox, {
    script: collectScript,
    args: input.map((part) => String(part.length)),
    input: Buffer.concat(input),
    maxBytes,
  });
  if (output.kind === 'too_much') return refuse({ kind: 'too_large', bytes: maxBytes, maxBytes: work.maxBytes });
  if (output.kind === 'failed') return refuse({ kind: 'corrupt', why: renderComplaint(output.stderr) });
  const lineEnd = output.stdout.indexOf('\n');
  const [, tree, bytes] = /^tree ([0-9a-f]{40}) (\d+)$/.exec(output.stdout.toString('latin1', 0, lineEnd)) ?? [];
  const pack = output.stdout.subarray(lineEnd + 1);
  if (tree === undefined || pack.length !== Number(bytes))
    return refuse({ kind: 'corrupt', why: 'the packed workspace is not whole' });
  return { kind: 'packed', tree, pack };
}

function refuse(refusal: CaptureRefusal): Refused {
  return { kind: 'refused', refusal };
}
