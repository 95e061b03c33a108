import { redact } from '../sanitise/redact.ts';

/** What a weakening says of the line that shows it. */
export function quoteChanged(line: string): string {
  return redact(line.trim()).text.slice(0, 160);
}
