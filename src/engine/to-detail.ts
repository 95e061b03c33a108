import { redact } from '../core/sanitise/redact.ts';

const charsAtMost = 300;

/** What the world said of its own fault, as a record keeps it: without secrets first, since a cut may halve one, then short. */
export function toDetail(said: string): string {
  return redact(said).text.slice(0, charsAtMost);
}
