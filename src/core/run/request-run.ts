import { findNearestName } from '../command/nearest-name.ts';
import type { Actor } from '../model/actor.ts';
import { isLive, type Run, toPhase } from '../model/run.ts';
import { nothingSpent } from '../model/spend.ts';
import { quoteCode, quoteInline } from '../reply/quote-inline.ts';
import { renderAwaiting } from '../reply/render-awaiting.ts';
import { openCatalog } from '../resource/open-catalog.ts';
import { listTaskWorkflows } from '../resource/task-workflow.ts';
import { askForSeat } from './census.ts';
import { type Draft, enter, note, settleReceipt } from './draft.ts';
import { keepEnded } from './keep-ended.ts';
import { readRunPolicy } from './read-run-policy.ts';

interface Request {
  readonly receiptId: string;
  readonly actor: Actor;
  readonly text: string;
  /** Its plan waits for an approval, whatever the policy says. */
  readonly isPlanOnly?: boolean;
  /** The workflow that was named. */
  readonly workflow?: string | undefined;
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
  if (draft.record.isPullRequest)
    return refuse(draft, request, 'Runs start from issues; open an issue that says what is wanted.');
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

function startRun(draft: Draft, request: Request): void {
  const facts = draft.snapshot.facts.repository;
  if (!facts) return refuse(draft, request, 'GitHub did not answer when the repository was read. Please try again.');
  if (facts.baseSha === undefined)
    return refuse(draft, request, 'The repository is empty: there is nothing to work on yet.');
  const { policy, mistakes, blocking, unavailable } = readRunPolicy(draft);
  if (blocking.length > 0) {
    const list = blocking.map((mistake) => `\n- ${quoteInline(mistake, 300)}`).join('');
    return refuse(
      draft,
      request,
      `\`.github/gatepilot.yml\` has mistakes where guessing would make the gate weaker than you asked for:${list}`,
    );
  }
  if (unavailable.length > 0) {
    const keys = unavailable.map((key) => `\`${key}\``).join(', ');
    return refuse(
      draft,
      request,
      `\`.github/gatepilot.yml\` asks for what this version does not do (${keys}); a run that left it out would not be what you asked for.`,
    );
  }
  if (policy.verify.length === 0) {
    return refuse(
      draft,
      request,
      'Nothing here says how to verify a change, and nothing unverified is ever pushed. ' +
        'Add `verify: { commands: ["…"] }` to `.github/gatepilot.yml` on the default branch (or a `test` script to `package.json`).',
    );
  }
  const full = askForSeat(draft, policy.maxRuns);
  if (full !== undefined) return refuse(draft, request, full);
  const unknown = request.workflow === undefined ? undefined : findUnknown(draft, request.workflow);
  if (unknown !== undefined) return refuse(draft, request, unknown);
  draft.record.runsStarted += 1;
  const run: Run = {
    id: `r${draft.record.runsStarted}`,
    startedAt: draft.now,
    startedBy: request.actor,
    receiptId: request.receiptId,
    request: request.text,
    ...(request.workflow === undefined ? {} : { workflow: request.workflow }),
    base: { branch: facts.defaultBranch, sha: facts.baseSha },
    policy,
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
  settleReceipt(draft, request.receiptId, 'started');
  note(draft, 'run', `run ${run.id} starts at ${facts.baseSha.slice(0, 10)}, asked for by @${request.actor.login}`, {
    run: run.id,
  });
  enter(draft, run, run.state);
}

function refuse(draft: Draft, request: Request, reply: string): void {
  note(draft, 'refused', reply);
  settleReceipt(draft, request.receiptId, 'refused', reply);
}

/** Why the workflow that was named cannot be taken. */
function findUnknown(draft: Draft, name: string): string | undefined {
  const workflows = listTaskWorkflows(openCatalog(draft.snapshot.facts.repository?.resources ?? []));
  const names = workflows.map((workflow) => workflow.name);
  if (names.includes(name)) return undefined;
  const nearest = findNearestName(name, names);
  const hint = nearest === undefined ? `There are: ${names.join(', ')}.` : `Did you mean ${quoteCode(nearest)}?`;
  return `No workflow ${quoteCode(name)} can carry out a run here. ${hint}`;
}
