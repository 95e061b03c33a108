import { MAX_PROMPT_CHARS, MAX_TITLE_CHARS, type Plan } from './plan.ts';

/** The plan when the planner gave none that can be read: the whole issue as one task that owns the whole repository. */
export function fallbackPlan(issue: { readonly title: string; readonly body: string }): Plan {
  const title = issue.title.trim() === '' ? 'Work on the issue' : issue.title.trim();
  return {
    tasks: [
      {
        key: 'issue',
        title: cut(title, MAX_TITLE_CHARS),
        prompt: cut(`${title}\n\n${issue.body}`.trim(), MAX_PROMPT_CHARS),
        role: 'feature',
        dependsOn: [],
        ownedPaths: [],
        contracts: [],
        acceptance: [{ id: 'issue', text: 'What the issue asks for works.', level: 'must' }],
      },
    ],
    relations: [],
    notes: 'The planner gave no usable plan, so the whole issue is one task.',
  };
}

function cut(text: string, maxChars: number): string {
  return text.length <= maxChars
    ? text
    : `${text
        .slice(0, maxChars - 1)
        .toWellFormed()
        .replace(/\uFFFD$/, '')}…`;
}
