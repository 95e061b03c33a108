import type { AgentEvent } from '../engine/port/agent.ts';

const maxEvents = 20_000;
const maxTextLength = 4_000;
const noticeLength = 60;

/** A flood of events from inside must not become a flood of work for those who watch: what is over is not shown. */
export function limitEvents(onEvent: (event: AgentEvent) => void): (event: AgentEvent) => void {
  let shown = 0;
  return (event) => {
    shown += 1;
    if (shown > maxEvents) return;
    if (shown === maxEvents) {
      onEvent({ kind: 'text', text: `\n(everything after ${maxEvents - 1} events is left out)` });
      return;
    }
    const isText = event.kind === 'text' || event.kind === 'thought';
    onEvent(isText ? { ...event, text: cutText(event.text) } : event);
  };
}

function cutText(text: string): string {
  const over = text.length - maxTextLength + noticeLength;
  return text.length > maxTextLength
    ? `${text.slice(0, maxTextLength - noticeLength)}… (${over} characters more are left out)`
    : text;
}
