/**
 * How a line begins that may be addressed to us: a slash word or a mention, whatever invisible characters stand before
 * it. Tried on one line at a time: over a whole comment it would take hours where somebody writes nothing but line ends.
 */
const beginning = /^[\s\p{Cf}\p{Default_Ignorable_Code_Point}]*(?:\/[a-z]|@(?<name>[a-z0-9][a-z0-9-]*))/iu;

/**
 * Whether a comment holds a command is for the parser; this only leaves out, at the door, what cannot. `slug` is how our App
 * is called; while nobody knows that, anybody who is mentioned may be us.
 */
export function mayAddressUs(body: string, slug: string | undefined): boolean {
  return body.split(/\r\n|\r|\n/).some((line) => {
    const found = beginning.exec(line);
    const name = found?.groups?.['name'];
    return found !== null && (name === undefined || slug === undefined || name.toLowerCase() === slug.toLowerCase());
  });
}
