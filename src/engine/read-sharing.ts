// What the checks of a subject hang on besides its record, read right before they are shown: which other pull requests
// have the same head, whether CI of it waits for somebody, and what the settings say of pull requests that no run made. What
// cannot be read opens nothing.
import { evaluateGate } from '../core/gate/evaluate-gate.ts';
import { findHeldRuns } from '../core/gate/evaluate-held-ci.ts';
import type { OtherPulls } from '../core/gate/evaluate-observed.ts';
import type { SubjectRecord } from '../core/model/record.ts';
import type { PresentOutcome } from '../core/model/result.ts';
import type { PullRequest, Run } from '../core/model/run.ts';
import { withHeldCi } from '../core/run/held-ci.ts';
import { findNamedRun } from './find-named-run.ts';
import type { PullFacts } from './port/github.ts';
import { readOtherPullsNow } from './read-other-pulls.ts';
import type { Showing } from './showing.ts';

type Heads = NonNullable<PresentOutcome['heads']>;
type Ci = NonNullable<PresentOutcome['ci']>;

export interface Sharing {
  /** With the sharers as they are now. */
  readonly record: SubjectRecord;
  readonly heads: Heads;
  readonly ci: Ci;
  /** Heads of which nobody can tell. */
  readonly unreadHeads: ReadonlySet<string>;
  readonly otherPulls?: OtherPulls;
  /** The head of the pull request that no run made is that of a run's. */
  readonly isRunsHead: boolean;
  /** Others that no run made and that have this head. */
  readonly others: readonly number[];
}

export async function readSharing(showing: Showing, record: SubjectRecord): Promise<Sharing> {
  const heads: Heads = [];
  const ci: Ci = [];
  const unreadHeads = new Set<string>();
  const readSharers = async (pull: PullRequest): Promise<PullRequest> => {
    unreadHeads.add(pull.head);
    await showing.attempt(async () => {
      // Into the same branch it would merge what was verified.
      const head = await readHead(showing, pull, await listPulls(showing, pull));
      heads.push({ ...head, sharers: head.sharers.filter(({ base }) => base !== pull.baseBranch) });
      unreadHeads.delete(pull.head);
    });
    const head = heads.find(({ number }) => number === pull.number);
    return head ? { ...pull, sharers: head.sharers } : pull;
  };
  /** What could not be read is as it was. */
  const readCi = async (pull: PullRequest): Promise<PullRequest> => {
    let now = pull;
    await showing.attempt(async () => {
      const held = await showing.github.listHeldCi(showing.repository, pull.head);
      ci.push({ number: pull.number, head: pull.head, ...held });
      now = withHeldCi(pull, held, showing.making.now);
    });
    return now;
  };
  const read = async (run: Run): Promise<Run> => {
    const pull = run.pullRequest;
    if (!pull) return run;
    const passes = wouldPass(run, pull);
    const seen = passes ? await readSharers(pull) : pull;
    const mayBeHeld = pull.state === 'open' && (passes || findHeldRuns(pull) !== undefined);
    return { ...run, pullRequest: mayBeHeld ? await readCi(seen) : seen };
  };
  const ended: { run: Run; revision: number }[] = [];
  for (const one of record.ended ?? []) ended.push({ ...one, run: await read(one.run) });
  const run = record.run && (await read(record.run));
  let otherPulls: OtherPulls | undefined;
  let observed = record.pull;
  let others: readonly number[] = [];
  const { pull } = record;
  if (pull?.state === 'open')
    await showing.attempt(async () => {
      const { rule } = await readOtherPullsNow(showing.github, showing.repository);
      const isShut = rule.kind === 'unknown' || (rule.kind === 'observe' && pull.isDraft);
      const listed = isShut ? [] : await listPulls(showing, pull);
      noteRuns(showing, pull, listed);
      others = listed.filter(isOfNoRun).flatMap(({ number }) => (number === pull.number ? [] : [number]));
      if (rule.kind === 'review') {
        // Also where it is shut: another of this head, which is open, is to hear of this one.
        const head = await readHead(showing, pull, listed.filter(isOfNoRun));
        heads.push(head);
        observed = { ...pull, sharers: head.sharers };
      }
      otherPulls = rule;
    });
  return {
    record: {
      ...record,
      ...(run ? { run } : {}),
      ...(ended.length > 0 ? { ended } : {}),
      ...(observed ? { pull: observed } : {}),
    },
    heads,
    ci,
    unreadHeads,
    ...(otherPulls ? { otherPulls } : {}),
    isRunsHead: showing.headOwners.size > 0,
    others,
  };
}

/** The run's own check may not be there yet: its pull request is. */
function noteRuns({ headOwners }: Showing, pull: PullRequest, listed: readonly PullFacts[]): void {
  for (const one of listed) {
    const owner = findNamedRun(one)?.number;
    if (owner !== undefined && one.number !== pull.number) headOwners.add(owner);
  }
}

/** The check of a run's is its own affair, to which this one is left. */
function isOfNoRun(one: PullFacts): boolean {
  return findNamedRun(one) === undefined;
}

/** Nobody needs to know who would pass by a verdict that lets nobody pass. */
function wouldPass(run: Run, pull: PullRequest): boolean {
  const { heldRuns: _, ...rest } = pull;
  return evaluateGate({ ...run, pullRequest: { ...rest, sharers: [] } }).state.kind === 'open';
}

async function listPulls({ github, repository }: Showing, { head }: PullRequest): Promise<readonly PullFacts[]> {
  return await github.listPullsOfHead(repository, head);
}

/** Lists lag behind: what was told of is read by itself. */
async function readHead(
  { github, repository }: Showing,
  pull: PullRequest,
  listed: readonly PullFacts[],
): Promise<Heads[number]> {
  const asked = (pull.sharers ?? []).map(({ number }) => number);
  const unlisted = asked.filter((number) => !listed.some((one) => one.number === number));
  const told = await Promise.all(unlisted.map((number) => github.readPull(repository, number)));
  const sharers = [...listed, ...told]
    .filter((one) => one.number !== pull.number && one.state === 'open' && one.headSha === pull.head)
    .map(({ number, baseBranch: base }) => ({ number, base }))
    .sort((one, other) => one.number - other.number);
  return { number: pull.number, head: pull.head, sharers, asked };
}
