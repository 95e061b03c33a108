// The parts of the pilot's prompt with their limits. Each part is cut by its own structure, so that what matters most
// in it survives: the beginning of notes, the failures of a log, the failing items of a review.
import { cutFailureWindows } from './cut-failure-windows.ts';
import { cutHead, cutItems } from './cut-text.ts';
import type { AcceptanceResult, BatchTaskReport, EarlierBoundary, PilotContext } from './pilot-context.ts';
import { fenceData, stripHidden } from './quote-data.ts';

export interface ContextSection {
  readonly name: string;
  readonly text: string;
  /** Sections are left out from the highest number down; undefined is never left out. */
  readonly rank?: number;
}

/** In the order in which they are shown. Empty ones are absent. */
export function renderSections(context: PilotContext): ContextSection[] {
  return [
    { name: 'keys', text: section('Keys and limits', renderKeys(context)) },
    {
      name: 'tasks',
      text: section(
        'Tasks of this batch',
        cutItems(context.tasks.map(renderTask), { maxChars: 14_000, what: 'tasks' }),
      ),
    },
    ...context.tasks.flatMap(renderEvidence),
    ...optional(
      'upcoming tasks',
      3,
      cutItems(context.upcoming.map(renderUpcoming), { maxChars: 24_000, what: 'tasks' }),
    ),
    ...optional(
      'learnings',
      6,
      renderNewest(
        context.learnings.map((learning) => `- ${flat(learning)}`),
        2_000,
        'learnings',
      ),
    ),
    ...optional('earlier boundaries', 7, renderNewest(context.earlier.map(renderEarlier), 1_500, 'boundaries')),
    ...optional('repository notes', 8, cutHead(stripHidden(context.notes).trim(), 3_000)),
  ];
}

function renderKeys({
  batchNumber,
  keys,
  maxAttempts,
  skipsLeft,
  isReplanSpent,
  plannedBatches,
}: PilotContext): string {
  const list = (names: readonly string[]) => cutHead(names.map(flat).join(', ') || '(none)', 1_500);
  return [
    `batch that ended: ${batchNumber}`,
    `failed (end here unless retried): ${list(keys.failed)}`,
    `rolled back (innocent, to be placed again): ${list(keys.rolledBack)}`,
    `remaining (to be placed): ${list(keys.remaining)}`,
    `attempts per task in all: ${maxAttempts}`,
    `tasks that may still be skipped: ${skipsLeft}`,
    `replan possible: ${isReplanSpent ? 'no' : 'yes'}`,
    `order without you: ${cutHead(plannedBatches.map((batch) => `[${batch.map(flat).join(', ')}]`).join(' '), 1_500)}`,
  ].join('\n');
}

function renderTask(task: BatchTaskReport): string {
  const cause = task.cause === undefined ? '' : ` | cause: ${cutHead(flat(task.cause), 250)}`;
  const cost = task.costUsd === undefined ? 'cost not known' : `${task.costUsd.toFixed(2)} USD`;
  const figures = `attempts used ${task.attemptsUsed} | ${cost} | ${Math.round(task.seconds)} s`;
  return `- ${flat(task.key)}: ${task.state} | ${figures} | ${cutHead(flat(task.title), 80)}${cause}`;
}

function renderEvidence(task: BatchTaskReport): ContextSection[] {
  const key = nameKey(task.key);
  const diffstat = optional(
    `diffstat of ${key}`,
    4,
    cutItems(lines(task.diffstat), { maxChars: 6_000, what: 'files' }),
  );
  if (task.state === 'passed') {
    return [...diffstat, ...optional(`summary of ${key}`, 5, cutHead(stripHidden(task.summary).trim(), 1_000))];
  }
  const [newest] = task.verifyLogs.toSorted((a, b) => b.attempt - a.attempt);
  const log = newest === undefined ? '' : cutFailureWindows(stripHidden(newest.text), 2_000);
  const name = newest === undefined ? '' : `verify log of ${key}, attempt ${newest.attempt}`;
  return [
    ...optional(name, 2, log),
    ...optional(`acceptance of ${key}`, 3, renderAcceptance(task.acceptance)),
    ...diffstat,
  ];
}

/** Failing items first, the binding ones before the others. */
function renderAcceptance(results: readonly AcceptanceResult[]): string {
  const weight = ({ status, level }: AcceptanceResult) => (status === 'passed' ? 2 : level === 'must' ? 0 : 1);
  const items = results
    .toSorted((a, b) => weight(a) - weight(b))
    .map((result) => {
      const evidence = result.status === 'passed' ? '' : ` | evidence: ${cutHead(flat(result.evidence), 400)}`;
      return `- ${flat(result.id)} (${result.level}) ${result.status}: ${cutHead(flat(result.text), 200)}${evidence}`;
    });
  return cutItems(items, { maxChars: 1_500, what: 'items' });
}

function renderUpcoming({ key, title, prompt, dependsOn, ownedPaths }: PilotContext['upcoming'][number]): string {
  const paths =
    ownedPaths.length === 0 ? 'whole repository' : cutItems(ownedPaths.map(flat), { maxChars: 200, what: 'paths' });
  return [
    `- ${flat(key)}: ${cutHead(flat(title), 80)}`,
    `  depends on: ${cutHead(dependsOn.map(flat).join(', ') || '(nothing)', 100)}`,
    `  paths: ${paths.replaceAll('\n', ', ')}`,
    `  prompt: ${cutHead(flat(prompt), 200)}`,
  ].join('\n');
}

/** Short enough that the two newest stand in whole: whether a decision helped shows in what was decided after it. */
function renderEarlier({ batchNumber, decision, result, since }: EarlierBoundary): string {
  const came = since.map(
    ({ key, state, newestCause }) => `${flat(key)} ${state}${newestCause ? ` (newest cause ${newestCause})` : ''}`,
  );
  const now = cutItems(came, { maxChars: 280, what: 'tasks' }).replaceAll('\n', ', ');
  return `- batch ${batchNumber}: ${cutHead(flat(decision), 240)} → ${cutHead(flat(result), 180)}${now && ` | now: ${now}`}`;
}

/** The newest come first, so that a cut takes the oldest. */
function renderNewest(items: readonly string[], maxChars: number, what: string): string {
  return cutItems(items.toReversed(), { maxChars, what: `older ${what}` });
}

function optional(name: string, rank: number, body: string): ContextSection[] {
  if (body.trim() === '') return [];
  return [{ name, rank, text: section(`${name.charAt(0).toUpperCase()}${name.slice(1)}`, body) }];
}

function section(heading: string, body: string): string {
  return `## ${heading}\n${fenceData('data', body)}`;
}

function lines(text: string): string[] {
  const stripped = stripHidden(text).trimEnd();
  return stripped === '' ? [] : stripped.split('\n');
}

/** For headings, which stand outside the fences. */
function nameKey(key: string): string {
  return key.replace(/[^\w.-]/g, '_').slice(0, 60);
}

/** One line, for places where a line break could pass for structure. */
function flat(text: string): string {
  return stripHidden(text).replace(/\s+/g, ' ').trim();
}
