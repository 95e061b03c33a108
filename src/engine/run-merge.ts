// Merges one exact head on one exact base under one grant of the lane, or says which of them moved. Everything is read again right before: what a
// person may do, where the head is, where the base is. GitHub checks the head by itself; that the base did not move in
// between is found by comparing the merged tree afterwards.
import { refuseByRules } from '../core/gate/refuse-by-rules.ts';
import { isAtLeast } from '../core/model/actor.ts';
import { mergeRequestMs } from '../core/model/lane.ts';
import type { MergeOutcome } from '../core/model/result.ts';
import type { Run } from '../core/model/run.ts';
import { Replaced, WritePostponed } from './budget-writes.ts';
import type { Held } from './carry-out.ts';
import { ExternalError } from './external-error.ts';
import { findUnmighty } from './find-unmighty.ts';
import { findVeto } from './find-veto.ts';
import type { MergeAnswer, PullFacts } from './port/github.ts';
import { readSettingsShown } from './read-base-settings.ts';
import { renderTrailers } from './render-commit-message.ts';
import type { WorkPorts } from './work-ports.ts';

export async function runMerge(ports: WorkPorts, held: Held<'merge'>): Promise<MergeOutcome> {
  const { action, record, signal } = held;
  const { repository, run } = record;
  if (!run || signal.aborted) return { kind: 'stopped' };
  try {
    const pull = await ports.github.readPull(repository, action.number);
    // An earlier holder merged it and died before saying so, or a person was faster.
    if (pull.state === 'merged') return await proveMerged(ports, held, pull, 'gatepilot');
    if (held.isSettling) return { kind: 'stopped' };
    const { number, head, base } = action;
    const veto = await findVeto(ports, 'before-merge', held, { pull: number, head, base });
    if (veto)
      return signal.aborted
        ? { kind: 'stopped' }
        : { kind: 'refused', why: `the operator's program ${veto.hook} said no: ${veto.why}` };
    // The program may have taken its time: only what is read after it counts.
    const refusal = await findRefusal(ports, held, run, await ports.github.readPull(repository, number));
    if (refusal) return refusal;
    // Last of all whether it is still ours to make.
    if (!(await isGrantCurrent(ports, held)) || !held.stillHolds()) return { kind: 'stopped' };
    return await merge(ports, held, { run, pull });
  } catch (error) {
    if (!(error instanceof ExternalError)) throw error;
    return error.retry === 'never' ? { kind: 'refused', why: error.message } : { kind: 'postponed', ...toWait(error) };
  }
}

/** Throws ExternalError where no call is under way any more, whatever could not be asked or read. */
async function merge(
  ports: WorkPorts,
  held: Held<'merge'>,
  { run, pull }: { readonly run: Run; readonly pull: PullFacts },
): Promise<MergeOutcome> {
  const { action, record } = held;
  const { repository } = record;
  const answer = await call(ports, held, pull);
  if (answer instanceof ExternalError) return await readUnanswered(ports, held, answer);
  if (answer.kind === 'merged') return await readMerged(ports, held, answer.sha, 'gatepilot');
  if (answer.kind === 'stopped') return answer;
  const now = await ports.github.readPull(repository, action.number);
  // What is merged already is refused as well.
  if (now.state === 'merged') return await proveMerged(ports, held, now, 'gatepilot');
  if (answer.kind === 'head_moved') return { kind: 'head_moved', expected: action.head, actual: now.headSha };
  // A base that moved since we read it is refused in words that only people can tell from a lasting reason.
  return (await findRefusal(ports, held, run, now)) ?? { kind: 'refused', why: answer.why };
}

/** The error, where the answer was lost; what our own budget holds back is not sent at all and is thrown. */
async function call(
  ports: WorkPorts,
  held: Held<'merge'>,
  pull: PullFacts,
): Promise<MergeAnswer | ExternalError | { readonly kind: 'stopped' }> {
  const { action, record } = held;
  const method = record.run?.policy.mergeMethod ?? 'merge';
  try {
    return await ports.github.writeFor(held).merge('merge', record.repository, action.number, {
      sha: action.head,
      method,
      ...renderMergeText(method, record, pull),
      timeoutMs: mergeRequestMs,
    });
  } catch (error) {
    if (error instanceof Replaced) return { kind: 'stopped' };
    if (error instanceof WritePostponed || !(error instanceof ExternalError)) throw error;
    return error;
  }
}

/** As GitHub itself would put it. Where our commits do not land themselves, what they say of their run does. */
function renderMergeText(
  method: Run['policy']['mergeMethod'],
  record: Held<'merge'>['record'],
  { number, headBranch, title }: PullFacts,
): { title: string; message: string } {
  if (method === 'squash')
    return { title: `${title} (#${number})`, message: record.run ? renderTrailers(record, record.run) : '' };
  return { title: `Merge pull request #${number} from ${record.repository.owner}/${headBranch}`, message: title };
}

/** The merge may have happened all the same: GitHub knows, where it says so. */
async function readUnanswered(ports: WorkPorts, held: Held<'merge'>, lost: ExternalError): Promise<MergeOutcome> {
  const unanswered: MergeOutcome = { kind: 'unanswered', ...toWait(lost) };
  let after: PullFacts;
  try {
    after = await ports.github.readPull(held.record.repository, held.action.number);
  } catch (error) {
    if (error instanceof ExternalError) return unanswered;
    throw error;
  }
  if (after.state === 'merged') return await proveMerged(ports, held, after, 'gatepilot');
  return lost.retry === 'never' ? { kind: 'refused', why: lost.message } : unanswered;
}

function toWait({ message, retry }: ExternalError): { why: string; until?: number } {
  return typeof retry === 'object' ? { why: message, until: retry.at } : { why: message };
}

/**
 * Asked at the last moment, by the store's clock: the grant is still ours, and it lasts for as long as the call may
 * take. So no call is under way once a grant has run out, but for one whose process died.
 */
async function isGrantCurrent(ports: WorkPorts, { subject, action, token }: Held<'merge'>): Promise<boolean> {
  const { now, record, inbox, outbox } = await ports.store.load(subject);
  const entry = outbox.find((candidate) => candidate.action.id === action.id);
  const isHeld = entry?.state.kind === 'begun' && entry.state.token === token && !entry.state.cancelled;
  const wish = record?.lane;
  if (!isHeld || wish?.ask !== action.ask || wish.isOver || wish.grant?.epoch !== action.epoch) return false;
  const isRevoked = inbox.some(({ event }) => event.kind === 'lane_revoked' && event.ask === action.ask);
  return !isRevoked && now + mergeRequestMs <= wish.grant.until;
}

async function findRefusal(
  ports: WorkPorts,
  held: Held<'merge'>,
  run: Run,
  pull: PullFacts,
): Promise<MergeOutcome | undefined> {
  const { action, record } = held;
  if (pull.state !== 'open') return { kind: 'refused', why: `pull request #${action.number} is closed` };
  if (pull.baseBranch !== run.base.branch) {
    return {
      kind: 'refused',
      why: `the verdict is for ${run.base.branch}, and the pull request goes into ${pull.baseBranch}`,
    };
  }
  const rules = await ports.github.readBranchRules(record.repository, run.base.branch);
  const against = refuseByRules(run, { number: action.number, rules });
  if (against !== undefined) return { kind: 'refused', why: against };
  const { login } = action.requestedBy;
  if (!action.isBySettings && !isAtLeast(await ports.github.readPermission(record.repository, login), 'write'))
    return { kind: 'refused', why: `@${login} may no longer merge here` };
  const unmighty = await findUnmighty(ports.github, record.repository, run);
  if (unmighty) return { kind: 'refused', why: `@${unmighty.login}, who ${unmighty.did}, may no longer do that` };
  if (pull.headSha !== action.head) return { kind: 'head_moved', expected: action.head, actual: pull.headSha };
  const { runs } = await ports.github.listHeldCi(record.repository, action.head);
  if (runs > 0) return { kind: 'ci_held', runs };
  const base = await ports.github.readBranch(record.repository, run.base.branch);
  if (base !== action.base) return { kind: 'base_moved', expected: action.base, actual: base ?? 'nothing' };
  // Those of the organisation are in another repository, and a verdict may stand on a base that moved.
  const settings = await readSettingsShown(ports, { home: record.repository, commit: base, run });
  return settings.kind === 'same' ? undefined : { kind: 'settings_moved', base };
}

export async function runProveMerge(ports: WorkPorts, held: Held<'prove_merge'>): Promise<MergeOutcome> {
  const pull = await ports.github.readPull(held.record.repository, held.action.number);
  if (pull.state !== 'merged') return { kind: 'refused', why: `pull request #${held.action.number} is not merged` };
  return await proveMerged(ports, held, pull, 'person');
}

type Merging = Held<'merge'> | Held<'prove_merge'>;

async function proveMerged(
  ports: WorkPorts,
  held: Merging,
  pull: PullFacts,
  by: 'gatepilot' | 'person',
): Promise<MergeOutcome> {
  if (pull.mergeSha === undefined) return { kind: 'refused', why: 'GitHub names no merge commit' };
  return await readMerged(ports, held, pull.mergeSha, by);
}

async function readMerged(
  ports: WorkPorts,
  held: Merging,
  sha: string,
  by: 'gatepilot' | 'person',
): Promise<MergeOutcome> {
  const tree = await ports.github.readTree(held.record.repository, sha);
  return { kind: 'merged', sha, tree, by };
}
