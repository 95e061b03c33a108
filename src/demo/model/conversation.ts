// What a model can know from one request: who asks (from the gateway's identity header, which the server passes on as
// the request's context), what was asked, and how far the attempt has got. Everything is read from the conversation
// itself, so neither a restart of the bot nor a second run of an attempt confuses it.
import type { ChatCompletionRequest, ChatMessage } from '@copilotkit/aimock';

export interface Conversation {
  readonly run: string;
  readonly role: string;
  /** The model that is asked. */
  readonly model: string;
  /** All that people and the system said; what tools gave back is not in it. */
  readonly prompt: string;
  /** The prompt's own number of the attempt, counted from 1. */
  readonly attempt: number;
  /** Tool calls of this attempt that were carried out. */
  readonly toolResults: number;
  /** Answers without a tool call since this attempt was asked for. */
  readonly answers: number;
  readonly tools: readonly string[];
}

export function parseConversation(request: ChatCompletionRequest): Conversation {
  const [run = '', role = ''] = (request._context ?? '').split('/');
  const { messages } = request;
  const attempts = messages.map((message) => (message.role === 'user' ? highestAttempt(readText(message)) : 0));
  const attempt = Math.max(1, ...attempts);
  const since = messages.slice(Math.max(0, attempts.indexOf(attempt)));
  const callId = renderCallId({ role, attempt }, '');
  return {
    run,
    role,
    model: request.model,
    prompt: messages
      .filter(({ role }) => role === 'user' || role === 'system')
      .map(readText)
      .join('\n'),
    attempt,
    toolResults:
      countResults(messages, (id) => id.includes(callId)) + countResults(since, (id) => id.startsWith(namelessCall)),
    answers: since.filter((message) => message.role === 'assistant' && !message.tool_calls?.length).length,
    tools: (request.tools ?? []).map((tool) => tool.function.name),
  };
}

/** How the server names calls of the Gemini protocol, whose clients send no ids back: there, position must do. */
const namelessCall = 'call_gemini_';

/** Agents put a prefix of their own before an id, or something behind it. */
function countResults(messages: readonly ChatMessage[], isCounted: (id: string) => boolean): number {
  return messages.filter((message) => message.role === 'tool' && isCounted(message.tool_call_id ?? '')).length;
}

/** Ids of tool calls tell the attempt they belong to. Positions would not do: agents merge messages. */
export function renderCallId({ role, attempt }: { role: string; attempt: number }, step: number | ''): string {
  return `call_${role.replace(/[^A-Za-z0-9]/g, '')}_${attempt}_${step}`;
}

function highestAttempt(text: string): number {
  return Math.max(0, ...[...text.matchAll(/\bATTEMPT (\d{1,4})\b/g)].map(([, number]) => Number(number)));
}

function readText({ content }: ChatMessage): string {
  if (typeof content === 'string') return content;
  return (content ?? []).map((part) => part.text ?? '').join('\n');
}
