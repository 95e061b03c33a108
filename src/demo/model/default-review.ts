// What a reviewer answers whom no scenario gives words: every listed item is met, as the first verify command shows. Stories
// that are about something else need say nothing of reviews.

/** Undefined when the prompt is none of a reviewer's. */
export function answerReview(prompt: string): unknown {
  const items = [...prompt.matchAll(/^- (\S+) \| (.+?) \| (?:must|should) \| /gm)];
  const command = /^\$ (.+?) {2}\(exit 0\)$/m.exec(prompt)?.[1];
  if (items.length === 0 || command === undefined) return undefined;
  return {
    entries: items.map(([, task, item]) => ({
      task,
      item,
      status: 'met',
      evidence: { kind: 'command', command },
      why: 'The tests run it.',
    })),
  };
}
