// How an agent asks people: by the block with which its last answer ends. Text is what every driver carries. It is hostile text
// like everything from inside, so that only its form is believed.
import { z } from 'zod';
import { cutHead } from '../pilot/cut-text.ts';
import { dropInvisible } from '../sanitise/invisible.ts';
import { redact } from '../sanitise/redact.ts';

/** What stands after the marks that open the block. */
export const questionLabel = 'gatepilot-question';

const questionChars = 4_000;
const otherwiseChars = 1_000;

export type AgentQuestion =
  | { readonly kind: 'asked'; readonly question: string; readonly otherwise?: string }
  /** There is a block, and nobody can say what it asks. */
  | { readonly kind: 'unreadable'; readonly why: string };

const Asked = z.object({ question: z.string(), otherwise: z.string().nullish() });

/** Undefined where the answer does not end with such a block. */
export function parseQuestion(answer: string): AgentQuestion | undefined {
  const inside = readBlock(answer);
  if (inside === undefined) return undefined;
  const parsed = Asked.safeParse(readJson(inside));
  if (!parsed.success) return { kind: 'unreadable', why: 'it is no JSON object with a "question"' };
  const question = tidy(parsed.data.question, questionChars);
  const otherwise = tidy(parsed.data.otherwise ?? '', otherwiseChars);
  if (question === '') return { kind: 'unreadable', why: 'it asks nothing' };
  return { kind: 'asked', question, ...(otherwise === '' ? {} : { otherwise }) };
}

/** What follows the block makes it something that the agent only mentions. */
function readBlock(answer: string): string | undefined {
  const lines = answer.trimEnd().split(/\r?\n/);
  const [, marks] = /^(`{3,})[ \t]*$/.exec(lines.at(-1) ?? '') ?? [];
  if (marks === undefined) return undefined;
  const begin = lines.findLastIndex((line) => line.trimEnd() === `${marks}${questionLabel}`);
  return begin < 0 ? undefined : lines.slice(begin + 1, -1).join('\n');
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Redacted before it is cut: half of a secret does not look like one. */
function tidy(text: string, maxChars: number): string {
  return cutHead(redact(dropInvisible(text, () => undefined)).text.trim(), maxChars);
}
