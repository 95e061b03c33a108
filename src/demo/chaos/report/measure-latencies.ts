// How long people waited, as GitHub's own log has it. Informational: it depends on the machine and on what was broken.

import type { RequestEntry } from '../../github/state/request-log.ts';
import type { RepositorySnapshot } from '../../github/state/snapshot.ts';
import { listCommands, listThreads } from '../verdict/read-thread.ts';

export interface Latency {
  readonly what: string;
  readonly count: number;
  readonly medianMs: number;
  readonly maxMs: number;
}

export function measureLatencies(
  repositories: readonly RepositorySnapshot[],
  requests: readonly RequestEntry[],
): Latency[] {
  const signs = readReactions(requests);
  const first: number[] = [];
  const last: number[] = [];
  for (const repository of repositories) {
    for (const thread of listThreads(repository)) {
      for (const { comment } of listCommands(repository, thread)) {
        const mine = signs.filter(({ commentId }) => commentId === comment.id);
        const since = Date.parse(comment.createdAt);
        const [sign] = mine;
        const end = mine.findLast(({ content }) => content === '+1' || content === 'confused');
        if (sign) first.push(sign.at - since);
        if (end) last.push(end.at - since);
      }
    }
  }
  return [summarise('a command until its first sign', first), summarise('a command until its last word', last)];
}

/** The bot's reactions in the order in which they were asked for. */
function readReactions(requests: readonly RequestEntry[]): { commentId: number; content: string; at: number }[] {
  return requests.flatMap(({ method, path, requestBody, at, status }) => {
    const [, commentId] = /\/issues\/comments\/(\d+)\/reactions$/.exec(path) ?? [];
    if (method !== 'POST' || commentId === undefined || (status ?? 0) >= 300) return [];
    const { content } = requestBody as { content: string };
    return [{ commentId: Number(commentId), content, at }];
  });
}

export function summarise(what: string, values: readonly number[]): Latency {
  const sorted = values.map((value) => Math.max(0, Math.round(value))).sort((a, b) => a - b);
  const medianMs = sorted[Math.floor(sorted.length / 2)] ?? 0;
  return { what, count: sorted.length, medianMs, maxMs: sorted.at(-1) ?? 0 };
}
