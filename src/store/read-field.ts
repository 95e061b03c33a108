/** A value of a flat list of names and values, as Redis gives them. A value may read like a name. */
export function readField(fields: readonly string[], name: string): string | undefined {
  for (let index = 0; index + 1 < fields.length; index += 2) if (fields[index] === name) return fields[index + 1];
  return undefined;
}
