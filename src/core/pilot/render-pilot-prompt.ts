import { type ContextSection, renderSections } from './context-sections.ts';
import { cutItems } from './cut-text.ts';
import type { PilotContext } from './pilot-context.ts';
import { PILOT_INSTRUCTIONS } from './pilot-instructions.ts';

/** System text and prompt together. */
export const MAX_PILOT_CHARS = 40_000;
const MAX_DROPPED_CHARS = 1_500;

export interface PilotPrompt {
  readonly system: string;
  readonly prompt: string;
  /** Names of the sections that did not fit; the prompt names them too. */
  readonly dropped: readonly string[];
}

/** Sections are taken in the order of their importance while they fit, and shown in their own order. */
export function renderPilotPrompt(context: PilotContext): PilotPrompt {
  const sections = renderSections(context);
  const taken = new Set<ContextSection>();
  let room = MAX_PILOT_CHARS - PILOT_INSTRUCTIONS.length - MAX_DROPPED_CHARS;
  for (const section of sections.toSorted((a, b) => (a.rank ?? 0) - (b.rank ?? 0))) {
    if (section.text.length + 2 > room) continue;
    taken.add(section);
    room -= section.text.length + 2;
  }
  const dropped = sections.filter((section) => !taken.has(section)).map((section) => section.name);
  const shown = sections.filter((section) => taken.has(section)).map((section) => section.text);
  return { system: PILOT_INSTRUCTIONS, prompt: [...shown, ...renderDropped(dropped)].join('\n\n'), dropped };
}

function renderDropped(dropped: readonly string[]): string[] {
  if (dropped.length === 0) return [];
  const names = cutItems(
    dropped.map((name) => `- ${name}`),
    { maxChars: MAX_DROPPED_CHARS - 100, what: 'sections' },
  );
  return [`## Left out, because the whole would be too long\n${names}`];
}
