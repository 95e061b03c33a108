// What people wrote, as far as it may reach a model: text of people with write permission only, without what people
// cannot see. How much was withheld or stripped is told.

import { isAtLeast } from '../core/model/actor.ts';
import type { SubjectRecord } from '../core/model/record.ts';
import type { Run } from '../core/model/run.ts';
import { sanitiseText } from '../core/sanitise/sanitise-text.ts';
import type { WorkPorts } from './work-ports.ts';

export interface AdmittedText {
  readonly title?: string;
  readonly author: string;
  readonly text: string;
}

export interface Admitted {
  readonly texts: readonly AdmittedText[];
  readonly withheld: number;
  /** Hidden characters and comments that were taken out. */
  readonly stripped: number;
}

export async function readInput(ports: WorkPorts, record: SubjectRecord, run: Run): Promise<Admitted> {
  const thread = await ports.github.readThread(record.repository, record.number);
  const spoken = thread.comments.filter((comment) => !comment.isOurs && !comment.isBot);
  const all: AdmittedText[] = [
    { title: thread.title, author: thread.author, text: thread.body },
    ...spoken.map((comment) => ({ author: comment.author, text: comment.body })),
  ];
  const trusted = new Set<string>();
  for (const author of new Set(all.map((entry) => entry.author))) {
    if (isAtLeast(await ports.github.readPermission(record.repository, author), 'write')) trusted.add(author);
  }
  let stripped = 0;
  const clean = (text: string) => {
    const sanitised = sanitiseText(text);
    stripped += sanitised.removed.reduce((sum, removal) => sum + removal.count, 0);
    return sanitised.text;
  };
  const texts = all
    .filter((entry) => trusted.has(entry.author))
    .map((entry) => ({
      ...entry,
      text: clean(entry.text),
      ...(entry.title === undefined ? {} : { title: clean(entry.title) }),
    }));
  // A writer who commands a run with words of their own has said what is wanted, whoever opened the issue.
  if (run.request !== '') texts.push({ author: run.startedBy.login, text: clean(run.request) });
  return { texts, withheld: all.length - all.filter((entry) => trusted.has(entry.author)).length, stripped };
}
