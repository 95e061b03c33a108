/** Everything that an agent sent, as text; empty when it is nested more deeply than can be written, though it could be read. */
export function toJsonText(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    return '';
  }
}
