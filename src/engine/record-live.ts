// What an agent shows while it works: streamed for the live view, and kept as the attempt's transcript. Both are
// bounded, and what was left out is counted.
import type { SubjectId } from '../core/model/subject.ts';
import { redact } from '../core/sanitise/redact.ts';
import type { AgentEvent } from './port/agent.ts';
import type { WorkPorts } from './work-ports.ts';

const transcriptCharsAtMost = 2_000_000;
const lineCharsAtMost = 2_000;

export function recordLive(ports: WorkPorts, subject: SubjectId, actionId: string) {
  const lines: string[] = [];
  let size = 0;
  let omitted = 0;
  let sending: Promise<void> = Promise.resolve();
  /** What comes in pieces is put together before it is written: a secret that is split in two looks like none. */
  const spoken = { kind: 'text' as 'text' | 'thought', text: '' };

  const write = (raw: string) => {
    const line = redact(raw).text;
    const cut =
      line.length > lineCharsAtMost
        ? `${line.slice(0, lineCharsAtMost)}… (${line.length - lineCharsAtMost} more)`
        : line;
    if (size + cut.length > transcriptCharsAtMost) {
      omitted += cut.length;
      return;
    }
    size += cut.length;
    lines.push(cut);
    // The live view is a courtesy: a store that does not answer costs lines, never the attempt.
    sending = sending.then(() => ports.store.appendLive(subject, actionId, cut)).catch(() => undefined);
  };
  const flush = () => {
    if (spoken.text !== '') write(`${spoken.kind} ${spoken.text}`);
    spoken.text = '';
  };

  /** Cut only between words. */
  const flushWords = () => {
    const { kind, text } = spoken;
    if (text.length <= lineCharsAtMost) return;
    const end = text.length > 10 * lineCharsAtMost ? text.length : text.search(/\s\S*$/);
    if (end <= 0) return;
    write(`${kind} ${text.slice(0, end)}`);
    spoken.text = text.slice(end);
  };

  return {
    take(event: AgentEvent): void {
      if (event.kind === 'text' || event.kind === 'thought') {
        if (spoken.kind !== event.kind) flush();
        spoken.kind = event.kind;
        spoken.text += event.text;
        flushWords();
        return;
      }
      flush();
      if (event.kind === 'tool') write(`tool ${event.status} ${event.name}: ${event.title}`);
      else if (event.kind === 'retry') write(`retry ${event.reason}`);
      else if (event.kind === 'phase') write(`session ${event.phase}${event.detail === '' ? '' : `: ${event.detail}`}`);
      else write(`usage ${event.inputTokens} in, ${event.outputTokens} out`);
    },

    /** The transcript so far; everything live is sent when it resolves. */
    async end(): Promise<string> {
      flush();
      await sending;
      return omitted === 0 ? lines.join('\n') : `${lines.join('\n')}\n(${omitted} characters more were left out)`;
    },
  };
}
