import type { AcceptanceItem } from '../model/plan-outcome.ts';
import type { AcceptanceVerdict } from './acceptance-verdict.ts';

interface Expected {
  readonly key: string;
  readonly acceptance: readonly AcceptanceItem[];
}

/** What the reviewer is asked to add or to correct, in words that it can act on. */
export function listComplaints(tasks: readonly Expected[], { entries }: AcceptanceVerdict): string[] {
  const expected = tasks.flatMap(({ key, acceptance }) => acceptance.map((item) => ({ task: key, ...item })));
  const named = (task: string, item: string) => `task "${task}", item "${item}"`;
  const missing = expected
    .filter(({ task, id }) => !entries.some((entry) => entry.task === task && entry.item === id))
    .map(({ task, id }) => `There is no entry for ${named(task, id)}.`);
  const invented = entries
    .filter((entry) => !expected.some(({ task, id }) => entry.task === task && entry.item === id))
    .map(({ task, item }) => `Nobody listed ${named(task, item)}.`);
  const bare = entries
    .filter(({ status, evidence }) => status === 'met' && !evidence)
    .map(({ task, item }) => `The entry for ${named(task, item)} says met without evidence.`);
  return [...missing, ...invented, ...bare];
}
