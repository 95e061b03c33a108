// Looks at what was confirmed of an earlier head, on what would be merged now: at what showed it there, and at what whoever checks
// names to show that it is gone, which must not have been there before. What is confirmed again is looked at as well.
import type { Finding } from '../core/model/finding.ts';
import type { Run } from '../core/model/run.ts';
import type { Judged } from '../core/review/collect-findings.ts';
import { type EarlierSeen, isAbsent, settleEarlier } from '../core/review/settle-earlier.ts';
import type { Held } from './carry-out.ts';
import { checkEvidence } from './check-evidence.ts';
import { ensureCommit, findBundle } from './ensure-commit.ts';
import type { RepositoryRef } from './port/git.ts';
import type { WorkPorts } from './work-ports.ts';

interface Scene {
  readonly run: Run;
  readonly repository: RepositoryRef;
  /** What would be on the base branch after the merge. */
  readonly commit: string;
}

/** In the order of `judged`, what whoever checks said of each. */
export async function checkEarlier(
  ports: WorkPorts,
  held: Held<'review'>,
  scene: Scene,
  judged: readonly Judged[],
): Promise<Finding[]> {
  // Only so many commands are run: first those of what is said to be gone.
  const again = judged.filter(isConfirmed);
  const asked = [...judged.filter(({ said }) => said.status === 'fixed' || said.status === 'refuted'), ...again];
  const seen = await see(ports, held, scene, asked);
  const { head } = held.action;
  return judged.map((one) => settleEarlier(one.earlier, one.said, { seen: seen[asked.indexOf(one)] ?? nothing, head }));
}

function isConfirmed({ said }: Judged): boolean {
  return said.status === 'confirmed';
}

const nothing: EarlierSeen = { mistake: undefined, proof: undefined, proofBefore: undefined };

async function see(
  ports: WorkPorts,
  held: Held<'review'>,
  scene: Scene,
  asked: readonly Judged[],
): Promise<EarlierSeen[]> {
  const { run, commit } = scene;
  const look = (as: string, at: string, evidence: readonly Finding['evidence'][], isAnywhere: boolean) =>
    lookAt(ports, held, { ...scene, commit: at, as, evidence, isAnywhere });
  const mistakes = await look(
    'mistake',
    commit,
    asked.map(({ earlier }) => earlier.evidence),
    true,
  );
  const proofs = asked.map((one, at) => (isConfirmed(one) ? toNewEvidence(one, mistakes[at]) : one.said.evidence));
  const now = await look('proof', commit, proofs, false);
  const befores = asked.map((one, at) => {
    if (now[at]?.kind !== 'holds') return undefined;
    if (isConfirmed(one)) return proofs[at]?.kind === 'command' ? held.action.base : undefined;
    return one.earlier.head ?? run.review?.head;
  });
  const seenBefore = new Map<string, Awaited<ReturnType<typeof look>>>();
  for (const before of new Set(befores.filter((one) => one !== undefined))) {
    const own = proofs.map((proof, at) => (befores[at] === before ? proof : undefined));
    seenBefore.set(before, await look(`before-${seenBefore.size}`, before, own, true));
  }
  return asked.map((_, at) => ({
    mistake: mistakes[at],
    proof: now[at],
    proofBefore: seenBefore.get(befores[at] ?? '')?.[at],
  }));
}

/** What is confirmed again is shown by something else only where what showed it before is not there; lines have to be its own. */
function toNewEvidence({ earlier, said: { evidence } }: Judged, mistake: EarlierSeen['mistake']): Finding['evidence'] {
  const isNeeded = earlier.evidence === undefined || isAbsent(mistake);
  const isOwn = evidence?.kind === 'command' || evidence?.path === earlier.path;
  return isNeeded && isOwn ? evidence : undefined;
}

interface Look extends Scene {
  readonly as: string;
  readonly evidence: readonly Finding['evidence'][];
  readonly isAnywhere: boolean;
}

async function lookAt(
  ports: WorkPorts,
  held: Held<'review'>,
  { run, repository, commit, as, evidence, isAnywhere }: Look,
) {
  await ensureCommit(ports, held.record.repository, { commit, bundle: findBundle(run, commit) });
  const id = `${held.action.id}-${held.token}-${as}`;
  const claims = evidence.map((one, item) => ({
    ...{ task: 'review', item: String(item), why: '', status: 'met' as const },
    ...(one ? { evidence: one } : {}),
  }));
  return await checkEvidence(
    ports,
    {
      ...{ run, repository, commit, home: held.record.repository },
      ...{ verified: undefined, id, isAnywhere, signal: held.signal },
    },
    claims,
  );
}
