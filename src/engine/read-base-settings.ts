// What the settings say at a commit of the base branch of verdicts on a run. GitHub not answering is thrown.
import type { Run } from '../core/model/run.ts';
import type { Repository } from '../core/model/subject.ts';
import { type GateSettings, readGateSettings, type SettingsRead } from '../core/run/read-gate-settings.ts';
import { ExternalError } from './external-error.ts';
import type { RepositoryRef } from './port/git.ts';
import type { GitHubReader } from './port/github.ts';
import { readSettingsTexts } from './read-settings-texts.ts';
import type { WorkPorts } from './work-ports.ts';

type Reader = Pick<GitHubReader, 'findSibling' | 'readRepository' | 'readBranch' | 'readFile' | 'listChanges'>;
type Ports = Pick<WorkPorts, 'hash' | 'options'>;

/** From a mirror that has the commit: GitHub may not show it everywhere yet, and a file that is not there would be no settings. */
export async function readSettingsOf(
  ports: Ports & Pick<WorkPorts, 'git' | 'github'>,
  { home, ref, commit, run }: { home: Repository; ref: RepositoryRef; commit: string; run: Run },
): Promise<GateSettings> {
  const { github } = ports;
  const readFile: Reader['readFile'] = async (repository, path, at) =>
    repository.id === home.id
      ? await readOwn(ports, { ref, path, at, repository })
      : await github.readFile(repository, path, at);
  const reader: Reader = {
    findSibling: (repository, name) => github.findSibling(repository, name),
    readRepository: (repository) => github.readRepository(repository),
    readBranch: (repository, branch) => github.readBranch(repository, branch),
    listChanges: (repository, path, range) => github.listChanges(repository, path, range),
    readFile,
  };
  return judgeSettings(ports, run, await readBaseSettings(reader, home, commit));
}

const bytesAtMost = 1024 * 1024;

async function readOwn(
  { git, github }: Pick<WorkPorts, 'git' | 'github'>,
  { ref, path, at, repository }: { ref: RepositoryRef; path: string; at: string; repository: Repository },
): Promise<string | undefined> {
  try {
    return await git.readFile(ref, at, path, bytesAtMost);
  } catch (error) {
    // More than anybody reads of it: what is said of that is said in one place.
    if (error instanceof ExternalError && error.retry === 'never') return await github.readFile(repository, path, at);
    throw error;
  }
}

/** As GitHub shows it. */
export async function readSettingsShown(
  ports: Ports & { readonly github: Reader },
  { home, commit, run }: { home: Repository; commit: string; run: Run },
): Promise<GateSettings> {
  return judgeSettings(ports, run, await readBaseSettings(ports.github, home, commit));
}

export function judgeSettings(
  { hash, options: { sandboxes, network } }: Ports,
  run: Run,
  texts: SettingsRead,
): GateSettings {
  return readGateSettings(run, texts, { hash, sandboxes, network });
}

export async function readBaseSettings(github: Reader, repository: Repository, commit: string): Promise<SettingsRead> {
  const [texts, packageText] = await Promise.all([
    readSettingsTexts(github, repository, commit),
    github.readFile(repository, 'package.json', commit),
  ]);
  return packageText === undefined ? texts : { ...texts, packageText };
}
