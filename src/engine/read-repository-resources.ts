import type { Repository } from '../core/model/subject.ts';
import { maxRepositoryResources, type ResourceFile } from '../core/resource/resource.ts';
import type { GitHubReader } from './port/github.ts';

const root = '.gatepilot';
const folders = ['agents', 'workflows', 'skills'].map((name) => `${root}/${name}`);

/** Agents, workflows and skills of a repository at one commit. What GitHub holds as something else than a file is none. */
export async function readRepositoryResources(
  github: Pick<GitHubReader, 'listFolder' | 'readFile'>,
  repository: Repository,
  ref: string,
): Promise<readonly ResourceFile[]> {
  const top = (await github.listFolder(repository, root, ref)) ?? [];
  const there = top.filter(({ path, kind }) => kind === 'folder' && folders.includes(path));
  const listed = await Promise.all(there.map(({ path }) => github.listFolder(repository, path, ref)));
  const paths = listed
    .flatMap((entries) => entries ?? [])
    .filter(({ kind }) => kind === 'file')
    .map(({ path }) => path)
    .slice(0, maxRepositoryResources);
  const read = async (path: string): Promise<ResourceFile[]> => {
    const text = await github.readFile(repository, path, ref);
    return text === undefined ? [] : [{ source: 'repository', path: path.slice(root.length + 1), text }];
  };
  return (await Promise.all(paths.map(read))).flat();
}
