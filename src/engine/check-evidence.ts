// Looks at the evidence that a reviewer named: its commands are run in fresh copies of the merged tree, its lines are read
// from it. What it said about either counts for nothing.
import type { AcceptanceClaim, Evidence } from '../core/acceptance/acceptance-verdict.ts';
import { findTraceFault, isInOutput, isQuoted, looksAtSomething } from '../core/acceptance/check-evidence-text.ts';
import type { Finding } from '../core/acceptance/judge-acceptance.ts';
import { commandsPerPart } from '../core/acceptance/split-review.ts';
import type { CommandReport } from '../core/model/cause.ts';
import { isPassed, type VerifyReport } from '../core/model/result.ts';
import type { Run } from '../core/model/run.ts';
import type { Repository } from '../core/model/subject.ts';
import { renderExit } from '../core/reply/render-cause.ts';
import { openPlace } from './open-place.ts';
import type { RepositoryRef } from './port/git.ts';
import { readSmall } from './read-small.ts';
import { runVerify } from './run-verify.ts';
import type { SandboxPlace, WorkPorts } from './work-ports.ts';

export interface EvidenceScene {
  readonly run: Run;
  readonly home: Repository;
  readonly repository: RepositoryRef;
  readonly commit: string;
  /** What the verify commands said of this very tree: they are not run for it once more. */
  readonly verified: VerifyReport | undefined;
  readonly id: string;
  readonly signal: AbortSignal;
  /** Lines may have moved: a quote may stand anywhere in its file. */
  readonly isAnywhere?: boolean;
}

/** In the order of the claims; undefined where there is nothing to look at. */
export async function checkEvidence(
  ports: WorkPorts,
  scene: EvidenceScene,
  claims: readonly AcceptanceClaim[],
): Promise<(Finding | undefined)[]> {
  const runCommand = createRunner(ports, scene);
  const findings: (Finding | undefined)[] = [];
  for (const { status, evidence } of claims) {
    if (status === 'not_met' || !evidence || scene.signal.aborted) findings.push(undefined);
    else if (evidence.kind === 'trace') findings.push(await checkTrace(ports, scene, evidence));
    else findings.push(await checkCommand(ports, scene, { evidence, runCommand }));
  }
  return findings;
}

async function checkTrace(
  ports: WorkPorts,
  { repository, commit, isAnywhere }: EvidenceScene,
  trace: Extract<Evidence, { kind: 'trace' }>,
): Promise<Finding> {
  const text = await readSmall(ports, { repository, commit, path: trace.path });
  if (text.kind === 'too_large')
    return { kind: 'fails', why: `${trace.path} is too large to be looked at`, isUnseen: true };
  if (isAnywhere && text.text !== undefined)
    return isQuoted(text.text, trace.quote)
      ? { kind: 'holds', shown: `${trace.path} says "${trace.quote}"` }
      : { kind: 'fails', why: `${trace.path} does not say "${trace.quote}"` };
  const why = findTraceFault(text.text, trace);
  if (why !== undefined) return { kind: 'fails', why };
  return { kind: 'holds', shown: `${trace.path}:${trace.from}-${trace.to} says "${trace.quote}"` };
}

type Ran =
  | { readonly kind: 'ran'; readonly report: CommandReport }
  | { readonly kind: 'not_run'; readonly why: string };

interface CommandClaim {
  readonly evidence: Extract<Evidence, { kind: 'command' }>;
  readonly runCommand: (command: string) => Promise<Ran>;
}

async function checkCommand(
  ports: WorkPorts,
  { repository }: EvidenceScene,
  { evidence, runCommand }: CommandClaim,
): Promise<Finding> {
  const { command, output: quote } = evidence;
  if (!looksAtSomething(command)) return { kind: 'fails', why: `"${command}" looks at nothing` };
  const ran = await runCommand(command);
  if (ran.kind === 'not_run') return { kind: 'fails', why: ran.why, isUnseen: true };
  const { report } = ran;
  const log = report.log === undefined ? {} : { log: report.log };
  if (!isPassed(report)) {
    const unseen = isEndedByUs(report) ? { isUnseen: true } : {};
    return { kind: 'fails', why: `"${command}" ${renderExit(report)}: ${tail(report)}`, ...log, ...unseen };
  }
  if (quote !== undefined && quote.trim() !== '') {
    const kept = report.log === undefined ? undefined : await ports.artifacts.read(repository.key, report.log);
    const whole = kept ? Buffer.from(kept).toString('utf8') : report.output;
    if (!isInOutput(whole, { command, quote }))
      return { kind: 'fails', why: `"${command}" passed and did not print "${quote}"`, ...log };
  }
  return { kind: 'holds', shown: `"${command}" passed: ${tail(report)}`, ...log };
}

/** Signals by which a kernel ends what uses more than it may; nobody can tell who sent the last of them. */
const ofLimits: readonly string[] = ['SIGXCPU', 'SIGXFSZ', 'SIGKILL'];

/** What it would have said is not known. */
function isEndedByUs({ exit }: CommandReport): boolean {
  return exit.kind === 'killed' || (exit.kind === 'signalled' && ofLimits.includes(exit.signal));
}

function tail({ output }: CommandReport): string {
  return output.trim().split('\n').slice(-3).join(' / ').slice(-200) || '(no output)';
}

const ofNobody = 'nothing is executed of a fork that nobody vouched for, so that a command shows nothing';

/** Each different command once, each in a copy of its own: what one leaves behind is no evidence for another. */
function createRunner(ports: WorkPorts, scene: EvidenceScene): CommandClaim['runCommand'] {
  const { run, home, repository, commit, signal, verified } = scene;
  const reports = new Map<string, CommandReport>(verified?.commands.map((report) => [report.command, report]));
  const endsAt = ports.clock.now() + run.policy.verifyTimeoutMs;
  let count = 0;
  let place: SandboxPlace | undefined;
  return async (command) => {
    if (run.reads?.isTextOnly) return { kind: 'not_run', why: ofNobody };
    const known = reports.get(command);
    if (known) return { kind: 'ran', report: known };
    if (count >= commandsPerPart) return { kind: 'not_run', why: `it names more than ${commandsPerPart} commands` };
    const timeoutMs = endsAt - ports.clock.now();
    if (timeoutMs <= 0) return { kind: 'not_run', why: 'there was no time left to run it' };
    count += 1;
    place ??= await openPlace(ports, { policy: run.policy, base: run.base, repository: home, signal });
    if (!place) return { kind: 'not_run', why: 'it was stopped' };
    const id = `${scene.id}-${count}`;
    const done = await runVerify(ports, { id, repository, commit, commands: [command], timeoutMs, place, signal });
    const report = done?.commands[0];
    if (!report) return { kind: 'not_run', why: 'it was stopped' };
    reports.set(command, report);
    return { kind: 'ran', report };
  };
}
