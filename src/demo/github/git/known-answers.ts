// Answers of git that cannot change: what is asked of the object store by full object ids alone is the same for ever, so
// git is asked once. Pages, snapshots and lists ask it over and over.
import type { GitAnswer } from './git.ts';

const answersAtMost = 2_000;
const bytesAtMost = 256 * 1024;

/** Commands that only read objects. `merge-tree` writes the tree it makes, which stays. */
const commands: ReadonlySet<string> = new Set([
  'cat-file',
  'diff',
  'diff-tree',
  'log',
  'ls-tree',
  'merge-base',
  'merge-tree',
  'rev-list',
  'rev-parse',
]);

const objects = /^\^?[0-9a-f]{40}(\^\{commit\}|\.\.[0-9a-f]{40})?$/;

export class KnownAnswers {
  readonly #answers = new Map<string, Promise<GitAnswer>>();

  /** What `ask` says, now or when the same was asked before. */
  async find(args: readonly string[], ask: () => Promise<GitAnswer>): Promise<GitAnswer> {
    if (!isOfObjectsOnly(args)) return await ask();
    const key = args.join('\0');
    const known = this.#answers.get(key);
    if (known !== undefined) return await known;
    const asked = ask();
    this.#answers.set(key, asked);
    if (this.#answers.size > answersAtMost) this.#answers.delete(this.#answers.keys().next().value ?? '');
    const isKept = await asked.then(
      (answer) => isLasting(args, answer),
      () => false,
    );
    if (!isKept && this.#answers.get(key) === asked) this.#answers.delete(key);
    return await asked;
  }
}

function isOfObjectsOnly([command = '', ...rest]: readonly string[]): boolean {
  if (!commands.has(command)) return false;
  const end = rest.indexOf('--');
  const names = rest.slice(0, end < 0 ? rest.length : end).filter((arg) => !arg.startsWith('-') && arg !== 'blob');
  return names.length > 0 && names.every((name) => objects.test(name));
}

/** An object that is missing today may be there tomorrow; for a merge, 1 means no: no ancestor, or a conflict. */
function isLasting([command = '']: readonly string[], { code, stdout }: GitAnswer): boolean {
  return stdout.byteLength <= bytesAtMost && (code === 0 || (code === 1 && command.startsWith('merge-')));
}
