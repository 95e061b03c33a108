// Everything that a file of requirements names, and what those name in turn: a layer is another one when one of them changes.
import { redact } from '../core/sanitise/redact.ts';
import { requirementsFile } from '../core/setup/detect-setup.ts';
import { parseRequirements } from '../core/setup/parse-requirements.ts';
import type { RepositoryRef } from './port/git.ts';
import { readSmall } from './read-small.ts';
import type { WorkPorts } from './work-ports.ts';

const filesAtMost = 50;

/** Files and folders, from the top of the repository; or why they cannot all be told. */
export async function followRequirements(
  ports: WorkPorts,
  repository: RepositoryRef,
  commit: string,
): Promise<{ readonly paths: readonly string[] } | { readonly why: string }> {
  const files = new Set([requirementsFile]);
  const folders = new Set<string>();
  // A set goes on to what is added to it meanwhile.
  for (const path of files) {
    if (files.size > filesAtMost) return { why: `it leads to more than ${filesAtMost} files` };
    const read = await readSmall(ports, { repository, commit, path });
    if (read.kind === 'too_large') return { why: `${path} is too large` };
    const named = parseRequirements(read.text ?? '', path);
    if ('untold' in named)
      return {
        why: `${path} says "${redact(named.untold).text.slice(0, 100)}", which may change without a change in what is looked at`,
      };
    for (const file of named.files) files.add(file);
    for (const folder of named.folders) folders.add(folder);
  }
  return { paths: [...files, ...folders] };
}
