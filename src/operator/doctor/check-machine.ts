// What is asked of this machine, and of nobody else.
import { join } from 'node:path';
import { sandboxLimits } from '../../core/model/offered-sandbox.ts';
import { nameImageSandbox } from '../../core/policy/name-sandbox.ts';
import { type SandboxCapabilities, type SandboxProvider, SandboxRefused } from '../../engine/port/sandbox.ts';
import type { Env } from '../../env.ts';
import { ensurePrerequisites } from '../../prerequisite/ensure-prerequisites.ts';
import type { Need, Tools } from '../../prerequisite/prerequisite.ts';
import { runProgram } from '../../prerequisite/run-program.ts';
import { listSandboxNeeds, openSandboxes, type SandboxGround } from '../../process/open-sandboxes.ts';
import type { RunProcess } from '../../subprocess/run-process.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

export function checkModel({ model, agent }: Pick<Env, 'model' | 'agent'>): readonly Finding[] {
  const names = [model.name, ...model.others];
  const agents = [agent.name, ...agent.others].join(', ');
  const isPriced = Object.keys(model.prices).length > 0;
  const priced = isPriced
    ? ok('model.prices', 'what models cost is known, so that limits of money hold')
    : warn(
        'model.prices',
        'nobody knows what models cost, and no limit of money holds',
        'Set MODEL_PRICE_INPUT and MODEL_PRICE_OUTPUT.',
      );
  return [
    ok('model.provider', `${model.provider} at ${new URL(model.baseUrl).host}, with a key that was not tried`),
    ok('model.offered', `models ${names.join(', ')}; coding agents ${agents}`),
    priced,
  ];
}

type Looked = { readonly tools: Tools } | { readonly findings: readonly Finding[] };

/** Nothing is installed by looking. */
async function find(env: Pick<Env, 'dataFolder' | 'surroundings'>, check: string, need: Need): Promise<Looked> {
  const found = await ensurePrerequisites({
    needs: [need],
    cacheFolder: join(env.dataFolder, 'tools'),
    environment: env.surroundings,
    out: () => undefined,
    isOnlyLooking: true,
  });
  if (found.kind === 'ready') return found;
  return { findings: found.problems.map(({ what, mend }) => fail(check, what.replace(/\.$/, ''), mend)) };
}

export async function checkGit(env: Pick<Env, 'dataFolder' | 'surroundings'>): Promise<readonly Finding[]> {
  const looked = await find(env, 'git', 'git');
  if ('findings' in looked) return looked.findings;
  const path = looked.tools.git ?? 'git';
  const { stdout } = await runProgram(path, ['--version'], { env: { LC_ALL: 'C' }, timeoutMs: 10_000 });
  return [ok('git', `${stdout.trim()} at ${path}`)];
}

export interface ProvedSandboxes {
  readonly findings: readonly Finding[];
  readonly proved: ReadonlyMap<string, SandboxCapabilities>;
}

type Ground = Pick<Env, 'sandboxes' | 'allowsNoSandbox' | 'dataFolder' | 'oci' | 'surroundings'>;

type Opened = { readonly provider: SandboxProvider } | { readonly provider?: undefined; readonly why: string };

/** Each by itself: one that fails says nothing of the others. */
export async function checkSandboxes(
  env: Ground,
  { log, runProcess, hash }: Pick<SandboxGround, 'log' | 'hash'> & { readonly runProcess: RunProcess },
): Promise<ProvedSandboxes> {
  const open = async (ground: SandboxGround): Promise<Opened> => {
    try {
      const [provider] = (await openSandboxes(ground, runProcess)).values();
      return provider ? { provider } : { why: 'it is not there' };
    } catch (error) {
      if (!(error instanceof SandboxRefused)) throw error;
      return { why: error.message };
    }
  };
  const findings: Finding[] = [];
  const proved = new Map<string, SandboxCapabilities>();
  for (const { name, alone } of listAlone(env)) {
    const check = `sandbox.${name}`;
    const [need] = listSandboxNeeds(alone);
    const looked = need ? await find(env, check, need) : { tools: {} };
    if ('findings' in looked) {
      findings.push(...looked.findings);
      continue;
    }
    const opened = await open({ env: { ...env, ...alone }, tools: looked.tools, log, hash });
    if (opened.provider) proved.set(name, opened.provider.capabilities);
    findings.push(opened.provider ? renderProved(check, opened.provider.capabilities) : toRefusal(check, opened.why));
  }
  if (env.allowsNoSandbox) {
    const mend = 'Unset GATEPILOT_ALLOW_NO_SANDBOX unless repositories need that.';
    findings.push(warn('sandbox.none', 'repositories may ask for no sandbox at all', mend));
  }
  return { findings, proved };
}

/** What is offered under each name, and nothing else. */
function listAlone({ sandboxes, oci }: Ground) {
  const none = { sandboxes: [], allowsNoSandbox: false, oci: { ...oci, images: [] } };
  return [
    ...sandboxes.map((name) => ({ name, alone: { ...none, sandboxes: [name] } })),
    ...oci.images.map((image) => ({
      name: nameImageSandbox(image),
      alone: { ...none, oci: { ...oci, images: [image] } },
    })),
  ];
}

function toRefusal(check: string, why: string): Finding {
  return fail(check, why, 'Mend that on this host (docs/sandbox.md), or offer another sandbox.');
}

function renderProved(check: string, { isolation, identity, limits, network }: SandboxCapabilities): Finding {
  const held = sandboxLimits.map((limit) => `${limit} ${limits[limit]}`).join(', ');
  const who = identity === 'uid-per-sandbox' ? 'each as a user of its own' : 'in user namespaces of one user';
  const what = `proved here (${isolation}, ${who}): limits ${held}; network ${network.join(', ')}`;
  const without = sandboxLimits.filter((limit) => limits[limit] === 'none');
  if (without.length === 0) return ok(check, what);
  return warn(check, what, `Nothing holds the limit of ${without.join(', ')} here: see docs/sandbox.md.`);
}
