/** The end of what begins at `from`; undefined where it is not what is looked for. */
export type Measure = (text: string, from: number) => number | undefined;

const signsAtOnce = 4_096;

/**
 * Measures how far text of one kind goes on: `signs` as between the brackets of a pattern. It goes in steps, because a pattern
 * without a bound keeps a place for every sign, and gives up with an error where megabytes are one word.
 */
export function createRun(signs: string, atLeast: number): Measure {
  const some = new RegExp(`[${signs}]{1,${signsAtOnce}}`, 'y');
  return (text, from) => {
    let end = from;
    some.lastIndex = from;
    while (some.test(text)) end = some.lastIndex;
    return end - from < atLeast ? undefined : end;
  };
}
