/** What one decision may carry into other prompts. */
export const MAX_GUIDANCE_CHARS = 2_000;
export const MAX_FACTS = 10;
export const MAX_FACT_CHARS = 500;
export const MAX_LEARNINGS = 5;
export const MAX_LEARNING_CHARS = 500;
/** Fewer characters stand in many an output, whatever it is about. */
export const MIN_QUOTE_CHARS = 20;
export const MAX_QUOTE_CHARS = 300;
