// An agent whose worker dies in the middle of its work, and what became of that.
import type { Takeover } from '../../src/core/model/checkpoint.ts';
import type { Run } from '../../src/core/model/run.ts';
import type { Scenario, Step } from '../../src/demo/model/scenario.ts';
import type { Bot } from '../support/bot.ts';
import { attempts, bash, done, hang, planOf, simpleFiles, task, write } from '../support/plan.ts';
import type { TestRepository } from '../support/repository.ts';

export async function start(bot: Bot, name: string, scenario: Scenario, files = simpleFiles) {
  const repository = await bot.createRepository({ name, files, scenario });
  const issue = await repository.openIssue('Do it');
  await issue.label('pilot:run');
  return { repository, issue };
}

/** It has done something that is nowhere but in its workspace and in its session when its model falls silent. */
export const interrupted = (marker: string, ...rest: readonly Step[]): Scenario => ({
  planner: attempts([planOf(task('one', { ownedPaths: ['one.txt', 'two.txt'] }))]),
  'task-one': attempts([
    write('one.txt', `${marker}\n`),
    bash(`sleep ${marker} > /dev/null 2>&1 & sleep 1.2`),
    hang,
    ...rest,
    write('two.txt', 'two\n'),
    done,
  ]),
});

export const takeoversOf = ({ tasks }: Run): readonly Takeover[] =>
  tasks.flatMap(({ attempts: made }) => made.flatMap(({ takeovers = [] }) => takeovers));
export const isKept = ({ tasks }: Run) => tasks.some(({ attempts: made }) => made.some(({ checkpoint }) => checkpoint));
export const stepsOf = (repository: TestRepository) => repository.calls('task-one').map(({ step }) => step);
export const count = <T>(list: readonly T[], wanted: T) => list.filter((one) => one === wanted).length;
