// Decisions by lot: well-formed, within the rules as often as luck wills, and without any thought. Whoever is not clearly
// better than this has decided nothing.
import { createRandom } from '../../src/demo/chaos/plan/random.ts';
import { emptyDecision, placeInOrder, readPilotPrompt, withDependents } from './pilot-prompt.ts';
import type { Think } from './scripted-model.ts';

export function createRandomPilot(seed: number): Think {
  const random = createRandom(seed);
  const isDrawn = (chance: number) => random.next() < chance;
  return ({ prompt }) => {
    const { retryable, rolledBack, remaining, upcoming, logs } = readPilotPrompt(prompt);
    const lines = [...logs.values()].flat().filter((line) => line.trim() !== '');
    const drawLine = () => random.shuffle(lines)[0]?.slice(0, 400) ?? 'Do it otherwise.';
    const strategies = retryable
      .filter(() => isDrawn(0.7))
      .map((task) =>
        isDrawn(0.5)
          ? { task, action: 'retry', reason: 'Why not.' }
          : { task, action: 'retry_different', guidance: drawLine(), reason: 'Why not.' },
      );
    const skip = remaining.filter(() => isDrawn(0.1)).map((task) => ({ task, reason: 'Why not.' }));
    const gone = withDependents(
      upcoming,
      skip.map(({ task }) => task),
    );
    const placed = [...rolledBack, ...remaining, ...strategies.map(({ task }) => task)].filter((key) => !gone.has(key));
    const routedContext = remaining
      .filter((key) => !gone.has(key) && isDrawn(0.4))
      .map((to) => ({ to, fact: drawLine() }))
      .slice(0, 10);
    const batches = placeInOrder(upcoming, new Set(placed));
    return { ...emptyDecision, strategies, skip, routedContext, batches };
  };
}
