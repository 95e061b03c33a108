import { findNearestName } from '../command/nearest-name.ts';
import type { Actor } from '../model/actor.ts';
import { isLive, type Run, toPhase } from '../model/run.ts';
import { nothingSpent } from '../model/spend.ts';
import { quoteCode } from '../reply/quote-inline.ts';
import { renderAwaiting } from '../reply/render-awaiting.ts';
import { renderWaiting } from '../reply/render-questions.ts';
import { openCatalog } from '../resource/open-catalog.ts';
import { listReadingWorkflows, listTaskWorkflows } from '../resource/task-workflow.ts';
import { isPullReview } from '../review/to-pull-review.ts';
import { askForSeat } from './census.ts';
import { type Draft, enter, note, settleReceipt, tellMissingSettings } from './draft.ts';
import { findUnfit } from './find-unfit.ts';
import { keepEnded } from './keep-ended.ts';
import { readRunPolicy, readSlash } from './read-run-policy.ts';

interface Request {
  readonly receiptId: string;
  readonly actor: Actor;
  readonly text: string;
  /** Its plan waits for an approval, whatever the policy says. */
  readonly isPlanOnly?: boolean;
  /** The workflow that was named. */
  readonly workflow?: string | undefined;
  /** Of a pull request: everybody looks who could. */
  readonly isFull?: boolean;
}

/** Starts a run, joins the one that works already, or says in one sentence why neither is possible. */
export function requestRun(draft: Draft, request: Request): void {
  const { run } = draft.record;
  if (run && isLive(run)) return joinRun(draft, run, request);
  if (run?.pullRequest?.state === 'open' && toPhase(run.state) !== 'final') {
    const { number } = run.pullRequest;
    return refuse(
      draft,
      request,
      `Run ${run.id} ended with pull request #${number}, which is open: merge or close it first.`,
    );
  }
  startRun(draft, request);
}

/** A label plus a comment, or two of either, are one wish: the second one ends with the run that the first started. */
function joinRun(draft: Draft, run: Run, request: Request): void {
  if (run.state.kind === 'stopping')
    return refuse(draft, request, `Run ${run.id} is being stopped; start again when it has ended.`);
  if (run.state.kind === 'paused') {
    const { slash } = run.policy;
    return refuse(
      draft,
      request,
      `Run ${run.id} is paused; \`/${slash} resume\` goes on with it, \`/${slash} stop\` ends it.`,
    );
  }
  if (run.state.kind === 'needs_input') return refuse(draft, request, renderWaiting(run));
  if (run.state.kind === 'awaiting_approval') return refuse(draft, request, renderAwaiting(run));
  if (request.text !== '' || request.workflow !== undefined) {
    return refuse(
      draft,
      request,
      `Run ${run.id} is already working here and cannot take a new instruction; stop it first.`,
    );
  }
  if (request.isPlanOnly && !askForApproval(run)) {
    const { slash } = run.policy;
    return refuse(
      draft,
      request,
      `Run ${run.id} carries its plan out already, so that no plan waits for an approval; \`/${slash} stop\` ends it.`,
    );
  }
  note(draft, 'joined', `@${request.actor.login} asked for a run while ${run.id} works; joined`);
  settleReceipt(draft, request.receiptId, 'started');
}

/** Whoever wants to see the plan first sees it first, also where somebody else did not ask for that. */
function askForApproval(run: Run): boolean {
  if (run.state.kind !== 'planning') return false;
  run.needsApproval = true;
  return true;
}

const noAnswer = 'GitHub did not answer when the repository was read. Please try again.';

function startRun(draft: Draft, request: Request): void {
  const chosen = chooseReading(draft, request);
  if (typeof chosen === 'string') return refuse(draft, request, chosen);
  const facts = draft.snapshot.facts.repository;
  if (!facts) return refuse(draft, request, noAnswer);
  if (facts.baseSha === undefined)
    return refuse(draft, request, 'The repository is empty: there is nothing to work on yet.');
  const read = readRunPolicy(draft);
  const { policy, mistakes } = read;
  const given = chosen.isFork ? { ...policy, sandbox: { ...policy.sandbox, network: [] } } : policy;
  const unfit = findUnfit(read, draft.snapshot.facts, { isReading: chosen.isReading, given });
  if (unfit !== undefined) return refuse(draft, request, unfit);
  const full = askForSeat(draft, policy.maxRuns);
  if (full !== undefined) return refuse(draft, request, full);
  draft.record.runsStarted += 1;
  const run: Run = {
    id: `r${draft.record.runsStarted}`,
    startedAt: draft.now,
    startedBy: request.actor,
    receiptId: request.receiptId,
    request: request.text,
    ...(request.workflow === undefined ? {} : { workflow: request.workflow }),
    base: { branch: facts.defaultBranch, sha: facts.baseSha },
    ...(chosen.isReading ? { reads: chosen.reads ?? { head: facts.baseSha } } : {}),
    policy: given,
    policyMistakes: mistakes,
    ...(request.isPlanOnly ? { needsApproval: true } : {}),
    state: { kind: 'planning', since: draft.now },
    tasks: [],
    behind: [],
    ahead: [],
    acceptances: [],
    boundaries: [],
    inferences: [],
    skippedByPilot: 0,
    verifiedTrees: [],
    pushed: [],
    asked: {},
    troubles: {},
    spend: nothingSpent,
  };
  keepEnded(draft);
  draft.record.run = run;
  if (isPullReview(run)) delete draft.record.pullReview;
  settleReceipt(draft, request.receiptId, 'started');
  note(draft, 'run', `run ${run.id} starts at ${facts.baseSha.slice(0, 10)}, asked for by @${request.actor.login}`, {
    run: run.id,
  });
  tellMissingSettings(draft, run);
  enter(draft, run, run.state);
}

function refuse(draft: Draft, request: Request, reply: string): void {
  note(draft, 'refused', reply);
  settleReceipt(draft, request.receiptId, 'refused', reply);
}

interface Reading {
  /** The workflow that was named changes nothing. */
  readonly isReading: boolean;
  /** What of, where that is not the default branch. */
  readonly reads?: Run['reads'];
  /** Of people who may not write here: agents that read it reach no host but their model. */
  readonly isFork?: boolean;
}

/** Whether the run only reads, and what; or why it cannot be started like that. */
function chooseReading(draft: Draft, { workflow: name, isFull = false }: Request): Reading | string {
  const { record, snapshot } = draft;
  const { repository } = snapshot.facts;
  if (name !== undefined && !repository) return noAnswer;
  const catalog = openCatalog(repository?.resources ?? [], snapshot.facts);
  const reading = listReadingWorkflows(catalog).map((workflow) => workflow.name);
  const isReading = name !== undefined && reading.includes(name);
  if (record.isPullRequest) return isReading ? readPull(draft, isFull) : renderOnPull(readSlash(draft), reading);
  if (name === undefined || isReading) return { isReading };
  const writing = listTaskWorkflows(catalog).map((workflow) => workflow.name);
  return writing.includes(name) ? { isReading } : renderUnknown(name, [...writing, ...reading]);
}

function renderOnPull(slash: string, reading: readonly string[]): string {
  const example = reading[0] ?? 'review';
  return `Runs that change something start from issues; \`/${slash} run --workflow ${example}\` looks at this pull request and changes nothing.`;
}

function readPull(draft: Draft, isFull: boolean): Reading | string {
  const { snapshot, record } = draft;
  const { pull } = snapshot.facts;
  if (!pull) return 'GitHub did not answer when the pull request was read. Please try again.';
  const { number, head, base, branch } = pull;
  if (pull.state !== 'open') return `Pull request #${number} is ${pull.state}: there is nothing to look at any more.`;
  if (base === undefined) return `${quoteCode(branch)}, which it would be merged into, is not there any more.`;
  if (pull.isDraft && !readRunPolicy(draft).readsDrafts)
    return `Pull request #${number} is a draft, and the settings (\`review.drafts\`) have drafts not reviewed: ask again when it is ready for review.`;
  // Agents may run what they find in their workspace.
  const isFork = !pull.isSameRepository;
  const isTextOnly = isFork && record.vouchedHead?.head !== head;
  const reads = {
    head,
    pull: { number, branch, base },
    ...(isTextOnly ? { isTextOnly } : {}),
    ...(isFull ? { isFull } : {}),
  };
  return { isReading: true, reads, isFork };
}

/** Why the workflow that was named cannot be taken. */
function renderUnknown(name: string, names: readonly string[]): string {
  const nearest = findNearestName(name, names);
  const hint = nearest === undefined ? `There are: ${names.join(', ')}.` : `Did you mean ${quoteCode(nearest)}?`;
  return `No workflow ${quoteCode(name)} can carry out a run here. ${hint}`;
}
