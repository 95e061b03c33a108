// Short ways to write what the pilot is told. What a test does not mention is empty.
import type { BatchTaskReport, PilotContext, UpcomingTask } from '../../../src/core/pilot/pilot-context.ts';

export function report(key: string, overrides: Partial<BatchTaskReport> = {}): BatchTaskReport {
  return {
    key,
    title: `Do ${key}`,
    state: 'failed',
    attemptsUsed: 1,
    costUsd: 0.125,
    seconds: 61.4,
    diffstat: '',
    verifyLogs: [],
    acceptance: [],
    summary: '',
    ...overrides,
  };
}

export function upcoming(key: string, overrides: Partial<UpcomingTask> = {}): UpcomingTask {
  return {
    key,
    title: `Do ${key}`,
    prompt: `Please do ${key}.`,
    dependsOn: [],
    ownedPaths: [`src/${key}/**`],
    ...overrides,
  };
}

export function context(overrides: Partial<PilotContext> = {}): PilotContext {
  return {
    batchNumber: 1,
    keys: { failed: ['a'], rolledBack: [], remaining: ['b'] },
    maxAttempts: 3,
    skipsLeft: 1,
    isReplanSpent: false,
    plannedBatches: [['b']],
    notes: '',
    tasks: [report('a')],
    earlier: [],
    learnings: [],
    upcoming: [],
    ...overrides,
  };
}

/** Lines that mean nothing. */
export function noise(lines: number, word = 'compiling module'): string[] {
  return Array.from({ length: lines }, (_, at) => `${word} ${at}`);
}

/** The text inside the fence of the section with this heading, read as a Markdown reader would. */
export function sectionBody(prompt: string, heading: string): string {
  const lines = prompt.split('\n');
  const start = lines.indexOf(`## ${heading}`);
  if (start === -1) throw new Error(`There is no section "${heading}".`);
  const fence = /^`+/.exec(lines[start + 1] ?? '')?.[0] ?? '';
  const isClosing = (line: string) => /^`+\s*$/.test(line) && line.trim().length >= fence.length;
  const end = lines.findIndex((line, at) => at > start + 1 && isClosing(line));
  return lines.slice(start + 2, end).join('\n');
}

/** What a reader of Markdown sees outside every fence. */
export function outsideFences(prompt: string): string {
  const seen: string[] = [];
  let fence = '';
  for (const line of prompt.split('\n')) {
    const ticks = /^ {0,3}(`{3,})/.exec(line)?.[1] ?? '';
    if (fence === '' && ticks !== '') fence = ticks;
    else if (fence !== '' && ticks.length >= fence.length && line.trim() === ticks) fence = '';
    else if (fence === '') seen.push(line);
  }
  if (fence !== '') throw new Error('A fence is left open.');
  return seen.join('\n');
}
