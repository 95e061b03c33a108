// What people wrote, as far as it may reach a model: text of people with write permission only, without what people
// cannot see. How much was withheld or stripped is told.

import { isAtLeast } from '../core/model/actor.ts';
import type { SubjectRecord } from '../core/model/record.ts';
import type { Run } from '../core/model/run.ts';
import type { Repository } from '../core/model/subject.ts';
import { sanitiseText } from '../core/sanitise/sanitise-text.ts';
import type { GitHubReader, Thread } from './port/github.ts';
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
  readonly labels: readonly string[];
}

export async function readInput(
  { github }: Pick<WorkPorts, 'github'>,
  record: SubjectRecord,
  run: Run,
): Promise<Admitted> {
  const thread = await github.readThread(record.repository, record.number);
  const spoken = thread.comments.filter((comment) => !comment.isOurs && !comment.isBot);
  const { texts, ...counts } = await admit(github, record.repository, [
    ...(thread.isOurs ? [] : [{ title: thread.title, author: thread.author, text: thread.body }]),
    ...spoken.map((comment) => ({ author: comment.author, text: comment.body })),
  ]);
  // A writer who commands a run with words of their own has said what is wanted, whoever opened the issue.
  const { labels } = thread;
  if (run.request === '') return { texts: thread.isOurs ? [toOwnText(thread), ...texts] : texts, ...counts, labels };
  const { text, removed } = sanitiseText(run.request);
  const stripped = counts.stripped + countRemoved(removed);
  return { texts: [...texts, { author: run.startedBy.login, text }], ...counts, stripped, labels };
}

/** What we opened says what the default branch said then. Nobody's title: an edit of it voids no approval. */
function toOwnText({ author, title, body }: Thread): AdmittedText {
  return { author, text: sanitiseText(`${title}\n\n${body}`).text };
}

interface Hasher {
  readonly hash: (text: string) => string;
}

/** What the issue itself says, as far as the planner reads it. Comments come and go without voiding an approval. */
export function toFingerprint({ hash }: Hasher, texts: readonly AdmittedText[]): string {
  return hash(JSON.stringify(texts.flatMap(({ title, text }) => (title === undefined ? [] : [[title, text]]))));
}

/** The same of the issue as it is now. */
export async function readFingerprint(
  ports: { readonly github: GitHubReader } & Hasher,
  repository: Repository,
  number: number,
): Promise<string> {
  const { title, author, body } = await ports.github.readThread(repository, number);
  const { texts } = await admit(ports.github, repository, [{ title, author, text: body }]);
  return toFingerprint(ports, texts);
}

async function admit(
  github: GitHubReader,
  repository: Repository,
  all: readonly AdmittedText[],
): Promise<Omit<Admitted, 'labels'>> {
  const trusted = new Set<string>();
  for (const author of new Set(all.map((entry) => entry.author))) {
    if (isAtLeast(await github.readPermission(repository, author), 'write')) trusted.add(author);
  }
  let stripped = 0;
  const clean = (text: string) => {
    const sanitised = sanitiseText(text);
    stripped += countRemoved(sanitised.removed);
    return sanitised.text;
  };
  const texts = all
    .filter((entry) => trusted.has(entry.author))
    .map((entry) => ({
      ...entry,
      text: clean(entry.text),
      ...(entry.title === undefined ? {} : { title: clean(entry.title) }),
    }));
  return { texts, withheld: all.length - all.filter((entry) => trusted.has(entry.author)).length, stripped };
}

function countRemoved(removed: ReturnType<typeof sanitiseText>['removed']): number {
  return removed.reduce((sum, { count }) => sum + count, 0);
}
