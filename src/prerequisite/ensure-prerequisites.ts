// What the machine must have before anything starts: found, or brought where that is acceptable, or named with its
// mend. It never asks: root may install packages, everybody else gets them unpacked into the cache folder.
import { join } from 'node:path';
import { type Distribution, readDistribution, renderInstallMend, renderUpgradeMend } from './distribution.ts';
import { checkAofBeside, type Finding, findProgram, parseSearchPath } from './find-program.ts';
import { obtainPrograms, toolBinFolders } from './obtain-programs.ts';
import { prepareCacheFolder } from './prepare-cache-folder.ts';
import type { Need, Problem, Tools } from './prerequisite.ts';
import { probeSandbox } from './probe-sandbox.ts';
import { type ProgramName, programs, programsOfNeed } from './program.ts';
import { decideUnsupported } from './unsupported.ts';

export interface PrerequisiteOptions {
  readonly needs: readonly Need[];
  /** Absolute. Created when it is missing; unpacked programs and the log of apt-get are kept in it. */
  readonly cacheFolder: string;
  /** PATH is searched; http_proxy, https_proxy, no_proxy and APT_CONFIG are passed to apt-get. Nothing else is used. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** One line of progress, said before the work that takes seconds. Silent when everything is there. */
  readonly out: (line: string) => void;
  /** Nothing is brought: what is not there is a problem. */
  readonly isOnlyLooking?: boolean;
}

export type Prerequisites =
  | { readonly kind: 'ready'; readonly tools: Tools }
  | { readonly kind: 'missing'; readonly problems: readonly Problem[] };

export async function ensurePrerequisites(options: PrerequisiteOptions): Promise<Prerequisites> {
  const unsupported = decideUnsupported(process.platform, options.needs);
  if (unsupported.length > 0) return { kind: 'missing', problems: unsupported };
  const unusable = await prepareCacheFolder(options.cacheFolder);
  if (unusable) return { kind: 'missing', problems: [unusable] };

  const search = createSearch(options);
  const distribution = await readDistribution();
  let findings = await findAll(search);
  let failures = new Map<ProgramName, string>();
  const missing = findings.filter((finding) => finding.kind === 'missing').map((finding) => finding.program.name);
  if (missing.length > 0 && distribution === 'debian' && options.isOnlyLooking !== true) {
    failures = await obtainPrograms({ ...search, missing, out: options.out });
    findings = await findAll(search);
  }
  const problems = renderProblems({ findings, failures, distribution, search });
  const bwrap = findings.find((finding) => finding.program.name === 'bwrap');
  if (bwrap?.kind === 'found') {
    const refused = await probeSandbox(bwrap.path, search.environment, search.isRoot);
    if (refused) problems.push(refused);
  }
  if (problems.length > 0) return { kind: 'missing', problems };
  return { kind: 'ready', tools: collectTools(options.needs, findings) };
}

interface Search {
  readonly names: readonly ProgramName[];
  readonly searchPath: readonly string[];
  readonly toolFolder: string;
  readonly logPath: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly isRoot: boolean;
}

function createSearch(options: PrerequisiteOptions): Search {
  const environment: Record<string, string> = { LC_ALL: 'C' };
  for (const name of ['PATH', 'http_proxy', 'https_proxy', 'no_proxy', 'APT_CONFIG']) {
    const value = options.environment[name];
    if (value !== undefined) environment[name] = value;
  }
  return {
    names: [...new Set(options.needs.flatMap((need) => programsOfNeed[need]))],
    searchPath: parseSearchPath(environment.PATH ?? ''),
    toolFolder: join(options.cacheFolder, 'tool'),
    logPath: join(options.cacheFolder, 'prerequisite.log'),
    environment,
    isRoot: process.getuid?.() === 0,
  };
}

async function findAll(search: Search): Promise<Finding[]> {
  const folders = [...search.searchPath, ...toolBinFolders(search.toolFolder)];
  return Promise.all(search.names.map((name) => findProgram(programs[name], folders, search.environment)));
}

function renderProblems(options: {
  findings: readonly Finding[];
  failures: ReadonlyMap<ProgramName, string>;
  distribution: Distribution;
  search: Search;
}): Problem[] {
  const { findings, failures, distribution, search } = options;
  return findings.flatMap((finding) => {
    if (finding.kind === 'found') return [];
    const program = finding.program.name;
    const failure = failures.get(program);
    const tried = failure === undefined ? '' : `, and bringing it failed: ${failure} (see ${search.logPath})`;
    const mend = finding.isOutdated
      ? renderUpgradeMend(finding.program)
      : renderInstallMend({ distribution, program, isRoot: search.isRoot });
    return [{ what: `${finding.why}${tried}.`, mend }];
  });
}

/** Called when every program was found. */
function collectTools(needs: readonly Need[], findings: readonly Finding[]): Tools {
  const path = (name: ProgramName): string => {
    const finding = findings.find((candidate) => candidate.program.name === name);
    if (finding?.kind !== 'found') throw new Error(`${name} was not looked for`);
    return finding.path;
  };
  const redis = () => ({
    server: path('redis-server'),
    checkAof: checkAofBeside(path('redis-server')),
    flock: path('flock'),
  });
  return {
    ...(needs.includes('git') ? { git: path('git') } : {}),
    ...(needs.includes('redis') ? { redis: redis() } : {}),
    ...(needs.includes('bubblewrap')
      ? { bubblewrap: { bwrap: path('bwrap'), tini: path('tini'), prlimit: path('prlimit') } }
      : {}),
  };
}
