// Asks the gate pilot what should follow a batch with failures. One structured call without tools; the decision is
// judged by the same rules here (so that the model may repair it) and again when it is applied.
import type { CommandReport } from '../core/model/cause.ts';
import type { PilotOutcome } from '../core/model/result.ts';
import type { Run } from '../core/model/run.ts';
import { toRepositoryKey } from '../core/model/subject.ts';
import { applyDecision } from '../core/pilot/apply-decision.ts';
import { renderRejection } from '../core/pilot/decision-rejection.ts';
import { PilotDecision } from '../core/pilot/pilot-decision.ts';
import { renderPilotPrompt } from '../core/pilot/render-pilot-prompt.ts';
import { toBoundary } from '../core/run/to-boundary.ts';
import { toPilotContext } from '../core/run/to-pilot-context.ts';
import type { Held } from './carry-out.ts';
import { ExternalError } from './external-error.ts';
import { keepExchange } from './keep-exchange.ts';
import { readNotes } from './read-notes.ts';
import { toSpend } from './to-spend.ts';
import { toCallerRun, toModelLimits, type WorkPorts } from './work-ports.ts';

export async function runPilot(ports: WorkPorts, held: Held<'pilot'>): Promise<PilotOutcome> {
  const { run } = held.record;
  if (!run || run.id !== held.action.runId || held.signal.aborted) return { kind: 'stopped' };
  const startedAt = ports.clock.now();
  const seconds = () => (ports.clock.now() - startedAt) / 1000;
  try {
    return await consult(ports, held, { run, seconds });
  } catch (error) {
    const { spend } = held.spent;
    if (held.signal.aborted) return { kind: 'stopped', spend };
    if (!(error instanceof ExternalError)) throw error;
    return { kind: 'fell_back', why: error.message.slice(0, 300), seconds: seconds(), spend };
  }
}

interface Scene {
  readonly run: Run;
  readonly seconds: () => number;
}

async function consult(ports: WorkPorts, held: Held<'pilot'>, { run, seconds }: Scene): Promise<PilotOutcome> {
  const { repository, number } = held.record;
  const boundary = toBoundary(run);
  const notes = await readNotes(ports, repository, run);
  const logs = await readLogs(ports, toRepositoryKey(repository), run);
  const prompt = renderPilotPrompt(toPilotContext(run, notes, logs));
  const decided = await ports.model.decide({
    run: toCallerRun(repository, number, run.id),
    role: 'pilot',
    models: run.policy.models.pilot,
    attempt: String(held.action.batch + 1),
    schema: PilotDecision,
    system: prompt.system,
    prompt: prompt.prompt,
    maxOutputTokens: 8_000,
    timeoutMs: run.policy.pilotMs,
    signal: held.signal,
    ...(held.action.limits ? { limits: toModelLimits(held.action.limits) } : {}),
    onUsage: (usage) => {
      held.spent.spend = toSpend(usage);
    },
    validate: (value) => {
      const applied = applyDecision(boundary, value);
      return applied.kind === 'rejected' ? applied.rejections.map(renderRejection) : [];
    },
  });
  const exchange = await keepExchange(ports, repository, { ...prompt, decided });
  const told = { exchange, model: decided.model, seconds: seconds(), spend: toSpend(decided.usage) };
  return decided.kind === 'decided'
    ? { kind: 'decided', decision: decided.value, ...told }
    : { kind: 'fell_back', why: decided.complaints.join(' ').slice(0, 1_000), ...told };
}

/** The newest red log of each task of the batch, whole: which part of it the pilot sees is cut by the prompt. */
async function readLogs(ports: WorkPorts, repository: string, run: Run): Promise<ReadonlyMap<string, string>> {
  const logs = new Map<string, string>();
  for (const task of run.tasks) {
    const cause = task.attempts.at(-1)?.cause;
    const failures: readonly CommandReport[] = cause && 'failures' in cause ? cause.failures : [];
    const texts: string[] = [];
    for (const { command, log, output } of failures) {
      const stored = log === undefined ? undefined : await ports.artifacts.read(repository, log);
      texts.push(`$ ${command}\n${stored ? Buffer.from(stored).toString('utf8') : output}`);
    }
    if (texts.length > 0) logs.set(task.key, texts.join('\n'));
  }
  return logs;
}
