/** What one decision may carry into other prompts. */
export const MAX_GUIDANCE_CHARS = 2_000;
export const MAX_FACTS = 10;
export const MAX_FACT_CHARS = 500;
export const MAX_LEARNINGS = 5;
export const MAX_LEARNING_CHARS = 500;
export const MAX_QUOTE_CHARS = 300;
