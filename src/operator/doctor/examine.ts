// Looks through an installation: what was configured, GitHub, the machine, the store, and each repository. It changes nothing.
import { createHash } from 'node:crypto';
import { nameImageSandbox } from '../../core/policy/name-sandbox.ts';
import type { InspectedRepository, InspectionPort } from '../../engine/port/inspection.ts';
import type { LogPort } from '../../engine/port/log.ts';
import type { SandboxCapabilities } from '../../engine/port/sandbox.ts';
import type { Env } from '../../env.ts';
import { createGitHub } from '../../github/create-github.ts';
import { createInspection } from '../../github/inspection-api.ts';
import { listOffered } from '../../sandbox/list-offered.ts';
import { type AppFile, readAppFile } from '../../setup/read-app-file.ts';
import { createProcessStarter } from '../../subprocess/process-starter.ts';
import { checkApp, checkDeliveries, checkInstallation, checkWebhook } from './check-app.ts';
import { checkGit, checkModel, checkSandboxes } from './check-machine.ts';
import { checkRepository, type RepositoryGround } from './check-repository.ts';
import { checkStore } from './check-store.ts';
import { type Finding, fail, ok, warn } from './finding.ts';
import { within } from './within.ts';

export interface Examination {
  readonly env: Env;
  readonly log: LogPort;
  /** Owner and name; absent: all repositories, up to a bound. */
  readonly repository?: string | undefined;
  readonly say: (finding: Finding) => void;
}

const repositoriesAtMost = 20;
/** For all repositories together; each look at one has a limit of its own. */
const repositoriesMs = 120_000;

export async function examine({ env, log, repository, say }: Examination): Promise<void> {
  const tell = (findings: readonly Finding[]) => findings.forEach(say);
  const identity = { appId: env.app.id, privateKey: env.app.privateKey, apiUrl: env.apiUrl, gitRoot: env.gitRoot };
  const inspection = createInspection(identity, env.host);
  const wanted = await readAppFile();
  tell([ok('env', 'the environment is complete')]);
  tell(checkModel(env));
  tell(await look('git', 15_000, () => checkGit(env)));
  const proved = new Map<string, SandboxCapabilities>();
  tell(await look('sandbox', 90_000, () => proveSandboxes({ env, log }, proved)));
  tell(await look('redis', 20_000, () => checkStore(env)));
  const app = await within({ check: 'github.app', limitMs: 30_000, mend: appMend }, () => checkApp(inspection, wanted));
  tell(app);
  // Whatever is asked of it besides would only fail in the same way.
  if (app.some(({ check, verdict }) => check === 'github.app' && verdict === 'fail')) return;
  tell(await look('github.webhook', 30_000, () => checkWebhook(inspection)));
  tell(await look('github.deliveries', 30_000, () => checkDeliveries(inspection)));
  const repositories: InspectedRepository[] = [];
  tell(await look('github.installation', 60_000, () => listCovered({ inspection, wanted }, repositories)));
  const sandboxes = listOffered(proved);
  const ground: RepositoryGround = {
    inspection,
    github: createGitHub(identity),
    appId: env.app.id,
    offered: {
      models: [env.model.name, ...env.model.others],
      // What is not proved is named by its own line, and is offered all the same.
      sandboxes: sandboxes.length > 0 ? sandboxes : listNames(env).map((name) => ({ name, proved: [] })),
      agents: [env.agent.name, ...env.agent.others],
      network: env.network,
      knowsPrices: Object.keys(env.model.prices).length > 0,
      hash,
    },
  };
  await examineRepositories(ground, { all: repositories, named: repository, tell });
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function listNames({ sandboxes, oci }: Env): readonly string[] {
  return [...sandboxes, ...oci.images.map(nameImageSandbox)];
}

const appMend =
  'Check that APP_ID and the private key are of the same App, that the clock of this machine is right, and that GitHub is reached.';

function look(check: string, limitMs: number, of: () => Promise<readonly Finding[]>): Promise<readonly Finding[]> {
  return within({ check, limitMs, mend: 'Try again; docs/operating.md says what it needs.' }, of);
}

async function proveSandboxes(
  { env, log }: Pick<Examination, 'env' | 'log'>,
  known: Map<string, SandboxCapabilities>,
): Promise<readonly Finding[]> {
  const starter = createProcessStarter();
  try {
    const { findings, proved } = await checkSandboxes(env, { log, runProcess: starter.run, hash });
    for (const [name, capabilities] of proved) known.set(name, capabilities);
    return findings;
  } finally {
    starter.close();
  }
}

interface Covering {
  readonly inspection: Pick<InspectionPort, 'listInstallations' | 'listRepositories'>;
  readonly wanted: AppFile;
}

/** One that gives no list says nothing of the others. */
async function listCovered(
  { inspection, wanted }: Covering,
  known: InspectedRepository[],
): Promise<readonly Finding[]> {
  const check = 'github.installation';
  const installations = await inspection.listInstallations();
  if (installations.length === 0)
    return [fail(check, 'the App is installed nowhere', 'Install it on your repositories, from its page on GitHub.')];
  const findings: Finding[] = [];
  for (const installation of installations) {
    findings.push(checkInstallation(installation, wanted));
    if (installation.isSuspended) continue;
    const limits = { check, limitMs: 30_000, mend: 'Try again, or look at the page of the installation.' };
    findings.push(
      ...(await within(limits, async () => {
        known.push(...(await inspection.listRepositories(installation.id)));
        return [];
      })),
    );
  }
  return findings;
}

interface Among {
  readonly all: readonly InspectedRepository[];
  readonly named: string | undefined;
  readonly tell: (findings: readonly Finding[]) => void;
}

async function examineRepositories(ground: RepositoryGround, { all, named, tell }: Among): Promise<void> {
  const nameOf = ({ repository }: InspectedRepository) => `${repository.owner}/${repository.name}`;
  const chosen =
    named === undefined
      ? all.slice(0, repositoriesAtMost)
      : all.filter((one) => nameOf(one).toLowerCase() === named.toLowerCase());
  if (named !== undefined && chosen.length === 0) {
    const mend = 'Install the App on it, or mend its name: owner/name.';
    return tell([fail('repository', `${named} is in no installation of the App`, mend)]);
  }
  const until = Date.now() + repositoriesMs;
  let looked = 0;
  for (const one of chosen) {
    if (Date.now() > until) break;
    tell(await checkRepository(ground, one));
    looked += 1;
  }
  if (named !== undefined || looked === all.length) return;
  const mend = 'Look at another one with "--repository owner/name".';
  tell([warn('repository', `${looked} of ${all.length} repositories were looked at`, mend)]);
}
