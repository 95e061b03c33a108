import { cutOnStructure } from '../core/sanitise/cut-on-structure.ts';
import { redact } from '../core/sanitise/redact.ts';

/** GitHub refuses longer comments, bodies and check summaries. */
const charsAtMost = 65_000;

/** The one way out for text that people will see on GitHub: without secrets, and cut where GitHub would refuse it. */
export function toOutward(text: string, maxChars = charsAtMost): string {
  return cutOnStructure(redact(text).text, maxChars);
}
