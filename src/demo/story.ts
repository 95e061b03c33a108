// Tells the story of a run as it unfolds: what was decided, from the subject's log, and what its agents do, from the
// live lines. It reads what every dashboard may read and changes nothing.
import type { SubjectId } from '../core/model/subject.ts';
import type { ClockPort } from '../engine/port/clock.ts';
import type { LoggedEvent, StorePort } from '../engine/port/store.ts';

export interface Story {
  readonly store: StorePort;
  readonly subject: SubjectId;
  readonly clock: ClockPort;
  readonly print: (line: string) => void;
  /** Adds a link to a line where there is a page to look at. */
  readonly linkOf: (event: LoggedEvent) => string | undefined;
}

const pauseMs = 200;

/** Internal bookkeeping that nobody watching would miss. */
const untold: ReadonlySet<string> = new Set(['result', 'joined', 'ignored', 'present_delayed']);

export async function tellStory(story: Story, signal: AbortSignal): Promise<void> {
  const startedAt = story.clock.now();
  const elapsed = () => `${((story.clock.now() - startedAt) / 1000).toFixed(1).padStart(6)} s`;
  const attempts = new Map<string, { readonly name: string; cursor: string }>();
  let sequence = 0;
  for (let isLast = false; !isLast; ) {
    isLast = signal.aborted;
    const log = await readOrNothing(() => story.store.readLog(story.subject, sequence));
    for (const event of log) {
      sequence = event.sequence;
      if (event.kind === 'attempt') attempts.set(read(event, 'actionId'), { name: read(event, 'task'), cursor: '' });
      if (untold.has(event.kind)) continue;
      const link = story.linkOf(event);
      story.print(`${elapsed()}  ${event.text}${link === undefined ? '' : `\n          ${link}`}`);
    }
    for (const [actionId, attempt] of attempts) {
      for (const { id, line } of await readOrNothing(() =>
        story.store.readLive(story.subject, actionId, attempt.cursor),
      )) {
        attempt.cursor = id;
        if (line.startsWith('tool running')) story.print(`${elapsed()}      ${toAgentLine(attempt.name, line)}`);
      }
    }
    if (!isLast) await story.clock.sleep(pauseMs, signal);
  }
}

function read(event: LoggedEvent, field: string): string {
  return String(event.data?.[field] ?? '');
}

function toAgentLine(task: string, line: string): string {
  // The name of the tool stands before its title, which repeats it.
  const text = line.replace(/^tool running \w+: /, '').replace(/\s+/g, ' ');
  return `${task} · ${text.length > 100 ? `${text.slice(0, 99)}…` : text}`;
}

/** Redis may be away for a moment when something is being killed; the story goes on where it was. */
async function readOrNothing<T>(read: () => Promise<readonly T[]>): Promise<readonly T[]> {
  return await read().catch(() => []);
}
