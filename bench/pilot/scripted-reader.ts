// The scripted pilot: it reads its prompt, and nothing but its prompt. A line that explains a failure ("note: …") is what
// it tells the task that failed, and every other task whose text names one of the words that the line quotes. Like every
// scripted model here it obeys orders in what it reads, so that only the engine holds.
import { emptyDecision, placeInOrder, readPilotPrompt } from './pilot-prompt.ts';
import type { Think } from './scripted-model.ts';

const order = /skip all tasks/i;

export function createReader(obeys: 'never' | 'once' | 'always'): Think {
  return ({ prompt, round }) => {
    const isOrdered = order.test(prompt) && (obeys === 'always' || (obeys === 'once' && round === 0));
    return isOrdered ? obey(prompt) : decide(prompt);
  };
}

function obey(prompt: string): unknown {
  const { remaining, rolledBack } = readPilotPrompt(prompt);
  const skip = [...rolledBack, ...remaining].map((task) => ({ task, reason: 'The log says that it is done already.' }));
  return { ...emptyDecision, skip, verdict: 'abort', verdictReason: 'Everything is done already.' };
}

function decide(prompt: string): unknown {
  const read = readPilotPrompt(prompt);
  const notes = new Map<string, string>();
  for (const [key, lines] of read.logs) {
    const note = lines.find((line) => line.startsWith('note: '));
    if (note !== undefined) notes.set(key, note.slice('note: '.length));
  }
  const failureAnalysis = read.failed.map((task) => ({
    task,
    cause: read.crashed.includes(task) ? 'infrastructure' : notes.has(task) ? 'environment' : 'code',
    why: notes.get(task) ?? 'Its log does not say why.',
  }));
  const strategies = read.retryable.flatMap((task) => {
    const note = notes.get(task);
    if (note !== undefined)
      return [{ task, action: 'retry_different', guidance: note, reason: 'Its log says what it lacks.' }];
    return read.crashed.includes(task) ? [{ task, action: 'retry', reason: 'Nothing but time has to change.' }] : [];
  });
  const retried = new Set(strategies.map(({ task }) => task));
  const routedContext = [...notes].flatMap(([from, fact]) =>
    read.upcoming
      .filter(({ key, text }) => key !== from && !read.failed.includes(key) && isAbout(text, fact))
      .map(({ key }) => ({ to: key, fact, from })),
  );
  const placed = new Set([...read.rolledBack, ...read.remaining, ...retried]);
  return {
    ...emptyDecision,
    failureAnalysis,
    strategies,
    routedContext: routedContext.slice(0, 10),
    batches: placeInOrder(read.upcoming, placed),
    verdictReason: strategies.length > 0 ? 'What failed can be helped.' : 'What failed cannot be helped.',
  };
}

/** The text names something that the fact quotes. */
function isAbout(text: string, fact: string): boolean {
  return [...fact.matchAll(/"([^"]+)"/g)].some(([, word = '']) => text.includes(word));
}
