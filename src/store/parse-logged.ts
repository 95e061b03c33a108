import { z } from 'zod';
import type { LoggedEvent } from '../engine/port/store.ts';

const LogLine = z.object({ kind: z.string(), text: z.string(), data: z.record(z.string(), z.unknown()).optional() });

/** One entry of a log's stream. What another version wrote in another shape still takes its place in the sequence. */
export function parseLogged(id: string, fields: readonly string[]): LoggedEvent {
  const place = { sequence: toSequence(id), at: Number(fields[fields.indexOf('at') + 1]) };
  const line = LogLine.safeParse(parseJson(fields[fields.indexOf('entry') + 1] ?? 'null'));
  if (!line.success) return { ...place, kind: 'unreadable', text: 'written by another version' };
  const { kind, text, data } = line.data;
  return { ...place, kind, text, ...(data ? { data } : {}) };
}

export function toSequence(id: string): number {
  return Number(id.split('-')[0]);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
