// What people wrote, as far as it may reach a model: text of people with write permission, and what such a person vouched
// for, exactly as it was then; without what people cannot see. What was withheld or stripped is told.

import { isAtLeast } from '../core/model/actor.ts';
import type { InputReport, Withheld } from '../core/model/input-report.ts';
import type { SubjectRecord } from '../core/model/record.ts';
import type { Run } from '../core/model/run.ts';
import type { Repository } from '../core/model/subject.ts';
import { isVouched, type Vouch } from '../core/model/vouch.ts';
import { addStripped, sanitiseText } from '../core/sanitise/sanitise-text.ts';
import type { GitHubReader, Thread } from './port/github.ts';
import { type Hasher, hashText, listWritten, readWriters, type WrittenText } from './read-strangers.ts';
import type { WorkPorts } from './work-ports.ts';

export interface AdmittedText {
  readonly title?: string;
  readonly author: string;
  readonly text: string;
}

export interface Admitted {
  readonly texts: readonly AdmittedText[];
  readonly report: InputReport;
  readonly labels: readonly string[];
}

export async function readInput(
  ports: Pick<WorkPorts, 'github' | 'hash'>,
  record: SubjectRecord,
  run: Run,
): Promise<Admitted> {
  const { github } = ports;
  const thread = await github.readThread(record.repository, record.number);
  const { texts, report } = await admit(ports, record, listWritten(thread));
  // A writer who commands a run with words of their own has said what is wanted, whoever opened the issue.
  const { labels } = thread;
  if (run.request === '') {
    const all = thread.isOurs ? [toOwnText(thread), ...texts] : texts;
    return { texts: all, report: { ...report, admitted: all.length }, labels };
  }
  const { text, removed } = sanitiseText(run.request);
  const all = [...texts, { author: run.startedBy.login, text }];
  const stripped = toStripped(addStripped(report.strippedKinds ?? [], removed));
  return { texts: all, report: { ...report, ...stripped, admitted: all.length }, labels };
}

/** What we opened says what the default branch said then. Nobody's title: an edit of it voids no approval. */
function toOwnText({ author, title, body }: Thread): AdmittedText {
  return { author, text: sanitiseText(`${title}\n\n${body}`).text };
}

/** What the issue itself says, as far as the planner reads it. Comments come and go without voiding an approval. */
export function toFingerprint({ hash }: Hasher, texts: readonly AdmittedText[]): string {
  return hash(JSON.stringify(texts.flatMap(({ title, text }) => (title === undefined ? [] : [[title, text]]))));
}

/** The same of the issue as it is now. */
export async function readFingerprint(
  ports: { readonly github: GitHubReader } & Hasher,
  record: Pick<SubjectRecord, 'repository' | 'number' | 'vouch'>,
): Promise<string> {
  const { title, author, body } = await ports.github.readThread(record.repository, record.number);
  const { texts } = await admit(ports, record, [{ id: 'thread', title, author, text: body }]);
  return toFingerprint(ports, texts);
}

/** Asks of each author what they may do. */
export async function admit(
  ports: { readonly github: GitHubReader } & Hasher,
  { repository, vouch: given }: Pick<SubjectRecord, 'repository'> & { readonly vouch?: Vouch | undefined },
  all: readonly WrittenText[],
): Promise<Omit<Admitted, 'labels'>> {
  const writers = await readWriters(ports.github, repository, all);
  const vouch = await findValid(ports.github, repository, given);
  const isFromVouched = (entry: WrittenText) =>
    isVouched(vouch, { ...entry, hash: hashText(ports, entry) }) && !writers.has(entry.author);
  const admitted = all.filter((entry) => writers.has(entry.author) || isFromVouched(entry));
  const withheld = all.filter((entry) => !admitted.includes(entry));
  const vouched = admitted.filter((entry) => !writers.has(entry.author)).length;
  let removed: ReturnType<typeof sanitiseText>['removed'] = [];
  const clean = (text: string) => {
    const sanitised = sanitiseText(text);
    removed = addStripped(removed, sanitised.removed);
    return sanitised.text;
  };
  const texts = admitted.map(({ title, author, text }) => ({
    author,
    text: clean(text),
    ...(title === undefined ? {} : { title: clean(title) }),
  }));
  return {
    texts,
    report: {
      admitted: texts.length,
      withheld: withheld.length,
      ...(withheld.length === 0 ? {} : { withheldFrom: toWithheld(withheld) }),
      ...(vouch && vouched > 0 ? { vouched: { texts: vouched, by: vouch.by } } : {}),
      ...toStripped(removed),
    },
  };
}

/** Whoever vouched has to be somebody who still may. */
async function findValid(
  github: GitHubReader,
  repository: Repository,
  vouch: Vouch | undefined,
): Promise<Vouch | undefined> {
  if (!vouch || vouch.texts.length === 0) return undefined;
  return isAtLeast(await github.readPermission(repository, vouch.by), 'write') ? vouch : undefined;
}

/** More names would tell nobody more. */
const authorsAtMost = 20;

function toWithheld(texts: readonly WrittenText[]): Withheld[] {
  const authors = [...new Set(texts.map(({ author }) => author))];
  return authors
    .map((author) => {
      const own = texts.filter((entry) => entry.author === author);
      const chars = own.reduce((sum, { title = '', text }) => sum + title.length + text.length, 0);
      return { author, texts: own.length, chars };
    })
    .sort((one, other) => other.texts - one.texts)
    .slice(0, authorsAtMost);
}

export function toStripped(
  removed: ReturnType<typeof sanitiseText>['removed'],
): Pick<InputReport, 'stripped' | 'strippedKinds'> {
  const stripped = removed.reduce((sum, { count }) => sum + count, 0);
  return { stripped, ...(stripped === 0 ? {} : { strippedKinds: [...removed] }) };
}
