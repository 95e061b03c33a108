// Commits made of text on the local GitHub: what stands at a path is never what a link leads to, and no branch is written over.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Repository } from '../../src/core/model/subject.ts';
import type { GitHubPort } from '../../src/engine/port/github.ts';
import { createGitHub } from '../../src/github/create-github.ts';
import { repository as fullName, startWorld, type TestWorld } from '../demo/local-github-world.ts';

let world: TestWorld;
let github: GitHubPort;
let repository: Repository;
let base: string;

beforeAll(async () => {
  world = await startWorld();
  github = createGitHub({
    appId: world.app.appId,
    privateKey: world.app.privateKey,
    apiUrl: `${world.apiUrl}/api/v3`,
    gitRoot: world.apiUrl,
  });
  const { data } = await world.asBot.rest.apps.listReposAccessibleToInstallation();
  const found = data.repositories.find(({ full_name }) => full_name === fullName);
  const [owner = '', name = ''] = fullName.split('/');
  repository = { host: 'git.test', id: found?.id ?? 0, owner, name, installationId: world.installationId };
  base = await makeTree({
    'docs/NOTES.md': '# Notes\n',
    'run.sh': 'exit 0\n',
    'link.md': 'docs/NOTES.md',
    docs2: 'docs',
  });
});
afterAll(() => world.stop());

/** A commit on no branch; what is called like a link is one. */
async function makeTree(files: Record<string, string>): Promise<string> {
  const at = { owner: repository.owner, repo: repository.name };
  const modes: Record<string, '120000' | '100755'> = { 'link.md': '120000', docs2: '120000', 'run.sh': '100755' };
  const tree = Object.entries(files).map(([path, content]) => ({
    ...{ path, content, mode: modes[path] ?? ('100644' as const), type: 'blob' as const },
  }));
  const { git } = world.asBot.rest;
  const bytes = await git.createBlob({
    ...at,
    content: Buffer.from([0xff, 0xfe, 0]).toString('base64'),
    encoding: 'base64',
  });
  const { data } = await git.createTree({
    ...at,
    tree: [...tree, { path: 'image.png', mode: '100644', type: 'blob', sha: bytes.data.sha }],
  });
  const commit = await git.createCommit({ ...at, message: 'Begin', tree: data.sha, parents: [] });
  return commit.data.sha;
}

const append = (parent: string, added = 'More.\n') =>
  github.createCommit(repository, {
    ...{ parent, added, message: 'Add a line', path: 'docs/NOTES.md', isExecutable: false, kept: '# Notes\n' },
  });

describe('what stands at a path', () => {
  it.each([
    ['docs/NOTES.md', { kind: 'file', text: '# Notes\n', isExecutable: false }],
    ['run.sh', { kind: 'file', text: 'exit 0\n', isExecutable: true }],
    ['docs/OTHER.md', { kind: 'absent' }],
    ['other/NOTES.md', { kind: 'absent' }],
    ['link.md', { kind: 'other', what: 'a link' }],
    ['docs2/NOTES.md', { kind: 'other', what: 'below a link' }],
    ['run.sh/NOTES.md', { kind: 'other', what: 'below a file' }],
    ['docs', { kind: 'other', what: 'a folder' }],
    ['image.png', { kind: 'other', what: 'no text' }],
  ])('%s is told as it is', async (path, entry) => {
    expect(await github.readEntry(repository, path, base)).toEqual(entry);
  });
});

describe('a commit of text', () => {
  it('changes its file and nothing else, and no branch has it', async () => {
    const commit = await append(base);
    expect(await github.readEntry(repository, 'docs/NOTES.md', commit)).toMatchObject({ text: '# Notes\nMore.\n' });
    expect(await github.readEntry(repository, 'link.md', commit)).toEqual({ kind: 'other', what: 'a link' });
    expect(await github.readEntry(repository, 'run.sh', commit)).toMatchObject({ isExecutable: true });
    expect(await github.readBranch(repository, 'first')).toBeUndefined();
  });

  it('begins a branch once, and moves it only from where it was', async () => {
    const [first, second, beside] = [
      await append(base),
      await append(base, 'Other.\n'),
      await append(base, 'Beside.\n'),
    ];
    expect(await github.moveBranch(repository, { branch: 'first', from: undefined, to: first })).toBe(true);
    expect(await github.moveBranch(repository, { branch: 'first', from: undefined, to: second })).toBe(false);
    expect(await github.moveBranch(repository, { branch: 'first', from: base, to: beside })).toBe(false);
    const next = await append(first, 'Next.\n');
    expect(await github.moveBranch(repository, { branch: 'first', from: first, to: next })).toBe(true);
    expect(await github.readBranch(repository, 'first')).toBe(next);
    expect(await github.moveBranch(repository, { branch: 'gone', from: first, to: next })).toBe(false);
  });
});
