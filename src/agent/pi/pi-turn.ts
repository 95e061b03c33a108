// Follows one turn through pi's records: shows what happens and remembers how it ended.
import type { SessionPhase } from '../../core/model/session-phase.ts';
import type { AgentEvent, TurnResult } from '../../engine/port/agent.ts';
import { limitEvents } from '../limit-events.ts';
import { classifyModelFault } from '../model-fault.ts';
import { cleanText } from '../text-tail.ts';
import type { PiMessage, PiRecord } from './pi-record.ts';

export interface PiTurn {
  take(record: PiRecord): void;
  /** Shows what the driver itself did to the session. */
  note(phase: SessionPhase, detail: string): void;
  /** Resolves when pi will not go on by itself. */
  readonly settled: Promise<void>;
  /** What the agent said last. */
  text(): string;
  /** How the turn ended by its own account, once settled. */
  result(): TurnResult;
}

const maxTextLength = 64_000;

/** `onGivenUp`: the conversation is larger than the model can read, and summarising it once was not enough. */
export function createPiTurn(onEvent: (event: AgentEvent) => void, onGivenUp: () => void): PiTurn {
  const show = limitEvents(onEvent);
  const { promise: settled, resolve } = Promise.withResolvers<void>();
  let last: PiMessage | undefined;
  let text = '';
  const note = (phase: SessionPhase, detail: string) => show({ kind: 'phase', phase, detail });
  const compaction = followCompaction(note, onGivenUp);
  return {
    settled,
    note,
    text: () => text,
    result: () => renderResult(last, text),
    take(record) {
      compaction(record);
      if (record.type === 'agent_settled') resolve();
      if (record.type === 'message_end' && record.message.role === 'assistant') {
        last = record.message;
        text = readText(last).slice(0, maxTextLength) || text;
      }
      const event = renderEvent(record);
      if (event) show(event);
    },
  };
}

/**
 * pi summarises an overflowing conversation and asks again. Where the agent goes on in between it would do so without end,
 * each time for the price of the whole conversation: once is enough.
 */
function followCompaction(note: PiTurn['note'], onGivenUp: () => void): (record: PiRecord) => void {
  let overflows = 0;
  const overflow = (detail: string) => {
    overflows += 1;
    note('overflow', detail);
    if (overflows > 1) {
      note('recovery_failed', 'it was summarised once');
      onGivenUp();
    }
  };
  return (record) => {
    if (record.type === 'compaction_start' && record.reason === 'overflow')
      overflow('the conversation is larger than the model can read');
    if (record.type !== 'compaction_end' || overflows > 1) return;
    if (record.result !== undefined && record.result !== null) {
      note('compacted', `for ${cleanText(record.reason, 20)}`);
      if (record.willRetry) note('retried', 'once');
    } else if (record.reason === 'overflow') {
      // A second one in a row is not even begun.
      if (/after one/.test(record.errorMessage)) overflow(cleanText(record.errorMessage, 200));
      else note('recovery_failed', cleanText(record.errorMessage, 200));
    }
  };
}

function renderResult(last: PiMessage | undefined, text: string): TurnResult {
  const failed = (fault: 'unknown' | 'crash', message: string): TurnResult => ({
    kind: 'failed',
    fault,
    message,
    retryable: true,
    text,
  });
  if (!last) return failed('unknown', 'the agent ended its turn without a message of the model');
  switch (last.stopReason) {
    case 'stop':
      return { kind: 'done', text };
    case 'length':
      return { kind: 'stopped_early', reason: 'max_tokens', text };
    case 'error': {
      if (/refusal|sensitive|content_filter|safety/i.test(last.rawStopReason)) {
        return { kind: 'stopped_early', reason: 'refusal', text };
      }
      const message = cleanText(last.errorMessage, 500) || 'the model failed without a message';
      return { kind: 'failed', ...classifyModelFault(message), message, text };
    }
    case 'aborted':
      return failed('crash', 'the agent broke off by itself');
    default:
      return failed('unknown', `the agent stopped for a reason that is not known: ${cleanText(last.stopReason, 40)}`);
  }
}

function readText(message: PiMessage): string {
  return message.content
    .filter(({ type }) => type === 'text')
    .map((part) => part.text)
    .join('\n')
    .trim();
}

function renderEvent(record: PiRecord): AgentEvent | undefined {
  switch (record.type) {
    case 'message_update': {
      const { type, delta } = record.assistantMessageEvent;
      if (type === 'text_delta') return { kind: 'text', text: delta };
      return type === 'thinking_delta' ? { kind: 'thought', text: delta } : undefined;
    }
    case 'message_end': {
      const { role, usage } = record.message;
      if (role !== 'assistant' || usage.input + usage.output === 0) return undefined;
      return { kind: 'usage', inputTokens: usage.input, outputTokens: usage.output };
    }
    case 'tool_execution_start':
      return {
        kind: 'tool',
        ...renderTool(record),
        status: 'running',
        title: renderTitle(record.toolName, record.args),
      };
    case 'tool_execution_end':
      return {
        kind: 'tool',
        ...renderTool(record),
        status: record.isError ? 'failed' : 'done',
        title: cleanText(record.toolName, 40),
      };
    case 'auto_retry_start':
      return { kind: 'retry', reason: cleanText(record.errorMessage, 200) };
    default:
      return undefined;
  }
}

function renderTool({ toolCallId, toolName }: { toolCallId: string; toolName: string }): { id: string; name: string } {
  return { id: toolCallId.slice(0, 200), name: cleanText(toolName, 40) };
}

function renderTitle(tool: string, args: Readonly<Record<string, unknown>>): string {
  const subject = [args.command, args.path].find((value) => typeof value === 'string') ?? '';
  return cleanText(`${tool.slice(0, 40)} ${subject.slice(0, 400)}`, 200);
}
