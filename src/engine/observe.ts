// Makes the picture that a decision reads: what the store holds, and what GitHub says now where the inbox asks for it.
// GitHub not answering is a fact to decide on (everything but a stop fails closed), not a reason to decide nothing.

import { isLastingWord, parseOwnLabel } from '../core/command/own-label.ts';
import type { Permission } from '../core/model/actor.ts';
import type { OfferedSandbox } from '../core/model/offered-sandbox.ts';
import { openRecord, type SubjectRecord } from '../core/model/record.ts';
import type { InboxEntry, RepositoryFacts, RunLimits, Snapshot, ThreadPull } from '../core/model/snapshot.ts';
import { parseSubjectId, type Repository, type SubjectId } from '../core/model/subject.ts';
import type { NetworkPermit } from '../core/network/network-permit.ts';
import { isAboutToStart, isFingerprintNeeded } from '../core/run/approval.ts';
import { findStalePull } from '../core/run/check-staleness.ts';
import { namePots } from '../core/run/day-money.ts';
import { isWork } from '../core/run/draft.ts';
import { findRepository } from '../core/run/move-repository.ts';
import { keepsVerdict } from '../core/run/moved-settings.ts';
import { answerOr } from './answer-or.ts';
import type { Learnt } from './decide-soundly.ts';
import type { ClockPort } from './port/clock.ts';
import type { GitHubReader } from './port/github.ts';
import type { LogPort } from './port/log.ts';
import type { ResourcePort } from './port/resource.ts';
import type { LoadedSubject, StorePort } from './port/store.ts';
import { readBaseSettings } from './read-base-settings.ts';
import { readFingerprint } from './read-input.ts';
import { readRepositoryResources } from './read-repository-resources.ts';
import { readSettingsTexts } from './read-settings-texts.ts';
import { readStrangers } from './read-strangers.ts';

interface Ports {
  readonly github: GitHubReader;
  readonly clock: ClockPort;
  readonly hash: (text: string) => string;
  readonly log: LogPort;
  readonly resources: ResourcePort;
  readonly runLimits: RunLimits;
  readonly agents: readonly string[];
  readonly models: readonly string[];
  readonly sandboxes: readonly OfferedSandbox[];
  readonly network: NetworkPermit;
  readonly proposesSettings: boolean;
  readonly knowsPrices?: boolean;
  readonly store: Pick<StorePort, 'readPots'>;
}

/** A stop is not kept waiting by a GitHub that does not answer. */
const stopPatienceMs = 2_000;
const patienceMs = 20_000;

/** Undefined when there is nothing to decide about: no record, and no event that names the repository. */
export async function observe(
  ports: Ports,
  subject: SubjectId,
  { loaded, learnt }: { loaded: LoadedSubject; learnt: Learnt },
): Promise<Snapshot | undefined> {
  const record = loaded.record ?? openFirstRecord(subject, loaded.inbox);
  if (!record) return undefined;
  const repository = findRepository(record, loaded.inbox);
  const asking = loaded.inbox.filter(isAsking);
  const limitMs = asking.some(isStop) ? stopPatienceMs : patienceMs;
  const labelled = listLabelled(loaded.inbox);
  const baseToRead = findBaseToRead(record, loaded);
  const [slug, permissions, facts, pulls, labels, base, fingerprint, pull, strangers, pots] = await Promise.all([
    asking.length > 0 ? answerOr(undefined, ports, limitMs, () => ports.github.readSlug()) : undefined,
    readPermissions(ports, repository, { asking, limitMs }),
    asking.length > 0
      ? answerOr(undefined, ports, limitMs, () => readFacts(ports, repository, asking.some(mayNameResources)))
      : undefined,
    readPulls(ports, repository, { numbers: listPulls(record, loaded), limitMs }),
    labelled.size > 0 ? answerOr(undefined, ports, limitMs, () => readLabels(ports, repository, labelled)) : undefined,
    baseToRead === undefined
      ? undefined
      : answerOr(undefined, ports, limitMs, () => readBase(ports, repository, baseToRead)),
    isTextNeeded(record, loaded)
      ? answerOr(undefined, ports, limitMs, () => readFingerprint(ports, { ...record, repository }))
      : undefined,
    record.isPullRequest && asking.some((entry) => !record.pull || isAboutPull(entry))
      ? answerOr(undefined, ports, limitMs, () => readThreadPull(ports, repository, record.number))
      : undefined,
    isStrangersNeeded(record, loaded.inbox)
      ? answerOr(undefined, ports, limitMs, () => readStrangers(ports, repository, record.number))
      : undefined,
    asking.length > 0 ? ports.store.readPots(Object.values(namePots(repository, loaded.now))) : {},
  ]);
  return {
    subject,
    now: loaded.now,
    record,
    inbox: loaded.inbox,
    outbox: loaded.outbox,
    facts: {
      permissions,
      pulls,
      ...(slug ? { slug } : {}),
      ...(labels ? { labels } : {}),
      ...(base ? { base } : {}),
      taken: [...learnt.taken],
      pots: { ...pots, ...Object.fromEntries(learnt.pots) },
      runLimits: ports.runLimits,
      agents: ports.agents,
      models: ports.models,
      sandboxes: ports.sandboxes,
      network: ports.network,
      proposesSettings: ports.proposesSettings,
      ...(ports.knowsPrices === undefined ? {} : { knowsPrices: ports.knowsPrices }),
      hash: ports.hash,
      ...(facts ? { repository: facts } : {}),
      ...(fingerprint === undefined ? {} : { fingerprint }),
      ...(pull ? { pull } : {}),
      ...(strangers ? { strangers } : {}),
    },
  };
}

function openFirstRecord(subject: SubjectId, inbox: readonly InboxEntry[]): SubjectRecord | undefined {
  const first = inbox.find((entry) => entry.repository);
  if (!first?.repository) return undefined;
  const { event } = first;
  const about = {
    isPullRequest: isOfPull(event) || ('isPullRequest' in event && event.isPullRequest),
    title: 'title' in event ? event.title : '',
  };
  return openRecord(first.repository, parseSubjectId(subject).number, about);
}

function isOfPull(event: InboxEntry['event']) {
  return event.kind === 'pull_request_changed' || event.kind === 'pull_listed';
}

/**
 * Events by which somebody asks for something: their authority and the policy must be known. Whether a bot is heard that
 * wrote a comment, only the policy says.
 */
function isAsking({ event }: InboxEntry): boolean {
  if (event.kind === 'requested' || event.kind === 'scheduled' || event.kind === 'commented') return true;
  // Whose it is the policy says as well, and whoever takes off one that lasts, it holds nothing any more.
  if (event.kind === 'labelled') return event.actor.kind === 'person' || isLasting(event.label);
  return event.kind === 'check_requested' && event.actor.kind === 'person';
}

/** What is only shown, told or put away asks for no look at what the issue says; an agent that may start now does. */
function isTextNeeded({ run }: SubjectRecord, { inbox, outbox }: LoadedSubject): boolean {
  if (!run || !isFingerprintNeeded(run)) return false;
  if (isAboutToStart(run) && !outbox.some(({ action }) => isWork(action))) return true;
  return inbox.some(
    ({ event }) => !['presented', 'told', 'archived', 'restarted', 'reader_answered'].includes(event.kind),
  );
}

/** Only how long to wait hangs on this; whether it ends or holds work is for the parser. */
function isStop({ event }: InboxEntry): boolean {
  if (event.kind === 'check_requested') return event.request.kind === 'button' && event.request.identifier === 'stop';
  if (event.kind === 'requested') return /^\s*(?:stop|pause)\b/i.test(event.command);
  return event.kind === 'commented' && /^[ \t]*[/@]\S+[ \t]+(?:stop|pause)\b/im.test(event.body);
}

/** Reading agents, workflows and skills takes several requests: only where a command shows or names them. */
function mayNameResources({ event }: InboxEntry): boolean {
  if (event.kind === 'scheduled') return true;
  if (event.kind === 'labelled') return parseOwnLabel(event.label)?.word === 'review';
  if (event.kind === 'requested') return /^\s*(?:config\b|review\b|run\s+--workflow\b)/i.test(event.command);
  return (
    event.kind === 'commented' && /^[ \t]*[/@]\S+[ \t]+(?:config\b|review\b|run[ \t]+--workflow\b)/im.test(event.body)
  );
}

/** Whoever opened it may stop what works on it. */
function isAboutPull(entry: InboxEntry): boolean {
  return mayNameResources(entry) || isVouch(entry) || isStop(entry);
}

function isVouchLabel(label: string): boolean {
  return parseOwnLabel(label)?.word === 'ok-to-run';
}

function isLasting(label: string): boolean {
  return isLastingWord(parseOwnLabel(label)?.word ?? '');
}

function isVouch({ event }: InboxEntry): boolean {
  if (event.kind === 'labelled') return isVouchLabel(event.label);
  if (event.kind === 'requested') return /^\s*vouch\b/i.test(event.command);
  return event.kind === 'commented' && /^[ \t]*[/@]\S+[ \t]+vouch\b/im.test(event.body);
}

/** Where somebody vouches for it or asks about it, and where what was vouched for may say something else by now. */
function isStrangersNeeded({ vouch }: SubjectRecord, inbox: readonly InboxEntry[]): boolean {
  return inbox.some(({ event }) => {
    if (event.kind === 'issue_edited') return vouch !== undefined;
    if (event.kind === 'pull_request_changed') return vouch !== undefined && event.change === 'edited';
    if (event.kind === 'labelled') return isVouchLabel(event.label) && event.actor.kind === 'person';
    if (event.kind === 'requested') return /^\s*(?:explain|vouch)\b/i.test(event.command);
    return event.kind === 'commented' && /^[ \t]*[/@]\S+[ \t]+(?:explain|vouch)\b/im.test(event.body);
  });
}

/**
 * Whoever reaches the API operates the bot, a schedule is what the default branch says, and bots are named by the policy:
 * nobody is asked about.
 */
function toAsker(event: InboxEntry['event']): string[] {
  if (event.kind === 'requested' || event.kind === 'scheduled') return [];
  return 'actor' in event && event.actor?.kind === 'person' ? [event.actor.login] : [];
}

async function readPermissions(
  ports: Ports,
  repository: Repository,
  { asking, limitMs }: { asking: readonly InboxEntry[]; limitMs: number },
): Promise<Record<string, Permission>> {
  const logins = [...new Set(asking.flatMap(({ event }) => toAsker(event)))];
  const read = async (login: string) =>
    [
      login,
      await answerOr('unknown' as const, ports, limitMs, () => ports.github.readPermission(repository, login)),
    ] as const;
  return Object.fromEntries(await Promise.all(logins.map(read)));
}

/** Those that the inbox speaks of, and the one of a run that nobody has spoken of for long. */
function listPulls(record: SubjectRecord, { inbox, now }: LoadedSubject): Set<number> {
  const own = record.run?.pullRequest?.number;
  const told = inbox.flatMap(({ event }) => {
    if (event.kind === 'base_pushed') return own ?? [];
    return isOfPull(event) ? [event.number] : [];
  });
  return new Set([...told, ...[findStalePull(record, now)].filter((number) => number !== undefined)]);
}

/** Threads on which a label that lasts was put on or taken off. */
function listLabelled(inbox: readonly InboxEntry[]): Set<number> {
  return new Set(
    inbox.flatMap(({ event }) => (event.kind === 'labelled' && isLasting(event.label) ? [event.thread] : [])),
  );
}

async function readLabels(
  { github }: Ports,
  repository: Repository,
  threads: ReadonlySet<number>,
): Promise<Snapshot['facts']['labels']> {
  const read = async (thread: number) => [thread, await github.listLabels(repository, thread)] as const;
  return Object.fromEntries(await Promise.all([...threads].map(read)));
}

/** The base branch of the run: read where somebody says that it moved, and with a pull request that nobody has spoken of for long. */
function findBaseToRead(record: SubjectRecord, { inbox, now }: LoadedSubject): BaseToRead | undefined {
  const { run } = record;
  if (!run) return undefined;
  const { branch } = run.base;
  const isTold = inbox.some(({ event }) => event.kind === 'base_pushed' && event.branch === branch);
  const isStale = findStalePull(record, now) !== undefined;
  // Whoever follows the branch reads them when that is verified.
  const readsSettings = run.verification !== undefined && (isStale || keepsVerdict(run));
  return isTold || isStale ? { branch, readsSettings } : undefined;
}

interface BaseToRead {
  readonly branch: string;
  readonly readsSettings: boolean;
}

async function readBase(
  { github }: Ports,
  repository: Repository,
  { branch, readsSettings }: BaseToRead,
): Promise<Snapshot['facts']['base']> {
  const head = await github.readBranch(repository, branch);
  if (head === undefined) return undefined;
  return readsSettings
    ? { branch, head, settings: await readBaseSettings(github, repository, head) }
    : { branch, head };
}

async function readPulls(
  ports: Ports,
  repository: Repository,
  { numbers, limitMs }: { numbers: ReadonlySet<number>; limitMs: number },
): Promise<Snapshot['facts']['pulls']> {
  const read = async (number: number) => {
    const pull = await answerOr(undefined, ports, limitMs, () => ports.github.readPull(repository, number));
    if (!pull) return [];
    const { headSha, baseBranch, state, isDraft, isOurs } = pull;
    return [[number, { headSha, baseBranch, state, isDraft, isOurs }] as const];
  };
  return Object.fromEntries((await Promise.all([...numbers].map(read))).flat());
}

async function readThreadPull({ github }: Ports, repository: Repository, number: number): Promise<ThreadPull> {
  const { headSha: head, baseBranch: branch, ...pull } = await github.readPull(repository, number);
  const { headBranch, isSameRepository, isOurs, authorId, isDraft, state } = pull;
  const base = await github.readBranch(repository, branch);
  const author = authorId === undefined ? {} : { authorId };
  const seen = { number, head, headBranch, branch, isSameRepository, isOurs, isDraft, state, ...author };
  return base === undefined ? seen : { ...seen, base };
}

async function readFacts(
  { github, resources }: Ports,
  repository: Repository,
  isNaming: boolean,
): Promise<RepositoryFacts> {
  const { defaultBranch } = await github.readRepository(repository);
  const baseSha = await github.readBranch(repository, defaultBranch);
  if (baseSha === undefined) return { defaultBranch };
  const [policy, packageText, everybodys, own] = await Promise.all([
    readSettingsTexts(github, repository, baseSha),
    github.readFile(repository, 'package.json', baseSha),
    isNaming ? resources.read() : [],
    isNaming ? readRepositoryResources(github, repository, baseSha) : [],
  ]);
  return {
    defaultBranch,
    baseSha,
    ...policy,
    ...(packageText === undefined ? {} : { packageText }),
    ...(isNaming ? { resources: [...everybodys, ...own] } : {}),
  };
}
