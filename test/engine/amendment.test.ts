// 38 amendment-cycle: a task needs a change in what another one declared as its contract.
import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { ExternalError } from '../../src/engine/external-error.ts';
import { plannedTask } from '../core/run/outcome.ts';
import { type Agent, type MergeStage, openMergeStage } from './merge-stage.ts';

let stage: MergeStage;
afterEach(() => stage.close());

const foundation = {
  ...plannedTask('f'),
  role: 'foundation' as const,
  ownedPaths: ['api.txt'],
  contracts: ['api.txt'],
};
const feature = (key: string) => ({ ...plannedTask(key, ['f']), ownedPaths: [`${key}.txt`] });

/** Features are red until the contract offers `extra`; `says` is what is printed then. */
async function open(keys: string[], amend: Agent, says = 'error in b.txt:1'): Promise<MergeStage> {
  const check = `if ls [b-e].txt >/dev/null 2>&1 && ! grep -qs extra api.txt; then echo "${says}"; exit 1; fi\n`;
  stage = await openMergeStage({
    files: { 'README.md': '# Simple\n', 'check.sh': check },
    tasks: [foundation, ...keys.map(feature)],
    batches: [['f'], keys],
    agent: async (call) => {
      const { role, workspace } = call;
      if (role.startsWith('task-amend-')) return await amend(call);
      if (role === 'task-f') return await writeFile(join(workspace, 'api.txt'), 'base\n');
      await writeFile(join(workspace, `${role.replace('task-', '')}.txt`), `${role}\n`);
      await appendFile(join(workspace, 'api.txt'), `extra for ${role}\n`);
    },
  });
  return stage;
}

const calls = () => stage.calls.map(({ role }) => role).sort();
const states = () => stage.world.run.tasks.map(({ key, state }) => [key, state.kind]);
const causeOf = (key: string) => {
  const state = stage.world.run.tasks.find((task) => task.key === key)?.state;
  return state && 'cause' in state ? state.cause : undefined;
};

describe('38 amendment-cycle: what a feature needs changed in a foreign contract', () => {
  it('is changed by one task that is bound to it, and everybody who waited is merged without being built again', async () => {
    await open(['b', 'c'], ({ workspace }) => appendFile(join(workspace, 'api.txt'), 'extra for all\n'));
    await stage.play();
    expect(states()).toEqual([
      ['f', 'merged'],
      ['b', 'merged'],
      ['c', 'merged'],
      ['amend-api-txt-1', 'merged'],
    ]);
    expect(calls()).toEqual(['task-amend-api-txt-1', 'task-b', 'task-c', 'task-f']);
    const prompt = stage.calls.find(({ role }) => role.startsWith('task-amend-'))?.prompt ?? '';
    expect(prompt).toContain('# You may change\n\n- api.txt');
    expect(prompt).toContain('+extra for task-b');
    expect(prompt).not.toContain('leave them as they are');
    // Nobody but the amendment has changed the contract.
    expect(await stage.read('api.txt')).toBe('base\nextra for all\n');
    expect([await stage.read('b.txt'), await stage.read('c.txt')]).toEqual(['task-b\n', 'task-c\n']);
  });

  it('and is not changed blocks everybody who waited, by name', async () => {
    await open(['b', 'c'], () => undefined);
    await stage.play();
    expect(states()).toEqual([
      ['f', 'merged'],
      ['b', 'merge_blocked'],
      ['c', 'merge_blocked'],
      ['amend-api-txt-1', 'failed'],
    ]);
    for (const key of ['b', 'c']) expect(causeOf(key)).toEqual({ kind: 'dependency_failed', task: 'amend-api-txt-1' });
    expect(stage.world.run.state.kind).toBe('reviewing');
  });

  it('and whose agent crashes blocks whoever waited', async () => {
    await open(['b'], () => {
      throw new ExternalError({ system: 'agent', message: 'it is gone', retry: 'soon' });
    });
    await stage.play();
    expect(states().slice(1)).toEqual([
      ['b', 'merge_blocked'],
      ['amend-api-txt-1', 'failed'],
    ]);
  });

  it('and is changed in vain is asked for twice, and then blocks whoever waited', async () => {
    const inVain: Agent = ({ workspace, role }) => appendFile(join(workspace, 'api.txt'), `nothing, ${role}\n`);
    await open(['b'], inVain, 'error in api.txt:1');
    await stage.play();
    expect(states()).toEqual([
      ['f', 'merged'],
      ['b', 'merge_blocked'],
      ['amend-api-txt-1', 'merged'],
      ['amend-api-txt-2', 'merged'],
    ]);
    expect(causeOf('b')).toEqual({ kind: 'contract_blocked', path: 'api.txt', owner: 'f' });
    expect(calls().filter((role) => role === 'task-b')).toHaveLength(1);
  });

  it('together with anything else that is not its own is no need, but a mistake', async () => {
    await open(['b'], () => undefined);
    const agent = stage.agent;
    stage.agent = async (call) => {
      await agent(call);
      if (call.role === 'task-b') await writeFile(join(call.workspace, 'other.txt'), 'x\n');
    };
    await stage.play();
    expect(states()[1]).toEqual(['b', 'failed']);
    expect(causeOf('b')).toEqual({ kind: 'scope_violation', paths: ['api.txt', 'other.txt'] });
  });

  it('beside marks of a conflict is no need, since nothing of that is kept', async () => {
    await open(['b'], () => undefined);
    const agent = stage.agent;
    stage.agent = async (call) => {
      await agent(call);
      if (call.role === 'task-b') await appendFile(join(call.workspace, 'b.txt'), '>>>>>>> other\n');
    };
    await stage.play();
    expect(states()).toEqual([
      ['f', 'merged'],
      ['b', 'failed'],
    ]);
    expect(causeOf('b')).toEqual({ kind: 'scope_violation', paths: ['api.txt'] });
  });
});

it('42 causal-routing: a batch that is red in several files of one foundation is for one task with all of them', async () => {
  const isAmended = 'grep -qs extra api.txt && grep -qs extra types.txt';
  const says = 'error in api.txt:1, see types.txt:1';
  stage = await openMergeStage({
    files: {
      'README.md': '# Simple\n',
      'check.sh': `if [ -e b.txt ] && [ -e c.txt ] && ! { ${isAmended}; }; then echo "${says}"; exit 1; fi\n`,
    },
    // Others rely on both, and only one of them is declared.
    tasks: [{ ...foundation, ownedPaths: ['api.txt', 'types.txt'] }, feature('b'), feature('c')],
    batches: [['f'], ['b', 'c']],
    agent: async ({ role, workspace }) => {
      const key = role.replace('task-', '');
      if (key === 'b' || key === 'c') return await writeFile(join(workspace, `${key}.txt`), `${key}\n`);
      const text = key === 'f' ? 'base\n' : 'extra\n';
      for (const path of ['api.txt', 'types.txt']) await appendFile(join(workspace, path), text);
    },
  });
  await stage.play();
  expect(states()).toEqual([
    ['f', 'merged'],
    ['b', 'merged'],
    ['c', 'merged'],
    ['amend-f-1', 'merged'],
  ]);
  expect(stage.world.run.tasks.at(-1)?.ownedPaths).toEqual(['api.txt', 'types.txt']);
  expect(calls()).toEqual(['task-amend-f-1', 'task-b', 'task-c', 'task-f']);
  const prompt = stage.calls.at(-1)?.prompt ?? '';
  expect(prompt).toContain('without a change in `api.txt`, `types.txt`, which task "f" made');
  expect(prompt).toContain('# You may change\n\n- api.txt\n- types.txt');
});
