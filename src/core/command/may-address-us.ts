/**
 * How a line begins that may be addressed to us: a slash word or our name, whatever invisible characters stand before
 * it. Tried on one line at a time: over a whole comment it would take hours where somebody writes nothing but line ends.
 */
const beginning = /^[\s\p{Cf}\p{Default_Ignorable_Code_Point}]*(?:\/[a-z]|@gatepilot\b)/iu;

/** Whether a comment holds a command is for the parser; this only leaves out, at the door, what cannot. */
export function mayAddressUs(body: string): boolean {
  return body.split(/\r\n|\r|\n/).some((line) => beginning.test(line));
}
