// Conflicts between what tasks built: handed to one repair after the other, with little that it may change.
import { execFileSync } from 'node:child_process';
import { appendFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { PlannedTask } from '../../src/core/model/plan-outcome.ts';
import { renderPullBody } from '../../src/core/reply/render-pull-body.ts';
import { plannedTask } from '../core/run/outcome.ts';
import { type Agent, type AgentCall, type MergeStage, openMergeStage } from './merge-stage.ts';

let stage: MergeStage;
afterEach(() => stage.close());

const check = 'if grep -rqs BROKEN . --include=*.txt; then echo "FAIL: broken"; exit 1; fi\n';

function owning(key: string, ...ownedPaths: string[]): PlannedTask {
  return { ...plannedTask(key), ownedPaths };
}

async function write(workspace: string, path: string, content: string): Promise<void> {
  await mkdir(dirname(join(workspace, path)), { recursive: true });
  await writeFile(join(workspace, path), content);
}

/** Takes git's marks away and keeps the lines of both sides. */
async function keepBoth({ workspace }: AgentCall, path = 'shared.txt'): Promise<void> {
  const text = await readFile(join(workspace, path), 'utf8');
  await write(workspace, path, text.replace(/^(?:<{7}|={7}|>{7}).*\n/gm, ''));
}

/** Two tasks edit one line; whoever is second is repaired by `repair`. */
async function openTwo(repair: Agent, policy = ''): Promise<MergeStage> {
  stage = await openMergeStage({
    files: { 'README.md': '# Simple\n', 'shared.txt': 'first\n', 'check.sh': check },
    tasks: [owning('a', 'shared.txt'), owning('b', 'shared.txt')],
    batches: [['a', 'b']],
    policy,
    agent: async (call) => {
      if (call.role.startsWith('repair-')) return await repair(call);
      await write(call.workspace, 'shared.txt', `line of ${call.role}\n`);
    },
  });
  return stage;
}

const roles = () => stage.calls.map(({ role }) => role).sort();
const states = () => stage.world.run.tasks.map(({ key, state, attempts }) => [key, state.kind, attempts.length]);

describe('21 conflict-reapply: two tasks that edit one line', () => {
  it('are both there: the second one is repaired on what the first one left, with its own change before its eyes', async () => {
    await openTwo(keepBoth);
    await stage.play();
    expect(await stage.read('shared.txt')).toBe('line of task-a\nline of task-b\n');
    expect(states()).toEqual([
      ['a', 'merged', 1],
      ['b', 'merged', 2],
    ]);
    expect(roles()).toEqual(['repair-b', 'task-a', 'task-b']);
    const prompt = stage.calls.at(-1)?.prompt ?? '';
    expect(prompt).toContain('+line of task-b');
    expect(prompt).toContain('+line of task-a');
    expect(stage.world.run.tasks[1]?.attempts[1]).toMatchObject({
      repair: { paths: ['shared.txt'], secondary: [], removed: [] },
      spend: { microUsd: 1_000 },
    });
    const [step] = stage.world.run.tasks[1]?.attempts[1]?.steps ?? [];
    expect(step).toMatchObject({ id: 'settle', role: 'repair', state: 'done', spend: { microUsd: 1_000 } });
    expect(JSON.parse(await stage.readArtifact(step?.prompt ?? '')).stages).toMatchObject([
      { name: 'repair', text: prompt },
    ]);
    expect(await stage.readArtifact(step?.output ?? '')).toBe('Done.');
    expect(stage.world.log.join('\n')).toContain('the conflict of b in `shared.txt` is repaired');
    expect(stage.world.run.losses).toBeUndefined();
    // What was built is in it, and not only what it looks like.
    const { commit = '' } = stage.world.run.integration ?? {};
    for (const task of stage.world.run.tasks)
      if (task.state.kind === 'merged')
        expect(await stage.git.isAncestor(stage.ref, task.state.contribution.commit, commit)).toBe(true);
  });

  it('are told of where one line cannot be both', async () => {
    await openTwo(({ workspace }) => write(workspace, 'shared.txt', 'line of task-b\nand more\n'));
    await stage.play();
    expect(states()[1]).toEqual(['b', 'merged', 2]);
    expect(stage.world.run.losses).toEqual([{ task: 'a', path: 'shared.txt', lines: 1, of: 1, by: ['b'] }]);
    expect(renderPullBody(stage.world.record, stage.world.run)).toContain(
      '- `shared.txt`: 1 of the 1 lines that `a` added; also changed by `b`',
    );
  });

  it('24 shared-budget: share their attempts with repairs, and never get one more', async () => {
    await openTwo(() => undefined);
    const agent = stage.agent;
    stage.agent = async (call) => {
      if (call.role === 'task-b' && call.attempt === 1) return await write(call.workspace, 'shared.txt', 'BROKEN\n');
      await agent(call);
    };
    await stage.play();
    // One is held back for the boundary, where nobody advises anything here.
    expect(states()).toEqual([
      ['a', 'merged', 1],
      ['b', 'failed', 2],
    ]);
    expect(stage.world.run.tasks[1]?.state).toMatchObject({ cause: { kind: 'merge_conflict', paths: ['shared.txt'] } });
  });

  it('of which the repair fails is built anew on what is there, within its attempts', async () => {
    await openTwo(() => undefined, 'max_attempts: 4\n');
    const agent = stage.agent;
    stage.agent = async (call) => {
      if (call.role === 'task-b' && call.attempt === 3)
        return await appendFile(join(call.workspace, 'shared.txt'), 'line of task-b\n');
      await agent(call);
    };
    await stage.play();
    expect(roles()).toEqual(['repair-b', 'task-a', 'task-b', 'task-b']);
    expect(stage.calls.at(-1)?.prompt).toContain('marks of the conflict were left in `shared.txt`');
    expect(await stage.read('shared.txt')).toBe('line of task-a\nline of task-b\n');
    expect(states()).toEqual([
      ['a', 'merged', 1],
      ['b', 'merged', 3],
    ]);
  });
});

describe('29 marker-left / head-moved / stray-file: a repair', () => {
  const cause = () => stage.world.run.tasks[1]?.attempts[1]?.cause;

  it('that leaves a mark fails, and its target stays where it was', async () => {
    await openTwo(async ({ workspace }) => {
      const text = await readFile(join(workspace, 'shared.txt'), 'utf8');
      await write(workspace, 'shared.txt', text.replace(/^[<>]{7}.*\n/gm, ''));
    });
    await stage.play();
    expect(cause()).toEqual({ kind: 'conflict_unresolved', why: 'marker_left', paths: ['shared.txt'] });
    expect(await stage.read('shared.txt')).toBe('line of task-a\n');
  });

  it('that makes a commit fails', async () => {
    await openTwo(async (call) => {
      await keepBoth(call);
      execFileSync('git', ['commit', '--quiet', '--all', '-m', 'Mine'], { cwd: call.workspace });
    });
    await stage.play();
    expect(cause()).toEqual({ kind: 'conflict_unresolved', why: 'head_moved', paths: [] });
    expect(await stage.read('shared.txt')).toBe('line of task-a\n');
  });

  it('that leaves a stray file is merged without it, which is said', async () => {
    await openTwo(async (call) => {
      await keepBoth(call);
      await write(call.workspace, 'shared.txt.orig', 'left over\n');
      await write(call.workspace, 'notes/mine.md', 'left over\n');
    });
    await stage.play();
    expect(states()[1]).toEqual(['b', 'merged', 2]);
    expect(await stage.read('shared.txt.orig')).toBeUndefined();
    expect(await stage.read('notes/mine.md')).toBeUndefined();
    expect(await stage.read('shared.txt')).toBe('line of task-a\nline of task-b\n');
    expect(stage.world.log.join('\n')).toContain('is taken away: `notes/mine.md`, `shared.txt.orig`');
  });

  it('is not asked for where no mark can stand', async () => {
    await openTwo(() => undefined);
    const agent = stage.agent;
    stage.agent = async (call) =>
      call.role === 'task-b' ? await rm(join(call.workspace, 'shared.txt')) : await agent(call);
    await stage.play();
    expect(cause()).toEqual({ kind: 'conflict_unresolved', why: 'not_text', paths: ['shared.txt'] });
    expect(roles()).toEqual(['task-a', 'task-b']);
  });
});

describe('28 rename-scope: a module is renamed, a test still names the old one, and a third task conflicts', () => {
  async function openRename(repair: Agent): Promise<MergeStage> {
    const helpers = Object.fromEntries(
      Array.from({ length: 13 }, (_, at) => [`src/part-${at}.ts`, `import { old } from './old.ts';\nold(${at});\n`]),
    );
    stage = await openMergeStage({
      files: {
        ...helpers,
        'README.md': '# Simple\n',
        'docs/guide.md': 'A guide.\n',
        'src/old.ts': '// one\n// two\n// three\nexport const old = () => 1;\n// four\n',
        // Red once what the test names does something else.
        'check.sh': 'if grep -qs "=> 6" src/new.ts && grep -rqs "/src/old.ts" checks; then echo "FAIL"; exit 1; fi\n',
      },
      tasks: [owning('a', 'src/**'), owning('b', 'checks/**'), owning('c', 'src/**')],
      batches: [['a'], ['b'], ['c']],
      agent: async (call) => {
        const { workspace, role } = call;
        if (role === 'task-a') {
          await rename(join(workspace, 'src/old.ts'), join(workspace, 'src/new.ts'));
          const text = await readFile(join(workspace, 'src/new.ts'), 'utf8');
          await write(workspace, 'src/new.ts', text.replace('() => 1', '() => 2'));
        }
        if (role === 'task-b') await write(workspace, 'checks/a.ts', "import { old } from '../src/old.ts';\nold();\n");
        if (role === 'task-c') {
          const text = await readFile(join(workspace, 'src/old.ts'), 'utf8');
          await write(workspace, 'src/old.ts', text.replace('() => 1', '() => 3'));
        }
        if (role === 'repair-c') await repair(call);
      },
    });
    // All three are built on one base and merged one after the other.
    const { run } = stage.world;
    run.ahead = [['a', 'b', 'c']];
    return stage;
  }
  const settleNew = async (call: AgentCall) => {
    const path = join(call.workspace, 'src/new.ts');
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace(/<{7}[\s\S]*>{7}.*\n/, 'export const old = () => 6;\n'));
  };

  it('may mend the test, which imports what was merged, and says so', async () => {
    await openRename(async (call) => {
      await settleNew(call);
      await write(call.workspace, 'checks/a.ts', "import { old } from '../src/new.ts';\nold();\n");
    });
    await stage.play();
    expect(states()).toEqual([
      ['a', 'merged', 1],
      ['b', 'merged', 1],
      ['c', 'merged', 2],
    ]);
    expect(stage.world.run.tasks[2]?.attempts[1]?.repair).toEqual({
      paths: ['src/new.ts'],
      secondary: ['checks/a.ts'],
      removed: [],
    });
    expect(stage.world.log.join('\n')).toContain(
      'the conflict of c in `src/new.ts` is repaired, and `checks/a.ts` with it',
    );
    expect(await stage.read('src/new.ts')).toContain('() => 6');
  });

  it('may not touch what has nothing to do with it', async () => {
    await openRename(async (call) => {
      await settleNew(call);
      await write(call.workspace, 'docs/guide.md', 'Another guide.\n');
    });
    await stage.play();
    expect(stage.world.run.tasks[2]?.attempts[1]?.cause).toEqual({
      kind: 'conflict_unresolved',
      why: 'outside_scope',
      paths: ['docs/guide.md'],
    });
    expect(await stage.read('docs/guide.md')).toBe('A guide.\n');
  });

  it('that needs thirteen others is for a person', async () => {
    await openRename(async (call) => {
      await settleNew(call);
      for (let at = 0; at < 13; at += 1)
        await write(call.workspace, `src/part-${at}.ts`, `import { old } from './new.ts';\nold(${at});\n`);
    });
    await stage.play();
    expect(stage.world.run.tasks[2]?.attempts[1]?.cause).toMatchObject({ why: 'too_many_files' });
    expect(await stage.read('src/new.ts')).toContain('() => 2');
  });
});

it('43 five-way-merge: five tasks add to one registry, each is repaired at most once, and all five are there', async () => {
  const keys = ['a', 'b', 'c', 'd', 'e'];
  stage = await openMergeStage({
    files: { 'shared.txt': 'registry\n', 'check.sh': check },
    tasks: keys.map((key) => owning(key, 'shared.txt')),
    batches: [keys],
    agent: async (call) => {
      if (call.role.startsWith('repair-')) return await keepBoth(call);
      await appendFile(join(call.workspace, 'shared.txt'), `entry of ${call.role}\n`);
    },
  });
  await stage.play();
  const lines = ((await stage.read('shared.txt')) ?? '').trim().split('\n');
  expect(lines.toSorted()).toEqual([...keys.map((key) => `entry of task-${key}`), 'registry']);
  expect(states()).toEqual(keys.map((key) => [key, 'merged', key === 'a' ? 1 : 2]));
  expect(stage.calls.filter(({ role }) => role.startsWith('repair-'))).toHaveLength(4);
});
