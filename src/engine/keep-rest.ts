// A result that stays inside what its task owns but for one contract of another task: what is its own becomes a commit that
// waits, and the rest is the wish for an amendment.
import type { AttemptOutcome } from '../core/model/result.ts';
import { findMark } from '../core/plan/conflict-mark.ts';
import type { ForeignContract } from '../core/plan/foreign-contract.ts';
import { redact } from '../core/sanitise/redact.ts';
import { author } from './author.ts';
import { resultBytesAtMost } from './capture-workspace.ts';
import { findMarks } from './find-marks.ts';
import { countNewSecrets } from './find-secrets.ts';
import type { CaptureResult, RepositoryRef } from './port/git.ts';
import type { WorkPorts } from './work-ports.ts';

type Captured = Extract<CaptureResult, { kind: 'captured' }>;
type Blocked = Extract<AttemptOutcome, { kind: 'contract_blocked' }>;

const wishCharsAtMost = 8_000;

interface Rest {
  readonly repository: RepositoryRef;
  readonly base: string;
  readonly captured: Captured;
  readonly foreign: ForeignContract;
  readonly message: string;
  readonly told: Pick<
    Blocked,
    'transcript' | 'summary' | 'spend' | 'patch' | 'phases' | 'packet' | 'workflow' | 'steps'
  >;
}

/** Undefined when nothing is left without the contract, or when what it holds must not be kept. */
export async function keepRest(ports: WorkPorts, rest: Rest): Promise<Blocked | undefined> {
  const { repository, base, captured, foreign, message, told } = rest;
  const secrets = { base, head: captured.commit, changed: captured.changed };
  if ((await countNewSecrets(ports.git, repository, secrets)) > 0) return undefined;
  const looked = { head: captured.commit, files: captured.changed, before: [base], bytesAtMost: resultBytesAtMost };
  if ((await findMarks(ports.git, repository, looked, findMark)).found.length > 0) return undefined;
  const reset = { paths: foreign.paths, to: base };
  const from = captured.commit;
  const { commit, tree } = await ports.git.commitAnew({ repository, from, reset, parents: [base], message, author });
  const { changed, stat } = await ports.git.diff(repository, base, commit);
  if (changed.length === 0) return undefined;
  const wish = await ports.git.diff(repository, commit, captured.commit);
  return {
    kind: 'contract_blocked',
    contract: foreign.contract,
    owner: foreign.owner,
    wish: redact(wish.patch).text.slice(0, wishCharsAtMost),
    commit,
    tree,
    paths: changed.map(({ path }) => path),
    stat,
    bundle: await ports.artifacts.put(repository.key, await ports.git.exportBundle(repository, base, commit)),
    ...told,
  };
}
