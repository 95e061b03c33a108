// Looks at what shows the findings that a review calls confirmed, so that nothing shuts a gate because somebody says so.
import type { AcceptanceClaim, Evidence } from '../core/acceptance/acceptance-verdict.ts';
import type { Finding as Seen } from '../core/acceptance/judge-acceptance.ts';
import type { Finding } from '../core/model/finding.ts';
import { settleFindings } from '../core/review/settle-findings.ts';
import { checkEvidence, type EvidenceScene } from './check-evidence.ts';
import { checkPlaces } from './check-places.ts';
import type { WorkPorts } from './work-ports.ts';

/** `commit`: what would land. */
interface Scene extends Omit<EvidenceScene, 'verified' | 'isAnywhere'> {
  /** What it would land on; undefined where there is no change. */
  readonly base: string | undefined;
  /** Where what readers name may be a place. */
  readonly commits: readonly string[];
  /** What the workspace of readers holds: they may have counted its lines. */
  readonly workspace: string;
}

interface Confirmed extends ReturnType<typeof settleFindings> {
  /** Without evidence of a place, and nobody can say where it is. */
  readonly unplaced: number;
}

/**
 * What is called confirmed needs evidence that holds: lines of its own file, or a command that says on the base alone
 * something else.
 */
export async function confirmFindings(
  ports: WorkPorts,
  { base, commits, workspace, ...rest }: Scene,
  judged: readonly Finding[],
): Promise<Confirmed> {
  const scene = { ...rest, verified: undefined };
  const { repository, id } = scene;
  const evidence = judged.map(toOwnEvidence);
  // It shows what is wrong wherever that is said to stand, and is looked at by itself.
  const bare = judged.filter((_, at) => !evidence[at]);
  const { findings: placed, unplaced } = await checkPlaces(ports, { repository, commits }, bare);
  const left = placed.values();
  const findings = judged.map((finding, at) => (evidence[at] ? finding : (left.next().value ?? finding)));
  const claims = evidence.map(toClaim);
  const first = await checkEvidence(ports, scene, claims);
  const after = await lookForMovedLines(ports, { scene, workspace }, { claims, seen: first });
  const again = evidence.map((one, at) =>
    toClaim(one?.kind === 'command' && after[at]?.kind === 'holds' ? one : undefined, at),
  );
  const before =
    base === undefined ? [] : await checkEvidence(ports, { ...scene, commit: base, id: `${id}-base` }, again);
  const settled = settleFindings(
    findings,
    after.map((seen, at) => ({ after: seen, before: before[at] })),
  );
  return { ...settled, unplaced };
}

function toOwnEvidence({ status, path, evidence }: Finding): Evidence | undefined {
  if (status !== 'confirmed' || !evidence) return undefined;
  return evidence.kind === 'command' || evidence.path === path ? evidence : undefined;
}

function toClaim(evidence: Evidence | undefined, at: number): AcceptanceClaim {
  return { task: 'review', item: String(at), why: '', status: 'met', ...(evidence ? { evidence } : {}) };
}

interface Looked {
  readonly claims: readonly AcceptanceClaim[];
  /** What was seen of each at the lines that it names. */
  readonly seen: readonly (Seen | undefined)[];
}

/** Of lines as they are counted in the workspace: they have to be there, and what would land has to say the same somewhere. */
async function lookForMovedLines(
  ports: WorkPorts,
  { scene, workspace }: { readonly scene: EvidenceScene; readonly workspace: string },
  { claims, seen }: Looked,
): Promise<readonly (Seen | undefined)[]> {
  if (workspace === scene.commit) return seen;
  const missed = claims.map((claim, at) => (isMissed(claim, seen[at]) ? claim : toClaim(undefined, at)));
  const there = await checkEvidence(ports, { ...scene, commit: workspace }, missed);
  const still = await checkEvidence(ports, { ...scene, isAnywhere: true }, missed);
  return seen.map((one, at) => (there[at]?.kind === 'holds' && still[at]?.kind === 'holds' ? there[at] : one));
}

function isMissed({ evidence }: AcceptanceClaim, seen: Seen | undefined): boolean {
  return evidence?.kind === 'trace' && seen?.kind === 'fails' && seen.isUnseen !== true;
}
