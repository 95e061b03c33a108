// Follows one turn through an agent's updates: shows what happens, remembers what was said and counts the model's answers.
import type { SessionPhase } from '../../core/model/session-phase.ts';
import type { AgentEvent } from '../../engine/port/agent.ts';
import { limitEvents } from '../limit-events.ts';
import { cleanText } from '../text-tail.ts';
import type { AcpProfile } from './acp-profile.ts';
import type { AcpToolUpdate, AcpUpdate } from './acp-update.ts';
import { toJsonText } from './to-json-text.ts';

export interface AcpTurn {
  take(update: AcpUpdate): void;
  /** Shows what the driver itself did to the session. */
  note(phase: SessionPhase, detail: string): void;
  /** What the agent said last. */
  text(): string;
  /** Whether it said or did anything at all since `forget`. */
  isMute(): boolean;
  /** What it told of a failure since `forget`, in spite of whatever it ends with. */
  failure(): string | undefined;
  /** Whether a tool failed since `forget`. */
  hasFailedTool(): boolean;
  /** What comes now answers another prompt. */
  forget(): void;
}

const maxTextLength = 64_000;
/** Tools whose names are remembered for their end. */
const maxTools = 500;

export function createAcpTurn(options: {
  readonly onEvent: (event: AgentEvent) => void;
  /** Called for each answer of the model with its number. */
  readonly onAnswer: (count: number) => void;
  /** Called when no tool of an answer runs any more, with the number of that answer. */
  readonly onToolsEnded: (count: number) => void;
  readonly profile: Pick<AcpProfile, 'errorPrefix' | 'failureMark'>;
}): AcpTurn {
  const show = limitEvents(options.onEvent);
  const { errorPrefix, failureMark } = options.profile;
  const names = new Map<string, { readonly name: string; readonly title: string }>();
  const running = new Set<string>();
  let text = '';
  let isNewText = true;
  let isMute = true;
  let isMarked = false;
  let hasFailedTool = false;
  /** What was said at once, last. */
  let said = '';
  let answers = 0;
  let isNewAnswer = true;

  const say = (part: string) => {
    text = isNewText ? part : text + part;
    text = text.slice(0, maxTextLength);
    said = part;
    isNewText = false;
  };
  // The protocol tells of no answers of the model; what an agent says or begins after a tool has ended is a new one.
  const countAnswer = () => {
    isMute = false;
    if (!isNewAnswer) return;
    isNewAnswer = false;
    answers += 1;
    options.onAnswer(answers);
  };
  const takeTool = (update: AcpToolUpdate) => {
    const id = update.toolCallId.slice(0, 200);
    const known = names.get(id);
    if (!known) countAnswer();
    const name = cleanText(update.name || update.kind || known?.name || 'tool', 40);
    const title = cleanText((update.title || known?.title || name).slice(0, 400), 200);
    if (names.size < maxTools || known) names.set(id, { name, title });
    isNewText = true;
    const status = renderStatus(update.status);
    if (status === 'failed') hasFailedTool = true;
    if (status !== 'running') {
      isNewAnswer = true;
      running.delete(id);
      show({ kind: 'tool', id, name, status, title });
      if (running.size === 0) options.onToolsEnded(answers);
      return;
    }
    if (running.size < maxTools) running.add(id);
    if (title !== known?.title) show({ kind: 'tool', id, name, status, title });
  };
  return {
    note: (phase, detail) => show({ kind: 'phase', phase, detail }),
    text: () => text.trim(),
    isMute: () => isMute,
    hasFailedTool: () => hasFailedTool,
    failure() {
      const isTold = errorPrefix !== undefined && said.startsWith(errorPrefix);
      return isMarked || isTold ? said.trim().slice(0, 500) || 'the model failed without a message' : undefined;
    },
    forget() {
      isMute = true;
      isMarked = false;
      hasFailedTool = false;
      said = '';
      isNewText = true;
      isNewAnswer = true;
      running.clear();
    },
    take(update) {
      switch (update.sessionUpdate) {
        case 'agent_message_chunk':
        case 'agent_thought_chunk': {
          if (update.content.text === '') return;
          countAnswer();
          const isText = update.sessionUpdate === 'agent_message_chunk';
          if (isText) say(update.content.text);
          show({ kind: isText ? 'text' : 'thought', text: update.content.text });
          return;
        }
        case 'tool_call':
        case 'tool_call_update':
          takeTool(update);
          return;
        case 'session_info_update':
          isMarked ||= failureMark !== undefined && toJsonText(update._meta).includes(failureMark);
          return;
        default:
      }
    },
  };
}

function renderStatus(status: string | null | undefined): 'running' | 'done' | 'failed' {
  if (status === 'completed') return 'done';
  return status === 'failed' ? 'failed' : 'running';
}
