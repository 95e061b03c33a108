import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { listResources } from '../../src/operator/list-resources.ts';

const plain = { operatorFolder: undefined, offered: { agents: ['pi'], models: ['usual'] } };

async function copyWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gp-copy-'));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}

it('lists what a working copy would have in force, and tells each mistake with its place', async () => {
  const steps = '  - { id: go, role: exectuor }\n  - { id: go, role: executor }\n';
  const copy = await copyWith({
    '.github/gatepilot.yml': 'verify:\n  comands: [npm test]\n',
    '.gatepilot/agents/executor.md': '---\ndescription: Mine.\n---\nI shout.\n',
    '.gatepilot/agents/ours.md': '---\ndescription: Ours.\n---\nYou read.\n',
    '.gatepilot/workflows/odd.md': `---\ndescription: Odd \u001b[2J.\nsteps:\n${steps}---\n{task}\n`,
    '.gatepilot/README.md': 'Not a resource.\n',
  });
  const { text = '', isWrong } = (await listResources(copy, plain)) ?? {};
  expect(isWrong).toBe(true);
  expect(text).toMatch(/^agent {5}ours +active +repository$/m);
  expect(text).toMatch(/^agent {5}executor +shadowed +repository {2}The name belongs to the agent of /m);
  expect(text).toMatch(/^workflow {2}review +active +built-in$/m);
  expect(text).toMatch(/^\.gatepilot\/workflows\/odd\.md:4: There is no agent "exectuor"; did you mean "executor"\?$/m);
  expect(text).toMatch(/^\.gatepilot\/workflows\/odd\.md:5: There is a step "go" already\.$/m);
  expect(text).toMatch(/^\.github\/gatepilot\.yml:2: .*did you mean verify\.commands/m);
  expect(text).not.toContain('\u001b');
});

it('is content with a copy that says nothing, and says that what is no folder is none', async () => {
  const list = await listResources(await copyWith({ 'README.md': '# Plain\n' }), plain);
  expect(list).toMatchObject({ isWrong: false });
  expect(list?.text).toMatch(/^0 mistakes\.$/m);
  expect(await listResources('/nowhere/at/all', plain)).toBeUndefined();
});
