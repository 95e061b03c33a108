import type { AcceptanceItem } from '../model/plan-outcome.ts';
import type { AcceptanceVerdict } from './acceptance-verdict.ts';
import { commandsPerPart } from './split-review.ts';

interface Expected {
  readonly key: string;
  readonly acceptance: readonly AcceptanceItem[];
}

/** What the reviewer is asked to add or to correct, in words that it can act on. `known` commands have been run already. */
export function listComplaints(
  tasks: readonly Expected[],
  { entries }: AcceptanceVerdict,
  known: readonly string[],
): string[] {
  const expected = tasks.flatMap(({ key, acceptance }) => acceptance.map((item) => ({ task: key, ...item })));
  const toName = (task: string, item: string) => `task "${task}", item "${item}"`;
  const missing = expected
    .filter(({ task, id }) => !entries.some((entry) => entry.task === task && entry.item === id))
    .map(({ task, id }) => `There is no entry for ${toName(task, id)}.`);
  const invented = entries
    .filter((entry) => !expected.some(({ task, id }) => entry.task === task && entry.item === id))
    .map(({ task, item }) => `Nobody listed ${toName(task, item)}.`);
  const bare = entries
    .filter(({ status, evidence }) => status === 'met' && !evidence)
    .map(({ task, item }) => `The entry for ${toName(task, item)} says met without evidence.`);
  const named = entries.flatMap(({ evidence }) => (evidence?.kind === 'command' ? [evidence.command] : []));
  const commands = new Set(named.filter((command) => !known.includes(command)));
  const many =
    commands.size > commandsPerPart
      ? [`It names ${commands.size} different commands, and at most ${commandsPerPart} are run.`]
      : [];
  return [...missing, ...invented, ...bare, ...many];
}
