// What git said about objects that are named by their content: it would say the same again, and asking takes a process.
// A run asks for the same few trees and differences at each of its steps.
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import type { Mirror } from './mirror-path.ts';

const answersAtMost = 400;
/** Far below the two weeks for which git keeps an object that no ref reaches. */
const keptMs = 600_000;
/** Of one answer, as JSON; the whole memory stays below 30 MB. */
const charsAtMost = 64 * 1024;

interface Answer {
  readonly value: unknown;
  readonly until: number;
}

export interface ObjectMemory {
  /** The answer from before, or that of `read`. That something is missing may change, and is not kept. */
  recall<T>(mirror: Mirror, question: readonly unknown[], read: () => Promise<T>): Promise<T>;
}

export function createObjectMemory(now: () => number = Date.now): ObjectMemory {
  const answers = new Map<string, Answer>();
  return {
    async recall<T>(mirror: Mirror, question: readonly unknown[], read: () => Promise<T>): Promise<T> {
      // A mirror that was lost and made anew has other objects under the same path.
      const { ino, birthtimeMs } = await stat(mirror.path);
      // A question may have thousands of paths.
      const key = createHash('sha256')
        .update(JSON.stringify([mirror.path, ino, birthtimeMs, ...question]))
        .digest('base64');
      const known = answers.get(key);
      if (known && now() < known.until) return known.value as T;
      const value = await read();
      answers.delete(key);
      if (value === undefined || JSON.stringify(value).length > charsAtMost) return value;
      answers.set(key, { value, until: now() + keptMs });
      const [oldest] = answers.keys();
      if (answers.size > answersAtMost && oldest !== undefined) answers.delete(oldest);
      return value;
    },
  };
}
