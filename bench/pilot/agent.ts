// The scripted agent: it succeeds when its prompt holds what its task lacks, and fails with a log that looks like one.
import type { Cause } from '../../src/core/model/cause.ts';
import type { AttemptOutcome } from '../../src/core/model/result.ts';
import { cutFailureWindows } from '../../src/core/pilot/cut-failure-windows.ts';
import { costOf, outputTokensPerAttempt, toTokens, turnsPerAttempt } from './price.ts';
import type { World, WorldTask } from './world.ts';

export const command = 'npm run check';
const shownCharsAtMost = 4_000;

interface Attempted {
  readonly world: World;
  readonly task: WorldTask;
  readonly number: number;
  readonly prompt: string;
  /** Keeps a whole log and gives its name. */
  readonly keep: (log: string) => Promise<string>;
}

export async function attempt({ world, task, number, prompt, keep }: Attempted): Promise<AttemptOutcome> {
  const inputTokens = toTokens(prompt.length) * turnsPerAttempt;
  const tokens = { inputTokens, outputTokens: outputTokensPerAttempt };
  const spend = { ...tokens, microUsd: costOf(tokens) };
  const fail = (cause: Cause, summary: string): AttemptOutcome => ({ kind: 'failed', cause, summary, spend });
  const order = world.tasks.find(({ poison }) => poison !== undefined && prompt.includes(poison));
  if (order) return fail({ kind: 'no_change', said: 'It is done already.' }, 'A log says that it is done already.');
  if (number <= (task.crashes ?? 0)) return fail({ kind: 'agent_crashed', detail: 'signal SIGKILL' }, '');
  const isTold = task.needs === undefined || prompt.includes(world.facts[task.needs]?.token ?? '');
  if (task.isHopeless !== true && isTold) return succeed(task, spend);
  const log = writeLog(world, task, number);
  const output = cutFailureWindows(log, shownCharsAtMost);
  const omittedBytes = Math.max(0, log.length - shownCharsAtMost);
  const exit = { kind: 'exited', code: 1 } as const;
  const report = { command, exit, durationMs: 40_000, output, omittedBytes, log: await keep(log) };
  return fail({ kind: 'verify_red', failures: [report] }, 'The check still fails.');
}

function succeed(task: WorldTask, spend: AttemptOutcome['spend']): AttemptOutcome {
  const tree = `tree-${task.key}`;
  const exit = { kind: 'exited', code: 0 } as const;
  const report = { command, exit, durationMs: 40_000, output: 'all is well', omittedBytes: 0 };
  return {
    kind: 'anchored',
    commit: task.key.padEnd(40, '0'),
    tree,
    paths: [`src/${task.key}/index.js`],
    stat: { files: 1, additions: 20, deletions: 2 },
    patch: 'patch',
    bundle: 'bundle',
    transcript: 'transcript',
    summary: `${task.title} It is done.`,
    verify: { tree, commands: [report] },
    spend,
  };
}

/** Much that says nothing, one failure, and what explains it only where the world says so. */
function writeLog(world: World, { key, needs, statedIn = 0, poison }: WorldTask, number: number): string {
  const isStated = needs !== undefined && statedIn > 0 && number >= statedIn;
  const line = (at: number) => `ok ${at} - module ${at} of the suite that has nothing to do with it`;
  const noise = (from: number, count: number) => Array.from({ length: count }, (_, at) => line(from + at));
  return [
    `> ${command}`,
    ...noise(1, 180),
    `not ok 181 - src/${key}/index.js`,
    '  Error: the check of this module failed',
    ...(isStated ? [world.facts[needs]?.line ?? ''] : []),
    ...(isStated && poison !== undefined ? [poison] : []),
    ...noise(182, 120),
    '# pass 300',
    '# failed 1',
  ].join('\n');
}
