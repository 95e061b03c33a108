/** GitHub may answer a text with other line ends and without what is invisible at its end. */
export function isSameText(one: string, other: string): boolean {
  return normalise(one) === normalise(other);
}

function normalise(text: string): string {
  return text.replace(/\r\n?/g, '\n').trimEnd();
}
