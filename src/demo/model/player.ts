// Chooses the answer to one request. The only memory is which mishaps were already played: everything else is in the
// conversation.
import { type Conversation, renderCallId } from './conversation.ts';
import { answerReview } from './default-review.ts';
import { renderToolCall, type ToolCall } from './dialect.ts';
import { type Action, findPart, type Mishap, type PlainStep, type Scenario } from './scenario.ts';

export type Answer =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'tool'; readonly id: string; readonly call: ToolCall }
  | { readonly kind: 'fail'; readonly status: number; readonly message: string; readonly retryAfterSeconds?: number }
  | { readonly kind: 'hang' };

export interface Played {
  readonly answer: Answer;
  readonly waitMs: number;
  /** The answer's stream is to be broken off. */
  readonly isCut: boolean;
  /** Position of the step in its attempt, conditions decided; undefined when no step was played. */
  readonly step: number | undefined;
}

export interface Player {
  play(scenario: Scenario, conversation: Conversation): Played;
}

export function createPlayer({ workspace }: { readonly workspace: string }): Player {
  const mishaps = new Map<string, number>();
  return {
    play(scenario, conversation) {
      const { run, role, model, prompt, attempt, tools } = conversation;
      const part = findPart(scenario, role, prompt, attempt);
      const review = part || role !== 'reviewer' ? undefined : answerReview(prompt);
      if (review) return say(JSON.stringify(review));
      if (!part) return refuse(`the scenario has nothing for the role "${role}"`);
      const happens = (mishap: Mishap, step: number) => {
        if (mishap.model !== undefined && mishap.model !== model) return false;
        const key = [run, role, part.script, attempt, step].join('/');
        const played = mishaps.get(key) ?? 0;
        if (played >= (mishap.times ?? 1)) return false;
        mishaps.set(key, played + 1);
        return true;
      };
      const { action, step, before } = findAction(part.steps, conversation);
      let isCut = false;
      let waitMs = 0;
      for (const { mishap, at } of before) {
        if (mishap.kind === 'wait') waitMs += mishap.ms;
        else if (!happens(mishap, at)) continue;
        else if (mishap.kind === 'cut') isCut = true;
        else return { answer: renderMishap(mishap), waitMs, isCut, step: at };
      }
      if (action === undefined) return { answer: { kind: 'text', text: 'done' }, waitMs, isCut, step: undefined };
      if (action.kind === 'say') return { answer: { kind: 'text', text: action.text }, waitMs, isCut, step };
      if (action.kind === 'json') {
        return { answer: { kind: 'text', text: JSON.stringify(action.value) }, waitMs, isCut, step };
      }
      // Agents ask for titles and summaries on the side, without offering tools.
      if (tools.length === 0)
        return { answer: { kind: 'text', text: 'Title' }, waitMs: 0, isCut: false, step: undefined };
      const call = renderToolCall(action, tools, workspace);
      if (!call) return refuse(`no tool for "${action.kind}" among ${tools.join(', ')}`);
      return { answer: { kind: 'tool', id: renderCallId(conversation, step), call }, waitMs, isCut, step };
    },
  };
}

interface Found {
  readonly action: Action | undefined;
  readonly step: number;
  readonly before: readonly { mishap: Extract<PlainStep, Mishap | { kind: 'wait' }>; at: number }[];
}

/** The first action that the conversation does not show as done, with what stands right before it. */
function findAction(steps: readonly PlainStep[], conversation: Conversation): Found {
  let { toolResults, answers } = conversation;
  let before: Found['before'] = [];
  let last: Action | undefined;
  for (const [step, current] of steps.entries()) {
    if (current.kind === 'write' || current.kind === 'bash') {
      if (toolResults === 0) return { action: current, step, before };
      toolResults -= 1;
      before = [];
    } else if (current.kind === 'say' || current.kind === 'json') {
      if (answers === 0) return { action: current, step, before };
      answers -= 1;
      before = [];
      last = current;
    } else {
      before = [...before, { mishap: current, at: step }];
    }
  }
  return { action: last, step: steps.length, before };
}

function renderMishap(mishap: Extract<Mishap, { kind: 'fail' | 'hang' }>): Answer {
  if (mishap.kind === 'hang') return { kind: 'hang' };
  const { status, message = 'a scripted failure', retryAfterSeconds } = mishap;
  return {
    kind: 'fail',
    status,
    message,
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  };
}

function say(text: string): Played {
  return { answer: { kind: 'text', text }, waitMs: 0, isCut: false, step: undefined };
}

function refuse(message: string): Played {
  return { answer: { kind: 'fail', status: 400, message }, waitMs: 0, isCut: false, step: undefined };
}
