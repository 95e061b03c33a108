// The gate of a commit of the merge queue: open when each pull request in it is, and the commit itself was verified.
import type { GroupPart, GroupRecord } from '../model/group.ts';
import { isGreen, isPassed } from '../model/result.ts';
import { quoteCode, quoteInline, quoteName } from '../reply/quote-inline.ts';
import { judgeBaseTests } from './evaluate-checks.ts';
import { all, closed, open, type Verdict, waiting } from './verdict.ts';

/** A verification that did not happen so often in a row does not happen. */
const troublesAtMost = 3;

type Reading = NonNullable<GroupRecord['reading']>;
type GroupRun = NonNullable<GroupPart['run']> & Pick<GroupPart, 'number'>;

/**
 * The runs in it are told of the tree before anybody may be shown that it can be merged: the merge may come at any moment
 * after that, and is then known for what was verified.
 */
export function evaluateGroup(record: GroupRecord): Verdict {
  const verdict = judge(record);
  if (listRunsToTell(record, verdict).length === 0) return verdict;
  const told = waiting('runs', 'The runs in it are told of the verdict first.');
  return all(verdict.gate, [...verdict.parts, told], verdict.because);
}

/** Runs that do not know of it yet, where nothing but that is left. */
export function listRunsToTell(record: GroupRecord, verdict = judge(record)): GroupRun[] {
  const { reading, told = [] } = record;
  if (!reading || verdict.state.kind !== 'open') return [];
  const runs = reading.parts.flatMap(({ run, number }) => (run ? [{ ...run, number }] : []));
  return runs.filter((run) => !told.includes(toRunKey(run.subject, run.id)));
}

/** Runs have their names within their issue only. */
export function toRunKey(subject: string, runId: string): string {
  return `${subject} ${runId}`;
}

function judge(record: GroupRecord): Verdict {
  const { reading, unread } = record;
  if (!reading)
    return waiting('queue', `What the queue holds is being read.${unread ? ` ${quoteInline(unread)}` : ''}`);
  const parts = [...reading.parts.map(toVerdict), ...evaluateSharers(reading), ...evaluateOwn(record, reading)];
  return all(
    'gate',
    parts,
    `${reading.needsVerification ? 'Verified' : 'Not verified, since no run made what it holds'}: tree ${reading.tree.slice(0, 10)} is what would be put on ${quoteCode(record.branch)}.`,
  );
}

function toVerdict({ number, state, because }: GroupPart): Verdict {
  const gate = `#${number}`;
  const text = `${gate}: ${because}`;
  if (state === 'open') return open(gate, text);
  return state === 'waiting' ? waiting(gate, text) : closed(gate, 'failure', text);
}

/** The check stands for whatever has this head. Into the same branch it would put what the queue puts there. */
function evaluateSharers({ sharers: [first] = [] }: Reading): Verdict[] {
  if (!first) return [];
  const because = `This commit is also the head of #${first.number} into ${quoteCode(first.base)}, for which it was not judged.`;
  return [closed('shared head', 'failure', because)];
}

/** Nothing has to be verified where people's own work is merged by people. */
function evaluateOwn(record: GroupRecord, reading: Reading): Verdict[] {
  if (!reading.needsVerification) return [];
  return [evaluateCommit(record, reading), ...evaluateBaseTestsOf(record, reading)];
}

/** Nobody overrides anything for a commit of the queue. */
function evaluateBaseTestsOf({ verification, number }: GroupRecord, { tree, settings, carried }: Reading): Verdict[] {
  if (carried || verification?.report.tree !== tree || !isGreen(verification.report)) return [];
  const rebase = quoteCode(settings.slash === undefined ? 'rebase' : `/${settings.slash} rebase`);
  const next = `They passed on the base that #${number} was verified on: bring the base in with ${rebase}, and put it into the queue again.`;
  return judgeBaseTests(verification.baseTests, settings.baseTests).map((verdict) =>
    verdict.state.kind === 'open' ? verdict : closed(verdict.gate, 'failure', `${verdict.because} ${next}`),
  );
}

const gate = 'verification';

function evaluateCommit({ verification, trouble }: GroupRecord, reading: Reading): Verdict {
  const { settings, carried } = reading;
  const [mistake] = settings.mistakes;
  if (mistake)
    return closed(gate, 'failure', `The settings of the base branch cannot be followed: ${quoteInline(mistake)}`);
  if (settings.verify.length === 0) return closed(gate, 'failure', 'No verify command ran, so nothing is known.');
  if (carried?.overriddenBy !== undefined)
    return open(gate, `Overridden by ${quoteName(carried.overriddenBy)} for exactly this tree.`);
  if (carried) return open(gate, 'A run was verified with exactly this tree.');
  if (reading.mustNotRun !== undefined) return waiting(gate, reading.mustNotRun);
  const isOfThis =
    verification?.report.tree === reading.tree && verification.commands.join('\n') === settings.verify.join('\n');
  if (!isOfThis) {
    if ((trouble?.count ?? 0) < troublesAtMost) return waiting(gate, 'The commit of the queue is being verified.');
    return closed(gate, 'timed_out', `The verification did not happen: ${quoteInline(trouble?.why ?? '')}`);
  }
  const { commands } = verification.report;
  if (!isGreen(verification.report)) {
    const red = commands.find((command) => !isPassed(command));
    return closed(gate, 'failure', `${quoteCode(red?.command ?? 'verify')} failed on the commit of the queue.`);
  }
  if (verification.after >= reading.number)
    return waiting(gate, 'The commit of the queue is verified; what it holds is read once more.');
  return open(
    gate,
    `${commands.length} verify ${commands.length === 1 ? 'command' : 'commands'} passed on the commit.`,
  );
}
