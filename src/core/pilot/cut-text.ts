// Shortens text to a number of characters and says how much is gone. The mark counts towards the limit.

/** Keeps the beginning. */
export function cutHead(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text;
  const mark = renderMark(text.length);
  if (mark.length >= maxChars) return slice(text, 0, maxChars);
  const kept = slice(text, 0, maxChars - mark.length);
  return kept + renderMark(text.length - kept.length);
}

/** Keeps the beginning and, of more weight, the end: who reports at length says at the end what counts. */
export function cutMiddle(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text;
  const head = slice(text, 0, Math.floor(maxChars / 4));
  const room = maxChars - head.length - renderMark(text.length).length - 2;
  const tail = text.slice(text.length - room);
  const end = tail.isWellFormed() || !text.isWellFormed() ? tail : tail.slice(1);
  return `${head}\n${renderMark(text.length - head.length - end.length)}\n${end}`;
}

/** Keeps whole items from the front as long as they fit, and says how many are left out. */
export function cutItems(items: readonly string[], { maxChars, what }: { maxChars: number; what: string }): string {
  const whole = items.join('\n');
  if (whole.length <= maxChars) return whole;
  const renderLeftOut = (count: number) => `[… ${count} more ${what} left out]`;
  const room = maxChars - renderLeftOut(items.length).length - 1;
  const kept: string[] = [];
  let used = 0;
  for (const item of items) {
    if (used + item.length > room) break;
    kept.push(item);
    used += item.length + 1;
  }
  const [first] = items;
  // A first item that alone is too long is still worth its beginning.
  if (kept.length === 0 && first !== undefined && room > 0) kept.push(cutHead(first, room));
  const left = items.length - kept.length;
  return [...kept, ...(left > 0 ? [renderLeftOut(left)] : [])].join('\n').slice(0, Math.max(0, maxChars));
}

function renderMark(chars: number): string {
  return `[… ${chars} characters left out]`;
}

/** A cut between the two halves of one character would leave half of it. */
function slice(text: string, start: number, end: number): string {
  const part = text.slice(start, end);
  return part.isWellFormed() || !text.isWellFormed() ? part : part.slice(0, -1);
}
