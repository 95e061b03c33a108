// Asks a reviewer whether a merged batch meets its acceptance items: a structured call without tools for each
// part of its items. Whatever evidence it names is looked at here, so that nothing is accepted because somebody says so.
import { type AcceptanceClaim, AcceptanceVerdict } from '../core/acceptance/acceptance-verdict.ts';
import { judgeItems, listUnmet } from '../core/acceptance/judge-acceptance.ts';
import { listComplaints } from '../core/acceptance/list-complaints.ts';
import { renderAcceptancePrompt } from '../core/acceptance/render-acceptance-prompt.ts';
import { splitReview, toAnswerTokens } from '../core/acceptance/split-review.ts';
import type { AcceptanceOutcome } from '../core/model/acceptance.ts';
import { isGreen } from '../core/model/result.ts';
import type { Limits, Run, Task } from '../core/model/run.ts';
import { addSpend, type Spend } from '../core/model/spend.ts';
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
    return await review(ports, held, { run, tasks: tasksOf(run, candidate.tasks), candidate });
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
  readonly tasks: readonly Task[];
  readonly candidate: NonNullable<Run['candidate']>;
}

async function review(ports: WorkPorts, held: Held<'acceptance'>, scene: Scene): Promise<AcceptanceOutcome> {
  const { run, tasks, candidate } = scene;
  const startedAt = ports.clock.now();
  const { commit, bundle, tree } = candidate;
  const repository = await ensureCommit(ports, held.record.repository, { commit, bundle });
  const parts = splitReview(tasks);
  const { exchange, verdict } = await askForAll(ports, held, { ...scene, repository, parts });
  const spend = held.spent.spend;
  const told = () => ({ exchange, seconds: (ports.clock.now() - startedAt) / 1000, spend });
  if (typeof verdict === 'string') return { kind: 'unusable', why: verdict.slice(0, 500), ...told() };
  const verified = run.verifiedTrees.find((report) => report.tree === tree && isGreen(report));
  const id = `${held.action.id}-${held.token}`;
  const findings = await checkEvidence(
    ports,
    { run, repository, commit, verified, id, parts: parts.length, signal: held.signal },
    verdict.entries,
  );
  if (held.signal.aborted) return { kind: 'stopped', spend };
  const judged = verdict.entries.map((claim, at) => ({ claim, finding: findings[at] }));
  const results = tasks.map(({ key, acceptance }) => ({ task: key, items: judgeItems(key, acceptance, judged) }));
  if (tasks.some(({ acceptance }, at) => listUnmet(acceptance, results[at]?.items ?? []).length > 0))
    await takeBack(ports, held, { run, repository });
  return { kind: 'judged', results, ...told() };
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

interface Answer {
  /** What can be judged, or why nothing can. */
  readonly verdict: AcceptanceVerdict | string;
  readonly exchange: string;
}

interface Review extends Scene {
  readonly repository: RepositoryRef;
  readonly parts: readonly (readonly Task[])[];
}

/** One answer after the other, as one verdict: a batch of which a part cannot be judged cannot be judged. */
async function askForAll(ports: WorkPorts, held: Held<'acceptance'>, review: Review): Promise<Answer> {
  const { repository: owner } = held.record;
  const { onto, commit } = held.action;
  const diff = await ports.git.diff(review.repository, onto, commit);
  const exchanges: Exchange<AcceptanceVerdict>[] = [];
  const entries: AcceptanceVerdict['entries'] = [];
  for (const [at, part] of review.parts.entries()) {
    const exchange = await ask(ports, held, { ...review, ...diff, part, at });
    exchanges.push(exchange);
    const verdict = readVerdict(exchange.decided);
    if (typeof verdict === 'string') return { verdict, exchange: await keepExchange(ports, owner, ...exchanges) };
    // What is said of another part is said by whoever was not shown it.
    const isAsked = ({ task, item }: AcceptanceClaim) =>
      part.some(({ key, acceptance }) => key === task && acceptance.some(({ id }) => id === item));
    entries.push(...verdict.entries.filter(isAsked));
  }
  return { verdict: { entries }, exchange: await keepExchange(ports, owner, ...exchanges) };
}

interface Part extends Review {
  readonly part: readonly Task[];
  readonly at: number;
  readonly patch: string;
  readonly patchIsCut: boolean;
}

async function ask(
  ports: WorkPorts,
  { action, record, signal, spent }: Held<'acceptance'>,
  { run, candidate, part, parts, at, patch, patchIsCut }: Part,
): Promise<Exchange<AcceptanceVerdict>> {
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
  const before = spent.spend;
  const decided = await ports.model.decide({
    run: toCallerRun(record.repository, record.number, run.id),
    role: 'reviewer',
    attempt: parts.length === 1 ? String(action.batch + 1) : `${action.batch + 1}.${at + 1}`,
    schema: AcceptanceVerdict,
    ...prompt,
    maxOutputTokens: toAnswerTokens(part),
    timeoutMs: run.policy.acceptanceMs,
    signal,
    ...(action.limits ? { limits: toModelLimits(toLeft(action.limits, before)) } : {}),
    onUsage: (usage) => {
      spent.spend = addSpend(before, toSpend(usage));
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

/** All parts together spend what was reserved for the review. */
function toLeft({ microUsd, tokens }: Limits, { microUsd: paid, inputTokens, outputTokens }: Spend): Limits {
  const left = {
    microUsd: microUsd - paid,
    ...(tokens === undefined ? {} : { tokens: tokens - inputTokens - outputTokens }),
  };
  if (left.microUsd > 0 && (left.tokens ?? 1) > 0) return left;
  throw new OutOfBudget('the parts of the review before this one used up what was reserved for it');
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
