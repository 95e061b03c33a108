// One model of a provider is overloaded and another is not. Where the settings name both, nobody waits and nothing fails.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Step } from '../../src/demo/model/scenario.ts';
import { attempts, done, filesWith, nothingFound, planOf, task, write } from '../support/plan.ts';
import { type SharedBot, shareBot } from '../support/share-bot.ts';

let bot: SharedBot;
beforeAll(async () => {
  bot = await shareBot();
});
afterAll(() => bot.release());

const overloaded: Step = { kind: 'fail', status: 529, times: 99, model: 'scripted' };
const chains = 'models:\n  planner: [scripted, second]\n  agent: [scripted, second]\n';

/** Which models were asked, by role, each once. */
function modelsOf(repository: number, role: string): string[] {
  const calls = bot.stack.model.log.filter((call) => call.run.startsWith(`${repository}.`) && call.role === role);
  return [...new Set(calls.map(({ model }) => model))];
}

it('the second model of planner and agent does the work of an overloaded first one, and the comment says so', async () => {
  const repository = await bot.createRepository({
    name: 'overloaded',
    files: filesWith({ check: 'true', policy: chains }),
    scenario: {
      planner: attempts([overloaded, planOf(task('one'))]),
      'task-one': attempts([overloaded, write('one.txt', 'one\n'), done]),
    },
  });
  const { issue, run } = await repository.makeReady('One thing');
  const attempt = run.tasks[0]?.attempts[0];
  expect([run.tasks[0]?.state.kind, run.tasks[0]?.attempts.length]).toEqual(['merged', 1]);
  const instead = { requested: 'scripted', used: 'second', why: expect.stringMatching(/^scripted: .*\b529\b/) };
  expect(run.plan?.model).toEqual(instead);
  const agents = attempt?.steps?.filter(({ role }) => role !== undefined) ?? [];
  expect(agents.map(({ model }) => model)).toEqual(agents.map(() => instead));
  expect(agents.map(({ driver }) => driver)).toEqual(agents.map(() => ({ requested: 'command', used: 'command' })));
  expect(JSON.parse(await bot.readArtifact(run.plan?.exchange ?? ''))).toMatchObject({ model: instead });
  for (const role of ['planner', 'task-one']) expect(modelsOf(repository.id, role)).toEqual(['scripted', 'second']);
  // Whoever has no chain asks the usual model.
  expect(modelsOf(repository.id, 'reviewer')).toEqual(['scripted']);
  expect(run.acceptances.map(({ model }) => model)).toEqual([{ requested: 'scripted', used: 'scripted' }]);
  const [sticky = ''] = await issue.replies();
  expect(sticky).toContain('> answered by the model `second` instead of `scripted`, since scripted: ');
  expect(sticky).toContain('with the model `second` instead of `scripted`, since scripted: ');
  // An answer that was refused costs nothing, and every other one what its model costs.
  expect(run.spend.microUsd).toBe(run.spend.inputTokens * 3 + run.spend.outputTokens * 15);
});

it('each role is asked with its own model, and a step or an agent that names one with that, whatever the settings say', async () => {
  const steps = '  - { id: look, role: reader }\n  - { id: execute, role: executor, model: second }';
  const repository = await bot.createRepository({
    name: 'own-models',
    files: {
      ...filesWith({ check: 'true', policy: 'models:\n  agent: [scripted]\n  reviewer: [second]\n', reviewed: true }),
      '.gatepilot/agents/reader.md': '---\ndescription: Reads.\nmodel: second\n---\nYou read.\n',
      '.gatepilot/workflows/own.md': `---\ndescription: Ours.\nsteps:\n${steps}\n---\n{task}\n`,
    },
    scenario: {
      ...nothingFound,
      planner: attempts([planOf(task('one', { workflow: 'own' }), task('two', { workflow: 'direct' }))]),
      'task-one.look': attempts([done]),
      'task-one': attempts([write('one.txt', 'one\n'), done]),
      'task-two': attempts([write('two.txt', 'two\n'), done]),
    },
  });
  await repository.makeReady('Two things');
  const expected = {
    'task-one.look': ['second'],
    'task-one': ['second'],
    'task-two': ['scripted'],
    planner: ['scripted'],
    reviewer: ['second'],
    'task-review.correctness': ['second'],
  };
  const roles = Object.keys(expected);
  expect(Object.fromEntries(roles.map((role) => [role, modelsOf(repository.id, role)]))).toEqual(expected);
});
