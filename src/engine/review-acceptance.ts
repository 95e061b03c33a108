// Asks a reviewer whether a merged batch meets its acceptance items, or the next part of them: a structured call without
// tools. Whatever evidence it names is looked at here, so that nothing is accepted because somebody says so.
import { type AcceptanceClaim, AcceptanceVerdict } from '../core/acceptance/acceptance-verdict.ts';
import { judgeItems, listUnmet } from '../core/acceptance/judge-acceptance.ts';
import { listComplaints } from '../core/acceptance/list-complaints.ts';
import { renderAcceptancePrompt } from '../core/acceptance/render-acceptance-prompt.ts';
import { toAnswerTokens } from '../core/acceptance/split-review.ts';
import type { AcceptanceOutcome, TaskResult } from '../core/model/acceptance.ts';
import { isGreen } from '../core/model/result.ts';
import type { Run, Task } from '../core/model/run.ts';
import { joinResults, listParts, listReviewed, type ReviewParts } from '../core/run/review-parts.ts';
import { tasksOf } from '../core/run/task-state.ts';
import type { Held } from './carry-out.ts';
import { checkEvidence } from './check-evidence.ts';
import { ensureCommit } from './ensure-commit.ts';
import { type Exchange, keepExchange } from './keep-exchange.ts';
import type { RepositoryRef } from './port/git.ts';
import { type Decided, OutOfBudget } from './port/model.ts';
import { toIntegrationRef } from './staging.ts';
import { toFailure } from './to-failure.ts';
import { toSpend } from './to-spend.ts';
import { toReviewCause } from './to-turn-cause.ts';
import { toCallerRun, toModelLimits, type WorkPorts } from './work-ports.ts';

export async function reviewAcceptance(ports: WorkPorts, held: Held<'acceptance'>): Promise<AcceptanceOutcome> {
  const { run } = held.record;
  const candidate = run?.candidate;
  if (!run || run.id !== held.action.runId || held.signal.aborted) return { kind: 'stopped' };
  if (candidate?.commit !== held.action.commit) return { kind: 'stopped' };
  try {
    const parts = listParts(run);
    const [part = []] = parts.left;
    return await review(ports, held, { run, candidate, parts, part });
  } catch (error) {
    const { spend } = held.spent;
    if (held.signal.aborted) return { kind: 'stopped', spend };
    const { limits } = held.action;
    const cause = error instanceof OutOfBudget && limits ? toReviewCause(limits, spend) : toFailure(error);
    return { kind: 'failed', cause, spend };
  }
}

interface Scene {
  readonly run: Run;
  readonly candidate: NonNullable<Run['candidate']>;
  readonly parts: ReviewParts;
  /** The part that is next. */
  readonly part: readonly Task[];
}

async function review(ports: WorkPorts, held: Held<'acceptance'>, scene: Scene): Promise<AcceptanceOutcome> {
  const { run, candidate, part } = scene;
  const startedAt = ports.clock.now();
  const { commit, bundle, tree } = candidate;
  const repository = await ensureCommit(ports, held.record.repository, { commit, bundle });
  const asked = await ask(ports, held, { ...scene, repository });
  const exchange = await keepExchange(ports, held.record.repository, asked);
  const verdict = readVerdict(asked.decided);
  const spend = held.spent.spend;
  const { model } = asked.decided;
  const told = () => ({ exchange, model, seconds: (ports.clock.now() - startedAt) / 1000, spend });
  if (typeof verdict === 'string') return { kind: 'unusable', why: verdict.slice(0, 500), ...told() };
  const verified = run.verifiedTrees.find((report) => report.tree === tree && isGreen(report));
  const id = `${held.action.id}-${held.token}`;
  const claims = verdict.entries.filter((claim) => isAskedAbout(claim, part));
  const home = held.record.repository;
  const looked = { run, home, repository, commit, verified, id, signal: held.signal };
  const findings = await checkEvidence(ports, looked, claims);
  if (held.signal.aborted) return { kind: 'stopped', spend };
  const judged = claims.map((claim, at) => ({ claim, finding: findings[at] }));
  const results = part.map(({ key, acceptance }) => ({ task: key, items: judgeItems(key, acceptance, judged) }));
  if (isRefused(scene, results)) await takeBack(ports, held, { run, repository });
  return { kind: 'judged', results, ...told() };
}

/** What is said of another part is said by whoever was not shown it. */
function isAskedAbout({ task, item }: AcceptanceClaim, part: readonly Task[]): boolean {
  return part.some(({ key, acceptance }) => key === task && acceptance.some(({ id }) => id === item));
}

/** Whether the last part is over and the batch does not land as it is. */
function isRefused({ run, candidate, parts }: Scene, found: readonly TaskResult[]): boolean {
  if (parts.left.length > 1) return false;
  const results = joinResults(listReviewed(run), found);
  return tasksOf(run, candidate.tasks).some(
    ({ key, acceptance }) => listUnmet(acceptance, results.find(({ task }) => task === key)?.items ?? []).length > 0,
  );
}

/** The ref of the run says again where it stands without this batch; it may be elsewhere on another host, and stays there. */
async function takeBack(
  ports: WorkPorts,
  { action, record }: Held<'acceptance'>,
  { run, repository }: { run: Run; repository: RepositoryRef },
): Promise<void> {
  const ref = toIntegrationRef({ number: record.number, runId: run.id });
  await ports.git.updateRef(repository, ref, run.integration?.commit, action.commit);
}

async function ask(
  ports: WorkPorts,
  { action, record, signal, spent }: Held<'acceptance'>,
  { run, candidate, part, parts, repository }: Scene & { readonly repository: RepositoryRef },
): Promise<Exchange<AcceptanceVerdict>> {
  const { patch, patchIsCut } = await ports.git.diff(repository, action.onto, action.commit);
  const verify = run.verifiedTrees.find(({ tree }) => tree === candidate.tree)?.commands ?? [];
  const prompt = renderAcceptancePrompt({
    tasks: part.map(({ key, title, acceptance, attempts, state }) => ({
      key,
      title,
      acceptance,
      paths: state.kind === 'anchored' ? state.contribution.paths : [],
      summary: attempts.at(-1)?.summary ?? '',
    })),
    patch,
    patchIsCut,
    verify,
  });
  const isWhole = parts.done + parts.left.length === 1;
  const decided = await ports.model.decide({
    run: toCallerRun(record.repository, record.number, run.id),
    role: 'reviewer',
    models: run.policy.models.reviewer,
    attempt: isWhole ? String(action.batch + 1) : `${action.batch + 1}.${parts.done + 1}`,
    schema: AcceptanceVerdict,
    ...prompt,
    maxOutputTokens: toAnswerTokens(part),
    timeoutMs: run.policy.acceptanceMs,
    signal,
    ...(action.limits ? { limits: toModelLimits(action.limits) } : {}),
    onUsage: (usage) => {
      spent.spend = toSpend(usage);
    },
    validate: (value) =>
      listComplaints(
        part,
        value,
        verify.map(({ command }) => command),
      ),
  });
  return { ...prompt, decided };
}

/** An answer that still leaves something out is judged all the same: what it leaves out is missing. */
function readVerdict(decided: Decided<AcceptanceVerdict>): AcceptanceVerdict | string {
  if (decided.kind === 'decided') return decided.value;
  const parsed = AcceptanceVerdict.safeParse(parseJson(decided.raw.at(-1) ?? ''));
  return parsed.success ? parsed.data : decided.complaints.join(' ');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
