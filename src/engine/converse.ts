// One agent's session from its prompt to its last word. What people say meanwhile reaches it once: while it works at its next
// safe point, or, said at its end, as one more prompt. Each time it is asked before whether the work is still wanted, after
// what was said was read: what was said after a stop is never told to the turn that was stopped.
import type { Instruction } from '../core/model/instruction.ts';
import { renderInstructions, renderLiveInstructions } from '../core/prompt/render-instructions.ts';
import { parseQuestion } from '../core/question/parse-question.ts';
import type { Ear } from './open-ear.ts';
import type { AgentEvent, AgentSession, TurnResult } from './port/agent.ts';
import type { ClockPort } from './port/clock.ts';

/** What its agents hear besides their prompt. */
export interface Hearing {
  readonly ear: Ear;
  /** What the prompt, or what the session remembers, tells already. */
  readonly known: readonly Instruction[];
}

interface Conversation {
  readonly prompt: string;
  readonly hearing: Hearing | undefined;
  readonly turnMs: number;
  readonly isStillWanted: () => Promise<boolean>;
  readonly onEvent: (event: AgentEvent) => void;
  /** Ids of the instructions that the session knows; kept up to date. */
  readonly told?: Set<string>;
  /** Waited for between two prompts, while the agent does nothing. */
  readonly onPause?: () => Promise<void>;
}

const listenMs = 1_000;

export async function converse(
  session: AgentSession,
  clock: ClockPort,
  { prompt, hearing, turnMs, isStillWanted, onEvent, told = new Set(), onPause }: Conversation,
): Promise<TurnResult> {
  if (!hearing) return await session.prompt(prompt, onEvent);
  const { ear, known } = hearing;
  const until = clock.now() + turnMs;
  for (const { id } of known) told.add(id);

  const findNews = async (isKnown: (id: string) => boolean) => {
    const news = (await ear.listen()).filter(({ id }) => !isKnown(id));
    return news.length > 0 && (await isStillWanted()) ? news : [];
  };
  const speak = async (text: string, read: readonly Instruction[], isLive: boolean) => {
    let isAlive = false;
    const onLife = () => {
      if (!isAlive && read.length > 0) ear.noteHeard(read, isLive);
      isAlive = true;
    };
    for (const { id } of read) told.add(id);
    const over = new AbortController();
    void steer(over.signal);
    try {
      const turn = await session.prompt(text, (event) => {
        if (isSignOfLife(event)) onLife();
        onEvent(event);
      });
      if (turn.kind === 'done') onLife();
      return turn;
    } finally {
      over.abort();
    }
  };
  const steer = async (over: AbortSignal) => {
    if (!session.capabilities.steer) return;
    // What the agent has not read when its turn ends it never reads.
    const offered = new Set<string>();
    for (;;) {
      await clock.sleep(listenMs, over);
      if (over.aborted) return;
      const news = await findNews((id) => told.has(id) || offered.has(id));
      if (over.aborted) return;
      if (news.length === 0) continue;
      for (const { id } of news) offered.add(id);
      const onRead = () => {
        for (const { id } of news) told.add(id);
        ear.noteHeard(news, true);
      };
      const isTaken = await session.steer(renderLiveInstructions(news), onRead).catch(() => false);
      if (!isTaken) for (const { id } of news) offered.delete(id);
    }
  };

  const late = await findNews((id) => told.has(id));
  const first = late.length === 0 ? prompt : `${prompt}\n\n${renderInstructions(late)}`;
  let turn = await speak(first, [...known, ...late], false);
  // An agent that cannot be told anything while it works remembers nothing either.
  while (turn.kind === 'done' && session.capabilities.steer && !parseQuestion(turn.text) && clock.now() < until) {
    const news = await findNews((id) => told.has(id));
    if (news.length === 0) return turn;
    await onPause?.();
    const { text } = turn;
    const next = await speak(renderLiveInstructions(news), news, true);
    turn = { ...next, text: `${text}\n\n${next.text}`.trim() };
  }
  return turn;
}

/** Something came of the prompt: before, the model may as well have been away. */
function isSignOfLife({ kind }: AgentEvent): boolean {
  return kind === 'text' || kind === 'thought' || kind === 'tool' || kind === 'usage';
}
