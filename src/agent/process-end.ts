import type { ProcessEnd } from '../engine/port/sandbox.ts';

export function renderProcessEnd(end: ProcessEnd): string {
  if (end.kind === 'exited') return `exited with ${end.code}`;
  return end.kind === 'killed' ? `was ended (${end.reason})` : `was ended by ${end.signal}`;
}

export function withErrors(sentence: string, errors: string): string {
  return errors ? `${sentence}: ${errors}` : sentence;
}
