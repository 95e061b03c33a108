// Bundles carry finished work to other hosts and over crashes. A bundle that comes in is as foreign as any other.
import { writeFile } from 'node:fs/promises';
import { ExternalError } from '../engine/external-error.ts';
import { localFailure } from './failure.ts';
import type { GitContext } from './git-context.ts';
import type { Mirror } from './mirror-path.ts';
import { requireCommitName } from './name.ts';
import { admitResult, resultRef, setResult, withQuarantine } from './quarantine.ts';

export function exportBundle(
  context: GitContext,
  mirror: Mirror,
  range: { base: string; commit: string },
): Promise<Uint8Array> {
  const base = requireCommitName(range.base);
  const commit = requireCommitName(range.commit);
  // A bundle names refs, and the mirror should not get one for this.
  return withQuarantine(context, mirror, async (quarantine) => {
    await setResult(quarantine, commit);
    const outcome = await quarantine.run({ args: ['bundle', 'create', '--quiet', '-', resultRef, `^${base}`] });
    if (outcome.code !== 0 || outcome.isCut) throw localFailure('could not make a bundle', outcome);
    return outcome.stdout;
  });
}

export function importBundle(
  context: GitContext,
  mirror: Mirror,
  source: { bundle: Uint8Array; commit: string },
): Promise<void> {
  const commit = requireCommitName(source.commit);
  return withQuarantine(context, mirror, async (quarantine) => {
    const file = `${quarantine.path}.bundle`;
    await writeFile(file, source.bundle);
    const args = ['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', '--', file, `${resultRef}:${resultRef}`];
    const unpacked = await quarantine.run({ args, transport: 'file' });
    if (unpacked.code !== 0) throw localFailure('could not read a bundle', unpacked);
    const held = await quarantine.run({ args: ['rev-parse', '--verify', '--quiet', resultRef] });
    if (held.stdout.toString('utf8').trim() !== commit) {
      throw new ExternalError({
        system: 'git',
        retry: 'never',
        message: 'a bundle does not hold the commit it should',
      });
    }
    const admitted = await admitResult(context, mirror, quarantine);
    if (admitted.code !== 0) throw localFailure('a bundle was refused', admitted);
  });
}
