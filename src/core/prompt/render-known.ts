// What is known about the repository, as planner and agents are told it: a model's conclusions from what commands printed, with
// the words, and the notes that people keep.
import type { Run } from '../model/run.ts';
import { fence } from '../sanitise/fence.ts';

export interface Known {
  /** What commands of this run showed about the repository, the newest first. */
  readonly learnings: readonly { readonly text: string; readonly quote: string }[];
  /** What the repository tells every run. */
  readonly notes: string;
}

const learningsAtMost = 10;

export function listLearnings({ learnings = [] }: Run): Known['learnings'] {
  const newest = learnings.toReversed().slice(0, learningsAtMost);
  return newest.map(({ text, quote }) => ({ text, quote }));
}

/** The words are checked, the conclusion is not: whoever reads it is told so. */
export function renderLearning({ text, quote }: Known['learnings'][number]): string {
  return `${text}\nA model concluded this from: ${quote}`;
}

export function renderKnown({ learnings, notes }: Known): string[] {
  const observed = learnings.map((learning) => fence(renderLearning(learning)));
  return [
    ...(observed.length > 0 ? [`# Observed in this run\n\n${observed.join('\n\n')}`] : []),
    ...(notes === '' ? [] : [`# Notes of this repository\n\n${fence(notes)}`]),
  ];
}
