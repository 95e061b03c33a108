// Labels of ours: what stands before the colon the settings say, what stands behind it is always the same. GitHub knows names of
// labels by any case, and tells the one in which somebody wrote it first.
export const usualPrefix = 'pilot';

/** Putting one on is a command, and finding one on means nothing. */
const commandWords = ['run', 'plan', 'review', 'ok-to-run'] as const;
/** They say something for as long as they are on. */
export const lastingWords = ['hold', 'never'] as const;
/** How a run stands: these command nothing. */
export const stateWords = ['queued', 'working', 'needs-input', 'ready', 'failed', 'stopped'] as const;

export type CommandWord = (typeof commandWords)[number];
export type LastingWord = (typeof lastingWords)[number];
export type StateWord = (typeof stateWords)[number];

export interface OwnLabel {
  /** In lower case, as the whole. */
  readonly name: string;
  readonly prefix: string;
  readonly word: CommandWord | LastingWord | StateWord;
}

const shape = new RegExp(
  `^([a-z0-9][a-z0-9_-]{0,29}):(${[...commandWords, ...lastingWords, ...stateWords].join('|')})$`,
);

/** What may be one of ours, by whatever prefix. */
export function parseOwnLabel(label: string): OwnLabel | undefined {
  const name = label.toLowerCase();
  const found = shape.exec(name);
  return found ? { name, prefix: found[1] ?? '', word: found[2] as OwnLabel['word'] } : undefined;
}

export function isLastingWord(word: string): word is LastingWord {
  return lastingWords.some((one) => one === word);
}

export function isStateWord(word: string): word is StateWord {
  return stateWords.some((one) => one === word);
}

/** `prefix` is absent where it is the usual one. */
export function nameLabel(prefix: string | undefined, word: OwnLabel['word']): string {
  return `${prefix ?? usualPrefix}:${word}`;
}
