// What `npm run resources` prints of a working copy: every agent, workflow and skill with its source and state, and each
// mistake with the place where it stands, as editors and CI know how to read it.
import type { CatalogEntry } from '../resource/open-catalog.ts';
import { type ConfigMistake, isOfRepository } from './render-config-check.ts';

export interface ResourceList {
  readonly text: string;
  /** Something in the working copy does not work. */
  readonly isWrong: boolean;
}

export function renderResourceList(entries: readonly CatalogEntry[], mistakes: readonly ConfigMistake[]): ResourceList {
  const rows = entries.map(({ kind, name, state, source, why, mistakes: own }) => {
    // With its place, it is told below.
    const told = why === undefined || own.length > 0 ? '' : `  ${why}`;
    return `${kind.padEnd(8)}  ${name.padEnd(24)}  ${state.padEnd(8)}  ${(source ?? '').padEnd(10)}${told}`.trimEnd();
  });
  const wrong = mistakes.map(({ path, line, message }) => `${path}:${line}: ${message}`);
  const idle = entries.filter(
    (entry) => isOfRepository(entry) && entry.state !== 'active' && entry.mistakes.length === 0,
  );
  const count = `${mistakes.length} ${mistakes.length === 1 ? 'mistake' : 'mistakes'}`;
  const isWrong = mistakes.length > 0 || idle.some(({ state }) => state === 'shadowed');
  const text = [...rows, '', ...wrong, ...(wrong.length > 0 ? [''] : []), `${count}.`].map(toPlain).join('\n');
  return { text: `${text}\n`, isWrong };
}

/** What stands in a file cannot write over what stands on a terminal. */
function toPlain(line: string): string {
  return line.replace(/\p{C}/gu, '?');
}
