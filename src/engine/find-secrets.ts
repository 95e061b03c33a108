// Token-shaped text that a commit brings in, looked for in whole files and their names, and not in a patch, which may be
// cut. What was in the repository before is not ours to judge.
import { secretsCountedAtMost } from '../core/model/cause.ts';
import { resultBytesAtMost } from './capture-workspace.ts';
import type { ChangedPath, GitPort, RepositoryRef } from './port/git.ts';
import { redactShapesInTurns } from './redact-in-turns.ts';

/** No further than `secretsCountedAtMost`. */
export async function countNewSecrets(
  git: GitPort,
  repository: RepositoryRef,
  commits: { readonly base: string; readonly head: string; readonly changed: readonly ChangedPath[] },
): Promise<number> {
  const fresh = new Set<string>();
  const read = async (commit: string, path: string) =>
    (await git.readFile(repository, commit, path, resultBytesAtMost)) ?? '';
  for (const { path, from = path, status } of commits.changed) {
    if (status === 'deleted') continue;
    const name = status === 'added' || status === 'renamed' ? path : '';
    const found = await findIn(`${name}\n${await read(commits.head, path)}`);
    if (found.length === 0) continue;
    // One that takes the place of another is new as well, so it is the secrets that are compared and not their number.
    const isKnown = await rememberKnown(await read(commits.base, from));
    for (const secret of found) {
      if (fresh.has(secret) || isKnown(secret)) continue;
      fresh.add(secret);
      if (fresh.size >= secretsCountedAtMost) return fresh.size;
    }
  }
  return fresh.size;
}

/** Each look goes through the whole text, and somebody else decides how many there would be. */
const looksAtMost = 100;
const charsLookedAtMost = 256 * 1024 * 1024;

/** Those that were found there, and a few that only another word beside them hides. */
async function rememberKnown(before: string): Promise<(secret: string) => boolean> {
  const known = new Set(await findIn(before));
  const texts = [before, readWideText(before)];
  let looks = Math.min(looksAtMost, charsLookedAtMost / (before.length + 1));
  return (secret) => {
    if (known.has(secret)) return true;
    looks -= 1;
    return looks >= 0 && texts.some((text) => text.includes(secret));
  };
}

/**
 * As the text is and as wide text, since neither shows all: a file that is no text may have zeros where one word ends and
 * a secret begins, and without them a secret that has its own beginning would seem to be the middle of a word. What the
 * first look found is not there for the second one, which would find it with the next word behind it.
 */
async function findIn(text: string): Promise<readonly string[]> {
  const plain = await redactShapesInTurns(text);
  if (!text.includes('\0')) return plain.found;
  const wide = await redactShapesInTurns(readWideText(plain.text));
  return plain.found.concat(wide.found);
}

/** Text in UTF-16 or UTF-32 has zeros between the letters that secrets are made of, whichever end of a letter comes first. */
function readWideText(text: string): string {
  return text.replaceAll('\0', '');
}
