// Makes the picture that a decision reads: what the store holds, and what GitHub says now where the inbox asks for it.
import type { Permission } from '../core/model/actor.ts';
import { openRecord, type SubjectRecord } from '../core/model/record.ts';
import type { InboxEntry, RepositoryFacts, Snapshot } from '../core/model/snapshot.ts';
import { parseSubjectId, type Repository, type SubjectId } from '../core/model/subject.ts';
import { ExternalError } from './external-error.ts';
import type { GitHubPort } from './port/github.ts';
import type { LogPort } from './port/log.ts';
import type { LoadedSubject } from './port/store.ts';

interface Ports {
  readonly github: GitHubPort;
  readonly hash: (text: string) => string;
  readonly log: LogPort;
}

/** Undefined when there is nothing to decide about: no record, and no event that names the repository. */
export async function observe(ports: Ports, subject: SubjectId, loaded: LoadedSubject): Promise<Snapshot | undefined> {
  const record = loaded.record ?? openFirstRecord(subject, loaded.inbox);
  if (!record) return undefined;
  const repository = newestRepository(loaded.inbox) ?? record.repository;
  const asking = loaded.inbox.filter(isAsking);
  const permissions = await readPermissions(ports, repository, asking);
  const facts = asking.length > 0 ? await readFacts(ports, repository) : undefined;
  return {
    subject,
    now: loaded.now,
    record,
    inbox: loaded.inbox,
    outbox: loaded.outbox,
    facts: { permissions, hash: ports.hash, ...(facts ? { repository: facts } : {}) },
  };
}

function openFirstRecord(subject: SubjectId, inbox: readonly InboxEntry[]): SubjectRecord | undefined {
  const first = inbox.find((entry) => entry.repository);
  if (!first?.repository) return undefined;
  const { event } = first;
  const about = {
    isPullRequest: event.kind === 'pull_request_changed' || ('isPullRequest' in event && event.isPullRequest),
    title: 'title' in event ? event.title : '',
  };
  return openRecord(first.repository, parseSubjectId(subject).number, about);
}

function newestRepository(inbox: readonly InboxEntry[]): Repository | undefined {
  return inbox.findLast((entry) => entry.repository)?.repository;
}

/** Events by which somebody asks for something: their authority and the policy must be known. */
function isAsking({ event }: InboxEntry): boolean {
  if (event.kind !== 'labelled' && event.kind !== 'commented' && event.kind !== 'check_requested') return false;
  return event.actor.kind === 'person';
}

async function readPermissions(
  ports: Ports,
  repository: Repository,
  asking: readonly InboxEntry[],
): Promise<Record<string, Permission>> {
  const logins = new Set(asking.flatMap(({ event }) => ('actor' in event ? [event.actor.login] : [])));
  const permissions: Record<string, Permission> = {};
  for (const login of logins) {
    permissions[login] = await answerOr('unknown', ports, () => ports.github.readPermission(repository, login));
  }
  return permissions;
}

async function readFacts(ports: Ports, repository: Repository): Promise<RepositoryFacts | undefined> {
  return await answerOr(undefined, ports, async () => {
    const { github } = ports;
    const { defaultBranch } = await github.readRepository(repository);
    const baseSha = await github.readBranch(repository, defaultBranch);
    if (baseSha === undefined) return { defaultBranch };
    const [policyText, packageText] = await Promise.all([
      github.readFile(repository, '.github/gatepilot.yml', baseSha),
      github.readFile(repository, 'package.json', baseSha),
    ]);
    return {
      defaultBranch,
      baseSha,
      ...(policyText === undefined ? {} : { policyText }),
      ...(packageText === undefined ? {} : { packageText }),
    };
  });
}

/** GitHub not answering is a fact to decide on (everything but a stop fails closed), not a reason to decide nothing. */
async function answerOr<T>(fallback: T, ports: Ports, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof ExternalError)) throw error;
    ports.log.warn({ error: error.message }, 'GitHub did not answer while a subject was observed');
    return fallback;
  }
}
