import type { Run } from '../core/model/run.ts';

interface Merge {
  /** Who resolved what conflicts, in one sentence. */
  readonly how?: string;
  readonly secondary?: readonly string[];
}

/** The message of the commit that brings the base in. */
export function renderMergeMessage({ base, pullRequest }: Run, { how, secondary = [] }: Merge = {}): string {
  const also = secondary.map((path) => `- ${path}\n`).join('');
  return [
    `Merge branch '${base.branch}' into ${pullRequest?.branch ?? 'the branch of the run'}\n`,
    ...(how === undefined ? [] : [`${how}\n`]),
    ...(also === '' ? [] : [`Also changed for that:\n${also}`]),
  ].join('\n');
}
