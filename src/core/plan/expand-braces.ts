/**
 * `a/{b,c}.ts` as `a/b.ts` and `a/c.ts`, nested groups included. Undefined when braces do not pair up, when a group
 * offers no choice, or when there are more than `maxAlternatives`: a small text must not become a huge list.
 */
export function expandBraces(text: string, maxAlternatives: number): string[] | undefined {
  const open = text.indexOf('{');
  if (open === -1) return text.includes('}') ? undefined : [text];
  const group = readGroup(text, open);
  if (group === undefined || group.choices.length < 2) return undefined;
  const expanded: string[] = [];
  for (const choice of group.choices) {
    const rest = expandBraces(text.slice(0, open) + choice + text.slice(group.end), maxAlternatives);
    if (rest === undefined) return undefined;
    expanded.push(...rest);
    if (expanded.length > maxAlternatives) return undefined;
  }
  return expanded;
}

/** The comma-separated choices of the group that opens at `open`, and where the text goes on after it. */
function readGroup(text: string, open: number): { choices: string[]; end: number } | undefined {
  const choices: string[] = [];
  let depth = 0;
  let start = open + 1;
  for (let at = open; at < text.length; at += 1) {
    const char = text[at];
    if (char === '{') depth += 1;
    if (char === '}') depth -= 1;
    const isEnd = depth === 0;
    if (isEnd || (char === ',' && depth === 1)) {
      choices.push(text.slice(start, at));
      start = at + 1;
    }
    if (isEnd) return { choices, end: at + 1 };
  }
  return undefined;
}
