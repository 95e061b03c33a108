import { type Catalog, openCatalog } from '../core/resource/open-catalog.ts';
import { maxRepositoryResources, maxResourceChars, type ResourceFile } from '../core/resource/resource.ts';
import { ExternalError } from './external-error.ts';
import type { RepositoryRef } from './port/git.ts';
import { type Offering, toOffered, type WorkPorts } from './work-ports.ts';

const folder = '.gatepilot';
/** In UTF-8 a character takes four bytes at most. */
const bytesAtMost = 4 * maxResourceChars;

/** All agents, workflows and skills as they are for a run: the repository's from the commit that the run began at. */
export async function loadCatalog(
  ports: Pick<WorkPorts, 'git' | 'resources'> & Offering,
  repository: RepositoryRef,
  commit: string,
): Promise<Catalog> {
  const [everybodys, listed] = await Promise.all([
    ports.resources.read(),
    ports.git.listFiles(repository, commit, 10 * maxRepositoryResources, folder),
  ]);
  const paths = listed.paths.filter((path) => /^\.gatepilot\/(?:agents|workflows|skills)\/[^/]+$/.test(path));
  const own: ResourceFile[] = [];
  for (const path of paths.slice(0, maxRepositoryResources)) {
    const text = await readText(ports, repository, { commit, path });
    if (text !== undefined) own.push({ source: 'repository', path: path.slice(folder.length + 1), text });
  }
  return openCatalog([...everybodys, ...own], toOffered(ports));
}

/** One that is too large is told as such by the catalogue, whatever stands in it. */
async function readText(
  { git }: Pick<WorkPorts, 'git'>,
  repository: RepositoryRef,
  { commit, path }: { commit: string; path: string },
): Promise<string | undefined> {
  try {
    return await git.readFile(repository, commit, path, bytesAtMost);
  } catch (error) {
    if (error instanceof ExternalError && error.retry === 'never') return ' '.repeat(maxResourceChars + 1);
    throw error;
  }
}
