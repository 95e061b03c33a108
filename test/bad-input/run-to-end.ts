// One run from a labelled issue to wherever it ends, and everything that people can see of it then.
import type { Run, Task } from '../../src/core/model/run.ts';
import type { TestRepository, Thread } from '../support/repository.ts';

export interface EndedRun {
  readonly issue: Thread;
  readonly run: Run;
  /** The one comment on the issue. */
  readonly sticky: string;
}

export async function runToEnd(
  repository: TestRepository,
  wanted: { title?: string; body?: string; as?: string } = {},
): Promise<EndedRun> {
  const { title = 'Do it', ...options } = wanted;
  const issue = await repository.openIssue(title, options);
  await issue.label('pilot:run');
  const run = await issue.reaches('ready', 'failed', 'stopped', 'paused');
  await issue.isShown();
  const replies = await issue.replies();
  if (replies.length !== 1) throw new Error(`there are ${replies.length} comments instead of one`);
  return { issue, run, sticky: replies[0] ?? '' };
}

/** What a refused wish leaves: an answer, and no trace of a run. */
export async function askInVain(repository: TestRepository): Promise<string> {
  const issue = await repository.openIssue('Do it');
  const comment = await issue.comment('/pilot run');
  const reactions = await issue.reactionsOn(comment);
  await issue.isShown();
  const { branches } = await repository.read();
  const trace = [reactions, (await issue.record())?.run, repository.calls().length, Object.keys(branches)];
  if (JSON.stringify(trace) !== JSON.stringify([['confused'], undefined, 0, ['main']]))
    throw new Error(`the refusal left ${JSON.stringify(trace)}`);
  return (await issue.replyTo(comment)) ?? '';
}

export function taskOf(run: Run, key: string): Task {
  const task = run.tasks.find((candidate) => candidate.key === key);
  if (!task) throw new Error(`the run has no task ${key}`);
  return task;
}

/** Nothing of the run reached GitHub but words. */
export async function findPushed(repository: TestRepository): Promise<string[]> {
  const { branches, pulls } = await repository.read();
  return [...Object.keys(branches).filter((name) => name !== 'main'), ...pulls.map(({ title }) => title)];
}
