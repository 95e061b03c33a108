// Which workflow a run takes where nobody says otherwise: by what the issue is labelled with, else by its words. What
// nothing speaks for is carried out directly: looking around costs, and most work does not need it.
import type { PlanRoute } from '../model/plan-outcome.ts';
import type { Workflow } from './resource.ts';

interface Issue {
  /** What whoever started the run asked for by name. */
  readonly named: string | undefined;
  readonly labels: readonly string[];
  readonly title: string;
  readonly text: string;
}

export const plainWorkflow = 'direct';

/**
 * `workflows`: those that may be taken, in an order that settles a draw. `reading`: those that change nothing, which are
 * taken by their name or a label; a word would turn work that somebody waits for into a report.
 */
export function chooseWorkflow(
  issue: Issue,
  workflows: readonly Workflow[],
  reading: readonly Workflow[] = [],
): PlanRoute {
  const all = [...workflows, ...reading];
  const named = all.find(({ name }) => name === issue.named);
  if (named) return toRoute(named, { by: 'named', because: [], confidence: 1 });
  const labels = issue.labels.map(fold);
  for (const workflow of all) {
    const found = workflow.triggers.labels.filter((label) => labels.includes(fold(label)));
    if (found.length > 0) return toRoute(workflow, { by: 'label', because: found, confidence: 0.95 });
  }
  const [best, second] = workflows
    .map((workflow) => ({ workflow, ...score(workflow, issue) }))
    .sort((a, b) => b.points - a.points);
  if (!best || best.points === 0)
    return { workflow: plainWorkflow, by: 'nothing', because: [], confidence: 0.5, asksApproval: false };
  const lead = best.points / (best.points + (second?.points ?? 0) + 1);
  return toRoute(best.workflow, { by: 'words', because: best.found, confidence: Math.round(lead * 100) / 100 });
}

function toRoute({ name, approval }: Workflow, how: Pick<PlanRoute, 'by' | 'because' | 'confidence'>): PlanRoute {
  return { workflow: name, ...how, asksApproval: approval === 'required' };
}

/** A word in the title says more than one in the text. */
function score({ triggers }: Workflow, { title, text }: Issue): { points: number; found: string[] } {
  const [head, body] = [fold(title), fold(text)];
  const found = triggers.words.filter((word) => holds(head, word) || holds(body, word));
  const points = found.reduce((sum, word) => sum + (holds(head, word) ? 3 : 1), 0);
  return { points, found };
}

function holds(text: string, word: string): boolean {
  return ` ${text} `.includes(` ${fold(word)} `);
}

/** Words as they are compared: in lower case, with one space between them and nothing else. */
function fold(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
