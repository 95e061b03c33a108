// The part of a verify log that says what went wrong: each line that looks like a failure with its surroundings, and the
// closing summary. Without such a line the end of the log is shown, since that is where programs complain.
import { cutHead } from './cut-text.ts';

const LINES_BEFORE = 4;
const LINES_AFTER = 25;
const SUMMARY_LINES = 6;
const MAX_LINE_CHARS = 300;
const FAILURE =
  /\b(?:fail(?:ed|ure|ures|s|ing)?|error|errors|exception|panic(?:ked)?|fatal|traceback|assert(?:ion)?\w*|not ok|cannot find|command not found|timed out|undefined reference)\b|^\s*(?:✗|✕|×|✖|●|❌|E {3})|(?:Error|Exception)\b/i;

interface Window {
  readonly start: number;
  readonly end: number;
}

/** At most `maxChars` characters; earlier windows are kept first, and the summary always. */
export function cutFailureWindows(log: string, maxChars: number): string {
  const lines = log.split('\n').map((line) => cutHead(line, MAX_LINE_CHARS));
  while (lines.at(-1)?.trim() === '') lines.pop();
  const whole = lines.join('\n');
  if (whole.length <= maxChars) return whole;

  const summary = lines.slice(-SUMMARY_LINES);
  while (summary.length > 1 && summary.join('\n').length > maxChars / 2) summary.shift();
  const body = lines.slice(0, lines.length - summary.length);
  const tail = cutHead(summary.join('\n'), Math.floor(maxChars / 2));
  const head = fill(body, findWindows(body), maxChars - tail.length - 1);
  return `${head}\n${tail}`;
}

function findWindows(lines: readonly string[]): Window[] {
  const windows: Window[] = [];
  for (const [at, line] of lines.entries()) {
    if (!FAILURE.test(line)) continue;
    const last = windows.at(-1);
    const window = { start: Math.max(0, at - LINES_BEFORE), end: Math.min(lines.length, at + LINES_AFTER + 1) };
    if (last !== undefined && window.start <= last.end)
      windows[windows.length - 1] = { start: last.start, end: window.end };
    else windows.push(window);
  }
  return windows.length > 0 ? windows : [{ start: Math.max(0, lines.length - LINES_AFTER), end: lines.length }];
}

/** The lines of the windows with a mark for each gap, as far as there is room. */
function fill(lines: readonly string[], windows: readonly Window[], room: number): string {
  const marks = (count: number) => `[… ${count} lines left out]`;
  const kept: string[] = [];
  const last = marks(lines.length);
  let used = last.length + 1;
  let shown = 0;
  const add = (line: string): boolean => {
    if (used + line.length + 1 > room) return false;
    used += line.length + 1;
    kept.push(line);
    return true;
  };
  for (const { start, end } of windows) {
    if (start > shown && !add(marks(start - shown))) break;
    shown = start;
    while (shown < end && add(lines[shown] ?? '')) shown += 1;
    if (shown < end) break;
  }
  if (shown < lines.length) kept.push(marks(lines.length - shown));
  return kept.join('\n');
}
