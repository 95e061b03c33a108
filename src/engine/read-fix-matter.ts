// What a round of fixes works on that others said: unresolved review comments, as far as they may reach a model, or what failed
// checks of other programs report, which anybody may have written. It is read when an agent begins, and is in no record.
import type { Cause } from '../core/model/cause.ts';
import type { InputReport } from '../core/model/input-report.ts';
import type { Run, Task } from '../core/model/run.ts';
import type { Repository } from '../core/model/subject.ts';
import { renderTexts } from '../core/prompt/render-texts.ts';
import { fence } from '../core/sanitise/fence.ts';
import { redact } from '../core/sanitise/redact.ts';
import { addStripped, sanitiseText } from '../core/sanitise/sanitise-text.ts';
import type { FailedCheck, RemarkFacts } from './port/github.ts';
import { admit, toStripped } from './read-input.ts';
import type { WrittenText } from './read-strangers.ts';
import type { WorkPorts } from './work-ports.ts';

export interface FixMatterRead {
  readonly matter: string;
  readonly report: InputReport;
}

type Ports = Pick<WorkPorts, 'github' | 'hash'>;

/** Undefined for whatever is no such round; a cause where there is nothing to work on. */
export async function readFixMatter(
  ports: Ports,
  repository: Repository,
  { run, task }: { readonly run: Run; readonly task: Task },
): Promise<FixMatterRead | Cause | undefined> {
  const round = run.fixes?.find((one) => one.number === task.fixes && one.task === task.key);
  if (!round?.of || !run.pullRequest) return undefined;
  return round.of === 'ci'
    ? await readFailed(ports, repository, round.head)
    : await readComments(ports, repository, run.pullRequest.number);
}

async function readComments(ports: Ports, repository: Repository, number: number): Promise<FixMatterRead | Cause> {
  const threads = await ports.github.listReviewThreads(repository, number);
  const open = new Set(threads.flatMap(({ isResolved, commentId }) => (isResolved ? [] : [commentId])));
  const remarks = await ports.github.listReviewComments(repository, number);
  const written = remarks.filter((one) => !one.isOurs && open.has(one.answers ?? one.id)).map(toWritten);
  // What somebody vouched for is what stood on the issue.
  const { texts, report } = await admit(ports, { repository }, written);
  if (texts.length > 0) return { matter: renderTexts(texts), report };
  const { withheld, withheldFrom } = report;
  return { kind: 'nothing_admitted', withheld, ...(withheldFrom ? { withheldFrom } : {}) };
}

function toWritten({ id, author = 'ghost', body, path, line }: RemarkFacts): WrittenText {
  const where = path === undefined ? {} : { title: line === undefined ? path : `${path}:${line}` };
  return { id: `line/${id}`, author, text: body, ...where };
}

const checksAtMost = 10;
const checkCharsAtMost = 6_000;

async function readFailed({ github }: Ports, repository: Repository, head: string): Promise<FixMatterRead | Cause> {
  const failed = await github.listFailedChecks(repository, head);
  if (failed.length === 0) return { kind: 'nothing_red', head };
  const read = failed.slice(0, checksAtMost).map(renderCheck);
  const removed = read.reduce<ReturnType<typeof sanitiseText>['removed']>(
    (sum, one) => addStripped(sum, one.removed),
    [],
  );
  const omitted = failed.length - read.length;
  const more = omitted > 0 ? [`(${omitted} more that failed are left out.)`] : [];
  return {
    matter: [...read.map(({ text }) => fence(text)), ...more].join('\n\n'),
    report: { admitted: read.length, withheld: 0, ...toStripped(removed) },
  };
}

/**
 * Each part by itself, as GitHub shows it: what one begins would be a cover for what is hidden in the next. Cut last: half a
 * hidden piece is none that is found, and half a secret has no shape. What is beside lines is short and says most.
 */
function renderCheck({ app, name, conclusion, ...said }: FailedCheck): ReturnType<typeof sanitiseText> {
  let removed: ReturnType<typeof sanitiseText>['removed'] = [];
  const clean = (part: string) => {
    const sanitised = sanitiseText(part);
    removed = addStripped(removed, sanitised.removed);
    return sanitised.text;
  };
  const beside = said.annotations.map(({ path, line, message }) => clean(`${path}:${line}: ${message}`)).join('\n');
  const parts = [
    clean(`${name} (${app}): ${conclusion}`),
    clean(said.title),
    clean(said.summary),
    beside,
    clean(said.text),
  ];
  const { text } = redact(parts.filter((part) => part !== '').join('\n\n'));
  const cut = text.length > checkCharsAtMost ? `${text.slice(0, checkCharsAtMost)}\n(cut here)` : text;
  return { text: cut.trim(), removed };
}
