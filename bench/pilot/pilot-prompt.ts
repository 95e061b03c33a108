// What stands in the pilot's prompt, read back from its text: the scripted pilots of this bench know nothing else.
import type { PilotDecision } from '../../src/core/pilot/pilot-decision.ts';

export interface PromptTask {
  readonly key: string;
  readonly dependsOn: readonly string[];
  readonly text: string;
}

export interface ReadPrompt {
  readonly failed: readonly string[];
  readonly rolledBack: readonly string[];
  readonly remaining: readonly string[];
  /** Failed tasks that have an attempt left. */
  readonly retryable: readonly string[];
  /** Failed tasks whose cause is a fault that has nothing to do with them. */
  readonly crashed: readonly string[];
  readonly upcoming: readonly PromptTask[];
  /** Lines of the quoted logs, by the task that left them. */
  readonly logs: ReadonlyMap<string, readonly string[]>;
}

export function readPilotPrompt(prompt: string): ReadPrompt {
  const lines = prompt.split('\n');
  const list = (start: string) => {
    const line = lines.find((candidate) => candidate.startsWith(start)) ?? '';
    const names = line.slice(line.indexOf('): ') + 3);
    return names === '(none)' || names === '' ? [] : names.split(', ');
  };
  const failed = list('failed (');
  const [, most = '3'] = /attempts per task in all: (\d+)/.exec(prompt) ?? [];
  const reports = lines.filter((line) => /^- [\w-]+: (?:failed|rolled_back|passed) \| attempts used \d+/.test(line));
  const reportOf = (key: string) => reports.find((line) => line.startsWith(`- ${key}: `)) ?? '';
  const usedBy = (key: string) => Number(/attempts used (\d+)/.exec(reportOf(key))?.[1] ?? 0);
  return {
    failed,
    rolledBack: list('rolled back ('),
    remaining: list('remaining ('),
    retryable: failed.filter((key) => usedBy(key) < Number(most)),
    crashed: failed.filter((key) => /process ended early/.test(reportOf(key))),
    upcoming: readUpcoming(lines),
    logs: readLogs(lines),
  };
}

function readUpcoming(lines: readonly string[]): PromptTask[] {
  return lines.flatMap((line, at) => {
    const [, key, title = ''] = /^- ([\w-]+): (.*)$/.exec(line) ?? [];
    const [, needed] = /^ {2}depends on: (.*)$/.exec(lines[at + 1] ?? '') ?? [];
    const [, prompt = ''] = /^ {2}prompt: (.*)$/.exec(lines[at + 3] ?? '') ?? [];
    if (key === undefined || needed === undefined) return [];
    return [{ key, dependsOn: needed === '(nothing)' ? [] : needed.split(', '), text: `${title} ${prompt}` }];
  });
}

function readLogs(lines: readonly string[]): Map<string, string[]> {
  const logs = new Map<string, string[]>();
  for (const [at, line] of lines.entries()) {
    const [, key] = /^## Verify log of ([\w-]+), attempt \d+$/.exec(line) ?? [];
    if (key === undefined) continue;
    const fence = /^`+/.exec(lines[at + 1] ?? '')?.[0] ?? '```';
    const end = lines.indexOf(fence, at + 2);
    logs.set(key, lines.slice(at + 2, end === -1 ? undefined : end));
  }
  return logs;
}

/** Batches in which each task stands after what it depends on; what is not placed counts as done. */
export function placeInOrder(tasks: readonly PromptTask[], keys: ReadonlySet<string>): string[][] {
  const batches: string[][] = [];
  const placeOf = new Map<string, number>();
  for (const { key, dependsOn } of tasks.filter((task) => keys.has(task.key))) {
    const place = Math.max(-1, ...dependsOn.map((needed) => placeOf.get(needed) ?? -1)) + 1;
    placeOf.set(key, place);
    batches[place] = [...(batches[place] ?? []), key];
  }
  return batches;
}

/** What waits, directly or not, for one of these. */
export function withDependents(tasks: readonly PromptTask[], keys: readonly string[]): Set<string> {
  const all = new Set(keys);
  for (const { key, dependsOn } of tasks) if (dependsOn.some((needed) => all.has(needed))) all.add(key);
  return all;
}

export const emptyDecision: PilotDecision = {
  failureAnalysis: [],
  strategies: [],
  routedContext: [],
  skip: [],
  learnings: [],
  batches: [],
  verdict: 'continue',
  verdictReason: 'The run goes on.',
};
