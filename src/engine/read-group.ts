// Reads what a commit of the merge queue holds: which pull requests, what each says for itself at this moment, and how the
// base branch has it verified. Nothing of it is executed here, and nothing is written.
import { listOverrides } from '../core/gate/apply-overrides.ts';
import { areBaseTestsToPass } from '../core/gate/evaluate-checks.ts';
import { type OtherPulls, readOtherPulls } from '../core/gate/evaluate-observed.ts';
import { evaluateQueuedOther, evaluateQueuedRun, type Queued } from '../core/gate/evaluate-queued.ts';
import { isPassable } from '../core/gate/is-passable.ts';
import { findMatching } from '../core/gate/list-touched.ts';
import { closed, type Verdict } from '../core/gate/verdict.ts';
import { readGroupSettings } from '../core/group/read-group-settings.ts';
import type { GroupOutcome, GroupPart, GroupReading, GroupRecord } from '../core/model/group.ts';
import { listRuns, type SubjectRecord } from '../core/model/record.ts';
import { isGreen } from '../core/model/result.ts';
import type { Run } from '../core/model/run.ts';
import type { Sharer } from '../core/model/sharer.ts';
import { parseRunBranch, type SubjectId, toSubjectId } from '../core/model/subject.ts';
import { quoteName } from '../core/reply/quote-inline.ts';
import { gateName } from '../core/reply/render-check.ts';
import type { SettingsRead } from '../core/run/read-gate-settings.ts';
import type { Held } from './carry-out.ts';
import { ensureCommit, fetchBranch } from './ensure-commit.ts';
import { findNamedRun } from './find-named-run.ts';
import { findUnmighty } from './find-unmighty.ts';
import { followQueue, type QueueLink } from './follow-queue.ts';
import { isHeadVouched } from './is-head-vouched.ts';
import { mergeToLook } from './merge-forward.ts';
import type { RepositoryRef } from './port/git.ts';
import type { ListedPull, PullFacts } from './port/github.ts';
import { judgeSettings, readBaseSettings } from './read-base-settings.ts';
import { readChange } from './read-change.ts';
import { toGroupFailure } from './verify-group.ts';
import type { WorkPorts } from './work-ports.ts';

export async function readGroup(ports: WorkPorts, held: Held<'read_group'>): Promise<GroupOutcome> {
  const { record, signal } = held;
  if (record.state.kind !== 'judging' || signal.aborted) return { kind: 'stopped' };
  try {
    const { repository, head } = record;
    if ((await ports.github.readBranch(repository, record.ref)) !== head) return { kind: 'gone' };
    const tip = await fetchBranch(ports, repository, record.branch);
    if (tip === undefined) return { kind: 'unknown', why: `There is no branch ${record.branch}.` };
    // It has landed, and whatever goes on from that branch has it as its head.
    if (tip === head) return { kind: 'gone' };
    const ref = await ensureCommit(ports, repository, { commit: head });
    const links = await followQueue(ports, { record, ref, tip });
    if (links === undefined) return { kind: 'unknown', why: 'What is before it in the queue cannot be told.' };
    // One moment for all of it: lists lag by more than a look takes, and one of a large repository is many requests.
    const open = await ports.github.listOpenPulls(repository);
    const reading = await readLinks(ports, { record, ref, tip, open }, links);
    const sharers = listSharers(open, record);
    return { kind: 'read', reading: sharers.length > 0 ? { ...reading, sharers } : reading };
  } catch (error) {
    return signal.aborted ? { kind: 'stopped' } : toGroupFailure(error);
  }
}

/** Branches of the queue are none: only what somebody opened from this commit. */
function listSharers(open: readonly ListedPull[], { head, branch }: GroupRecord): Sharer[] {
  return open
    .filter(({ headSha, baseBranch }) => headSha === head && baseBranch !== branch)
    .map(({ number, baseBranch: base }) => ({ number, base }));
}

interface Place {
  readonly record: GroupRecord;
  readonly ref: RepositoryRef;
  /** Where the base branch is. */
  readonly tip: string;
  /** Everything that is open, also from forks. */
  readonly open: readonly ListedPull[];
}

async function readLinks(ports: WorkPorts, place: Place, links: readonly QueueLink[]): Promise<GroupReading> {
  const { record, ref, tip } = place;
  const { repository, head } = record;
  const texts = await readBaseSettings(ports.github, repository, tip);
  const settings = readGroupSettings({ base: tip, ...texts });
  const otherPulls = readOtherPulls(texts);
  const tree = (await ports.git.treeOf(ref, head)) ?? '';
  const rules = { protectedPaths: settings.protectedPaths, otherPulls, texts };
  const linked: ReadLink[] = [];
  for (const link of links) linked.push(await readLink(ports, place, { link, rules }));
  const { protectedPaths: _, ...kept } = settings;
  const last = linked.at(-1);
  const stranger = linked.find(({ pull, isVouched }) => !pull.isSameRepository && !isVouched);
  const carried = findCarried(linked, tree, settings.verify);
  return {
    tree,
    settings: kept,
    parts: linked.map(({ part }) => part),
    needsVerification: linked.some(({ run }) => run !== undefined),
    // What is before it has a commit of its own in the queue.
    ...(last?.run && areBaseTestsToPass(last.run, settings.baseTests) ? { needsBaseTests: true } : {}),
    ...(stranger ? { mustNotRun: tellStranger(stranger.pull) } : {}),
    ...(carried ? { carried } : {}),
  };
}

function tellStranger({ number, headSha }: PullFacts): string {
  return (
    `#${number} comes from a fork, and nobody vouched for its head ${headSha}, of which nothing is executed before: ` +
    'this is verified when somebody does (`vouch`), or when what is before it is merged.'
  );
}

interface ReadLink {
  readonly part: GroupPart;
  readonly pull: PullFacts;
  readonly run?: Run;
  /** Of one from a fork: somebody who still may write vouched for exactly this head. */
  readonly isVouched: boolean;
}

interface Rules {
  readonly protectedPaths: readonly string[];
  readonly otherPulls: OtherPulls;
  readonly texts: SettingsRead;
}

async function readLink(
  ports: WorkPorts,
  place: Place,
  { link, rules }: { readonly link: QueueLink; readonly rules: Rules },
): Promise<ReadLink> {
  const { repository, branch } = place.record;
  const { number } = link;
  const pull = await ports.github.readPull(repository, number);
  const { subject, record } = await findSubject(ports, place.record, pull);
  const run = record && findRun(record, number);
  const { headSha: head, state, isDraft, baseBranch, isOurs } = pull;
  const isVouched = await isHeadVouched(ports.github, repository, { record, head });
  const queued: Queued = { number, head, state, isDraft, baseBranch, isOurs, branch };
  if (!run) {
    const foreign = await findForeignGate(ports, place, pull);
    return {
      pull,
      isVouched,
      part: toPart(number, evaluateQueuedOther({ ...queued, ...foreign }, record, rules.otherPulls)),
    };
  }
  const content = await readContent(ports, place, { link, head });
  const touched = findMatching(rules.protectedPaths, content.paths);
  const hasOtherSettings = judgeSettings(ports, run, rules.texts).kind !== 'same';
  const verdict = evaluateQueuedRun({ ...queued, ...content, touched, hasOtherSettings }, run);
  const part = toPart(number, (await findLapsed(ports, place.record, run)) ?? verdict);
  return { pull, isVouched, run, part: { ...part, run: { subject, id: run.id } } };
}

function toPart(number: number, { state, because }: Pick<Verdict, 'state' | 'because'>): GroupPart {
  return { number, state: state.kind, because };
}

/** Of a pull request of a run: the subject of its issue, which the branch names. */
async function findSubject(
  { store }: Pick<WorkPorts, 'store'>,
  { repository }: GroupRecord,
  { number, isOurs, headBranch }: PullFacts,
): Promise<{ subject: SubjectId; record?: SubjectRecord }> {
  const owner = isOurs ? parseRunBranch(headBranch)?.number : undefined;
  const subject = toSubjectId(repository.host, repository.id, owner ?? number);
  const { record } = await store.load(subject);
  return record ? { subject, record } : { subject };
}

function findRun(record: SubjectRecord, number: number): Run | undefined {
  return listRuns(record).find(({ pullRequest }) => pullRequest?.number === number);
}

/** What the link puts on what is before it, and whether that is what merging the head gives: the method does not matter. */
async function readContent(
  ports: WorkPorts,
  { record, ref }: Place,
  { link, head }: { readonly link: QueueLink; readonly head: string },
): Promise<Pick<Queued, 'isItsMerge'> & { readonly change: string; readonly paths: readonly string[] }> {
  await ensureCommit(ports, record.repository, { commit: head });
  const merged = await mergeToLook(ports, { repository: ref, head, base: link.base });
  const wanted = merged.kind === 'merged' ? await ports.git.treeOf(ref, merged.commit) : undefined;
  const actual = await ports.git.treeOf(ref, link.head);
  const { change, paths } = await readChange(ports, ref, { base: link.base, commit: link.head });
  return { isItsMerge: wanted !== undefined && wanted === actual, change, paths };
}

/** Whoever opens a pull request from the branch of a run has its verdict on the head, and passes by no other here either. */
async function findForeignGate(
  ports: Pick<WorkPorts, 'github' | 'store'>,
  place: Pick<Place, 'record' | 'open'>,
  pull: PullFacts,
): Promise<Pick<Queued, 'foreignGate'>> {
  const { github } = ports;
  const { repository } = place.record;
  const checks = (await github.listChecks(repository, pull.headSha)).filter(({ name }) => name === gateName);
  const ofRuns = checks.filter(({ externalId }) => !externalId.startsWith('observed:'));
  const shut = ofRuns.find(({ state }) => !(state.kind === 'completed' && state.conclusion === 'success'));
  if (shut) return { foreignGate: shut.title };
  if (ofRuns.length > 0) return {};
  const owner = await findOwner(ports, place, pull);
  return owner
    ? { foreignGate: `#${owner.number} has this head too, and what its run says of it is not shown yet.` }
    : {};
}

/** A run's own pull request with this head: its check may not be there yet. Lists lag, so what the branch names is read by itself. */
async function findOwner(
  { github, store }: Pick<WorkPorts, 'github' | 'store'>,
  { record: { repository }, open }: Pick<Place, 'record' | 'open'>,
  { number: asked, headSha, headBranch, isSameRepository }: PullFacts,
): Promise<ListedPull | undefined> {
  const named = isSameRepository ? parseRunBranch(headBranch) : undefined;
  if (named) {
    const { record } = await store.load(toSubjectId(repository.host, repository.id, named.number));
    const run = record && listRuns(record).find(({ id }) => id === named.runId);
    const number = run?.pullRequest?.number;
    const own = number === undefined ? undefined : await github.readPull(repository, number);
    if (own?.state === 'open' && own.headSha === headSha && own.number !== asked) return own;
  }
  return open.find((one) => one.headSha === headSha && findNamedRun(one) !== undefined && one.number !== asked);
}

/** As before a merge of ours: whoever let something pass has to be somebody who still may. */
async function findLapsed(
  { github }: Pick<WorkPorts, 'github'>,
  { repository }: GroupRecord,
  run: Run,
): Promise<Verdict | undefined> {
  const found = await findUnmighty(github, repository, run);
  if (!found) return undefined;
  const { gate, login, did } = found;
  return closed(gate, 'action_required', `${quoteName(login)}, who ${did}, may no longer do that.`);
}

/** The same tree with the same commands: what was judged there is judged here. */
function findCarried(read: readonly ReadLink[], tree: string, commands: readonly string[]): GroupReading['carried'] {
  for (const { run } of read) {
    const { verification } = run ?? {};
    if (!run || verification?.key.tree !== tree || !isPassable(run)) continue;
    const { report } = verification;
    const isSame = report.commands.map(({ command }) => command).join('\n') === commands.join('\n');
    if (isGreen(report) && isSame) return { report };
    const override = listOverrides(run).find(({ gate }) => gate === 'verification');
    if (!isGreen(report) && override) return { report, overriddenBy: override.by.login };
  }
  return undefined;
}
